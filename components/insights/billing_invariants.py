"""What must hold between memberships, the mirror of Stripe, the savings ledger and the e-mails.

What the shop has not heard yet, or has not followed yet, is not in doubt.
"""

from components.foundation.consistency.invariant_rules import Invariant
from components.insights.order_invariants import NEWS_WAITS

_FOLLOWED = f"""NOT {NEWS_WAITS % ("local_id", "s.id")}"""
_MIRRORED = """CROSS JOIN LATERAL (SELECT n.status, n.current_period_end FROM insights_mirrored_subscriptions n
             WHERE n.local_id = s.id ORDER BY n.started_at DESC LIMIT 1) m"""
_COUPON = "'clubfront_' || replace(d.id::text, '-', '')"
"""As `payments.discounting` names the coupon of a discount; one that was put on again has its turn behind it."""

BILLING = (
    Invariant(
        "a paid invoice is a paid period",
        "Invoice {id}: paid, but no period of its subscription was recorded",
        f"""SELECT i.stripe_id AS id FROM insights_invoices i JOIN insights_subscriptions s ON s.id = i.local_id
           WHERE i.stripe_id = ANY($1) AND i.status = 'paid' AND i.period_start IS NOT NULL
             AND i.period_end IS NOT NULL
             AND i.reason IN ('subscription_create', 'subscription_cycle', 'subscription_update')
             AND i.total <> CASE WHEN i.reason <> 'subscription_create' THEN 0 ELSE coalesce((
               SELECT max(c.along_amount) FROM insights_checkout_sessions c
               WHERE c.purpose = 'joining' AND c.reference_id = s.id), 0) END
             AND NOT EXISTS (SELECT FROM insights_paid_periods p WHERE p.invoice = i.stripe_id)
             AND NOT {NEWS_WAITS % ("invoice_id", "i.stripe_id")}""",
        each="mirrored_invoice",
    ),
    Invariant(
        "a paid period has its paid invoice",
        "Paid period of invoice {invoice}: no such invoice is paid",
        """SELECT p.invoice FROM insights_paid_periods p WHERE p.id = ANY($1) AND NOT p.is_opening
             AND p.invoice NOT LIKE 'elsewhere:%'
             AND NOT EXISTS (SELECT FROM insights_invoices i WHERE i.stripe_id = p.invoice AND i.status = 'paid'
               AND i.local_id = p.subscription AND p.amount <= i.amount_paid)""",
        each="paid_period",
    ),
    Invariant(
        "a subscription has the status that Stripe says",
        "Subscription {id}: {status} here, {mirrored} at Stripe",
        f"""SELECT s.id, s.status, m.status AS mirrored FROM insights_subscriptions s {_MIRRORED}
           WHERE s.id = ANY($1) AND s.started_at IS NOT NULL
             AND s.status <> CASE m.status WHEN 'incomplete_expired' THEN 'lapsed' ELSE m.status END
             AND NOT (m.status = 'trialing' AND s.status IN ('active', 'paused')) AND {_FOLLOWED}""",
        each="subscription",
    ),
    Invariant(
        "a period ends when Stripe says",
        "Subscription {id}: its period ends {ends} here, {mirrored} at Stripe",
        f"""SELECT s.id, s.current_period_end AS ends, m.current_period_end AS mirrored
           FROM insights_subscriptions s {_MIRRORED} WHERE s.id = ANY($1) AND s.started_at IS NOT NULL
             AND s.current_period_end IS DISTINCT FROM m.current_period_end + make_interval(secs => s.unmoved)
             AND {_FOLLOWED}""",
        each="subscription",
    ),
    Invariant(
        "refunds of gifts and terms are the same at Stripe",
        "Refund {id} of a gift or a term: {amount} here, and not at Stripe",
        f"""SELECT r.id, r.amount FROM insights_paid_once_refunds r WHERE r.id = ANY($1)
             AND r.status IN ('pending', 'succeeded') AND NOT EXISTS (SELECT FROM insights_mirrored_refunds m
               WHERE m.stripe_id = r.stripe_id AND m.reference_id = r.reference AND m.amount - m.along_amount = r.amount
                 AND m.status NOT IN ('failed', 'cancelled'))
             AND NOT {NEWS_WAITS % ("reference_id", "r.reference")}""",
        each="paid_once_refund",
    ),
    Invariant(
        "a term was paid at its price",
        "Fixed term {id}: {amount} was paid, and its price is {price}",
        """SELECT t.id, t.price, c.amount - c.along_amount AS amount FROM insights_paid_terms t
           JOIN insights_checkout_sessions c ON c.purpose = 'term' AND c.reference_id = t.id AND c.paid_at IS NOT NULL
           WHERE t.id = ANY($1) AND (c.amount - c.along_amount, c.currency) IS DISTINCT FROM (t.price, t.currency)""",
        each="paid_term",
    ),
    Invariant(
        "credit on a renewal is spent as agreed",
        "Store credit on invoice {invoice}: {status} with {amount}, {spent} spent and {reserved} reserved",
        """SELECT c.invoice, c.status, c.amount, l.spent, l.reserved FROM insights_renewal_credits c
           CROSS JOIN LATERAL (SELECT
               coalesce(sum(e.amount) FILTER (WHERE e.account_kind = 'spent' AND p.kind = 'spent'), 0)::bigint AS spent,
               coalesce(sum(e.amount) FILTER (WHERE e.account_kind = 'reserved'), 0)::bigint AS reserved
             FROM insights_ledger_postings p JOIN insights_ledger_entries e ON e.posting = p.id
             WHERE p.because_of = c.id) l
           WHERE c.id = ANY($1) AND (l.spent <> CASE c.status WHEN 'spent' THEN c.amount ELSE 0 END
             OR l.reserved <> CASE WHEN c.status IN ('reserved', 'placed') THEN c.amount ELSE 0 END)""",
        each="renewal_credit",
    ),
    Invariant(
        "credit on a renewal is what Stripe was told",
        "Store credit on invoice {invoice}: {amount} {status} here, {seen} on it at Stripe",
        f"""SELECT c.invoice, c.amount, c.status, i.store_credit AS seen FROM insights_renewal_credits c
           LEFT JOIN insights_invoices i ON i.stripe_id = c.invoice AND i.local_id = c.subscription
           WHERE c.id = ANY($1) AND c.status IN ('placed', 'spent') AND i.store_credit IS DISTINCT FROM c.amount
             AND NOT {NEWS_WAITS % ("invoice_id", "c.invoice")}""",
        each="renewal_credit",
    ),
    Invariant(
        "what store credit paid was taken from somebody",
        "Invoice {id}: paid with {store_credit} of store credit that nobody had reserved",
        f"""SELECT i.stripe_id AS id, i.store_credit FROM insights_invoices i WHERE i.stripe_id = ANY($1)
             AND i.status = 'paid' AND i.store_credit <> 0 AND NOT EXISTS (SELECT FROM insights_renewal_credits c
               WHERE c.invoice = i.stripe_id AND c.status <> 'released')
             AND NOT {NEWS_WAITS % ("invoice_id", "i.stripe_id")}""",
        each="mirrored_invoice",
    ),
    Invariant(
        "a discount on a fee is had no more often than promised",
        "Discount {id}: taken off {used} payments of {payments}",
        f"""SELECT d.id, d.payments, count(*) AS used FROM insights_fee_discounts d JOIN insights_invoices i
             ON i.local_id = d.subscription AND i.status = 'paid'
             AND (i.coupon = {_COUPON} OR starts_with(i.coupon, {_COUPON} || '_'))
           WHERE d.id = ANY($1) AND d.payments IS NOT NULL GROUP BY d.id, d.payments HAVING count(*) > d.payments""",
        each="fee_discount",
    ),
    Invariant(
        "savings are those of the line",
        "Order {number}: {title} saved {saved}, and {regular} less {paid} are written down",
        """SELECT o.number, l.title, l.saved, b.regular, b.paid FROM insights_orders o
           JOIN insights_order_lines l ON l.order_id = o.id
           JOIN insights_benefit_uses b ON b.reference = 'order-line:' || l.id::text
           WHERE o.id = ANY($1) AND (b.regular, b.paid) IS DISTINCT FROM (l.total + l.saved, l.total)""",
        each="orders",
    ),
    Invariant(
        "savings are those of the delivery",
        "Order {number}: delivered for {delivery} of {delivery_list}, and {regular} less {paid} are written down",
        """SELECT o.number, o.delivery_list - o.delivery_saved AS delivery, o.delivery_list, b.regular, b.paid
           FROM insights_orders o JOIN insights_benefit_uses b ON b.reference = 'order-delivery:' || o.id::text
           WHERE o.id = ANY($1)
             AND (b.regular, b.paid) IS DISTINCT FROM (o.delivery_list, o.delivery_list - o.delivery_saved)""",
        each="orders",
    ),
    Invariant(
        "a page is for something that is there",
        "Checkout session {id}: its {purpose} is not there",
        """SELECT c.id, c.purpose FROM insights_checkout_sessions c WHERE c.id = ANY($1) AND (
             c.purpose = 'order' AND NOT EXISTS (SELECT FROM insights_orders o WHERE o.id = c.reference_id)
             OR c.purpose = 'joining' AND NOT EXISTS (SELECT FROM insights_subscriptions s WHERE s.id = c.reference_id)
             OR c.purpose IN ('term', 'gift') AND c.paid_at IS NOT NULL
               AND NOT EXISTS (SELECT FROM insights_paid_terms t WHERE t.id = c.reference_id)
               AND NOT EXISTS (SELECT FROM insights_membership_gifts g WHERE g.id = c.reference_id))""",
        each="checkout_session",
    ),
    Invariant(
        "a payment is for something that is there",
        "Payment {id}: its order is not there",
        """SELECT p.stripe_id AS id FROM insights_payments p WHERE p.stripe_id = ANY($1) AND p.purpose = 'order'
             AND NOT EXISTS (SELECT FROM insights_orders o WHERE o.id = p.reference_id)""",
        each="mirrored_payment",
    ),
)

_ID = "right(e.key, 36)::uuid"
EMAILS = (
    Invariant(
        "an e-mail is of one event",
        "E-mail {key}: there is no event that it belongs to",
        f"""SELECT e.key FROM insights_emails e JOIN (VALUES ('order_confirmation', 'order-confirmation'),
             ('order_shipped', 'order-shipped'), ('order_refunded', 'order-refunded'),
             ('membership_started', 'membership-started'), ('membership_ended', 'membership-ended'))
             k (template, prefix) ON k.template = e.template
           WHERE e.id = ANY($1) AND NOT CASE
             WHEN e.key !~ ('^' || k.prefix || ':[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$') THEN false
             WHEN k.prefix = 'order-confirmation' THEN EXISTS (SELECT FROM insights_orders o WHERE o.id = {_ID})
             WHEN k.prefix = 'order-shipped' THEN EXISTS (SELECT FROM insights_fulfilments f WHERE f.id = {_ID})
             WHEN k.prefix = 'order-refunded' THEN EXISTS (SELECT FROM insights_refunds r WHERE r.id = {_ID})
             ELSE EXISTS (SELECT FROM insights_memberships m WHERE m.id = {_ID}) END""",
        each="email",
    ),
)
