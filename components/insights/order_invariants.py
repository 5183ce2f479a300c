"""What must hold of orders, and between them and other components: their money, their stock.

The rows are read through views: what those components would say of themselves is just what is in
doubt here. An order whose news is still on its way to it is not in doubt.
"""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant
from components.orders import invariants as orders

NEWS_WAITS = """EXISTS (SELECT FROM insights_jobs j JOIN insights_facts f ON f.id::text = j.args ->> 'fact_id'
               WHERE j.status IN ('todo', 'doing') AND f.body ->> '%s' = %s::text)"""
_ORDER_WAITS = NEWS_WAITS % ("reference_id", "o.id")

ORDERS = (
    Invariant(
        "an order is captured as agreed",
        "Order {number}: {to_pay} to pay, {captured} captured",
        f"""SELECT o.number, o.total - o.credit AS to_pay, p.captured FROM insights_orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(received), 0)::bigint + (SELECT coalesce(sum(along_amount), 0)::bigint
               FROM insights_checkout_sessions WHERE along = o.id AND paid_at IS NOT NULL) AS captured
             FROM insights_payments WHERE reference_id = o.id AND purpose = 'order') p
           WHERE o.id = ANY($1) AND o.flagged_at IS NULL AND coalesce(o.payment_reference, '') NOT LIKE 'elsewhere:%'
             AND p.captured <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.total - o.credit END
             AND NOT {_ORDER_WAITS}""",
        each="orders",
    ),
    Invariant(
        "credit is spent as agreed",
        "Order {number}: {credit} of it in store credit, {spent} spent and {reserved} reserved",
        """SELECT o.number, o.credit, l.spent, l.reserved FROM insights_orders o CROSS JOIN LATERAL (
             SELECT
               coalesce(sum(e.amount) FILTER (WHERE e.account_kind = 'spent' AND p.kind = 'spent'), 0)::bigint AS spent,
               coalesce(sum(e.amount) FILTER (WHERE e.account_kind = 'reserved'), 0)::bigint AS reserved
             FROM insights_ledger_postings p JOIN insights_ledger_entries e ON e.posting = p.id
             WHERE p.because_of = o.id) l
           WHERE o.id = ANY($1) AND o.flagged_at IS NULL
             AND (l.spent <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.credit END
             OR l.reserved <> CASE WHEN o.paid_at IS NULL AND o.cancelled_at IS NULL THEN o.credit ELSE 0 END)""",
        each="orders",
    ),
    Invariant(
        "credit comes back with refunds",
        "Order {number}: {back} in store credit given back by its refunds, {posted} posted",
        """SELECT o.number, r.back, l.posted FROM insights_orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(credit), 0)::bigint AS back FROM insights_refunds
             WHERE order_id = o.id AND status = 'succeeded') r
           CROSS JOIN LATERAL (SELECT coalesce(-sum(e.amount), 0)::bigint AS posted FROM insights_ledger_postings p
             JOIN insights_ledger_entries e ON e.posting = p.id AND e.account_kind = 'spent'
             WHERE p.because_of = o.id AND p.kind IN ('given back', 'taken again')) l
           WHERE o.id = ANY($1) AND r.back <> l.posted""",
        each="orders",
    ),
    Invariant(
        "sold units leave the stock",
        "Order {number}: {units} units agreed, {sold} taken from the stock",
        """SELECT o.number, u.units, s.sold FROM insights_orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(l.quantity), 0)::bigint AS units FROM insights_order_lines l
             WHERE l.order_id = o.id AND EXISTS (SELECT FROM insights_reservations r WHERE r.because_of = o.id
               AND r.variant = l.variant_id AND r.counted AND r.ended_as = 'sold')) u
           CROSS JOIN LATERAL (SELECT coalesce(-sum(change), 0)::bigint AS sold FROM insights_stock_movements
             WHERE because_of = o.id AND kind = 'sold') s
           WHERE o.id = ANY($1) AND s.sold <> CASE WHEN o.stock_taken_at IS NULL THEN 0 ELSE u.units END""",
        each="orders",
    ),
    Invariant(
        "a lapsed order holds no stock",
        "Order {number}: a lapsed or refused order still holds stock",
        """SELECT DISTINCT o.number FROM insights_orders o JOIN insights_reservations r ON r.because_of = o.id
           WHERE o.id = ANY($1) AND o.cancelled_at IS NOT NULL AND r.ended_at IS NULL""",
        each="orders",
    ),
    Invariant(
        "refunds are the same at Stripe",
        "Order {number}: refunds of {wanted} here, of {made} at Stripe",
        f"""SELECT o.number, w.wanted, m.made FROM insights_orders o CROSS JOIN LATERAL (
             SELECT
               coalesce(sum(amount - credit) FILTER (WHERE status IN ('pending', 'succeeded')), 0)::bigint AS wanted,
               coalesce(sum(amount - credit) FILTER (WHERE status = 'asked'), 0)::bigint AS asked
             FROM insights_refunds WHERE order_id = o.id) w
           CROSS JOIN LATERAL (
             SELECT coalesce(sum(CASE WHEN along = o.id THEN along_amount ELSE amount - along_amount END), 0)::bigint
               AS made FROM insights_mirrored_refunds
             WHERE (reference_id = o.id OR along = o.id) AND status NOT IN ('failed', 'cancelled')) m
           WHERE o.id = ANY($1) AND coalesce(o.payment_reference, '') NOT LIKE 'elsewhere:%'
             AND m.made NOT BETWEEN w.wanted AND w.wanted + w.asked
             AND NOT {_ORDER_WAITS}""",
        each="orders",
    ),
    Invariant(
        "an order is announced as paid once",
        "Order {number}: it was announced as paid {times} times",
        """SELECT o.number, count(f.id) AS times FROM insights_orders o LEFT JOIN insights_facts f
             ON f.name = 'OrderPaid' AND f.body ->> 'order_id' = o.id::text
           WHERE o.id = ANY($1) AND o.paid_at IS NOT NULL GROUP BY o.id, o.number HAVING count(f.id) <> 1""",
        each="orders",
    ),
    Invariant(
        "a paid order is confirmed by e-mail",
        "Order {number}: paid at {paid_at}, and never confirmed by e-mail",
        f"""SELECT o.number, o.paid_at FROM insights_orders o WHERE o.id = ANY($1) AND o.has_email
             AND o.paid_at BETWEEN {{now}} - interval '7 days' AND {{now}} - interval '15 minutes'
             AND o.paid_at >= (SELECT created_at FROM insights_emails
               WHERE template = 'order_confirmation' ORDER BY id LIMIT 1)
             AND NOT EXISTS (SELECT FROM insights_emails e WHERE e.key = 'order-confirmation:' || o.id::text)
             AND NOT {NEWS_WAITS % ("order_id", "o.id")}""",
        each="orders",
    ),
    Invariant(
        "an order uses the coupon it names",
        "Order {number}: {coupon} off by a coupon, whose use is {state}",
        """SELECT o.number, o.coupon, coalesce(u.state, 'missing') AS state FROM insights_orders o
           LEFT JOIN insights_coupon_uses u ON u.order_id = o.id
           WHERE o.id = ANY($1) AND (o.coupon > 0 OR u.state IS NOT NULL) AND coalesce(u.state, '') <> ALL(
             CASE WHEN o.paid_at IS NOT NULL THEN ARRAY['used', 'late']
                  WHEN o.cancelled_at IS NOT NULL THEN ARRAY['returned'] ELSE ARRAY['reserved'] END)""",
        each="orders",
    ),
    Invariant(
        "an order was charged the rate of its instant",
        "Order {number}: charged {rate_bp} hundredths of a per cent of {name}, which was not the rate at {placed_at}",
        """SELECT t.number, t.rate_bp, t.name, t.placed_at FROM insights_order_taxes t
           JOIN insights_tax_rates r ON r.id = t.rate
           WHERE t.order_id = ANY($1) AND (t.rate_bp <> r.rate_bp OR r.from_at > t.placed_at
             OR r.until_at < t.placed_at - interval '5 minutes'
             OR EXISTS (SELECT FROM insights_tax_rates n WHERE (n.country, n.region, n.category)
               = (r.country, r.region, r.category) AND n.from_at > r.from_at
               AND GREATEST(n.from_at, n.made_at) < t.placed_at - interval '5 minutes'))""",
        each="orders",
    ),
    Invariant(
        "an order has the tax that Stripe Tax said",
        "Order {number}: {tax} tax, by Stripe Tax {said}",
        """SELECT o.number, x.tax, t.tax AS said FROM insights_orders o
           JOIN insights_tax_sales t ON t.reference_id = o.id CROSS JOIN LATERAL (
             SELECT coalesce(sum(amount), 0)::bigint AS tax FROM insights_order_taxes
             WHERE order_id = o.id AND NOT of_fee) x
           WHERE o.id = ANY($1) AND x.tax <> t.tax""",
        each="orders",
    ),
    Invariant(
        "what staff do to an order is in the audit log",
        "Order {number}: the audit log does not say that staff have {what}",
        """SELECT o.number, a.words AS what FROM insights_orders o JOIN (
             SELECT order_id, by, 'order refunded' AS what, 'refunded it' AS words FROM insights_refunds
             UNION ALL SELECT order_id, by, 'order shipped', 'shipped it' FROM insights_fulfilments
             UNION ALL SELECT order_id, by, 'note added', 'written a note' FROM insights_order_notes) a
             ON a.order_id = o.id AND a.by IS NOT NULL
           WHERE o.id = ANY($1) AND NOT EXISTS (SELECT FROM insights_audit_entries e WHERE e.subject = 'order'
             AND e.subject_id = o.number AND e.what = a.what AND e.actor = a.by)""",
        each="orders",
    ),
    Invariant(
        "a refund that was asked for is under way",
        "Refund {id}: asked for a day ago, and nobody sends it",
        f"""SELECT r.id FROM insights_refunds r WHERE r.id = ANY($1) AND r.status = 'asked'
             AND r.at < {{now}} - interval '1 day'
             AND NOT EXISTS (SELECT FROM insights_requested_refunds q WHERE q.key = r.id)
             AND NOT {NEWS_WAITS % ("refund_id", "r.id")}""",
        each="refund",
    ),
)


async def of_orders() -> list[str]:
    """Of orders by themselves, and beside the payments, the ledger, the stock and the facts that were announced."""
    return await invariant_walks.sentences((*orders.RULES, *ORDERS))
