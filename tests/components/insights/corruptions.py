"""Damage that rows may suffer, and the rule that finds each: the table in `docs/invariants.md`, as statements.

Constraints and triggers are off while one is done, as they are for whoever repairs a database by hand, or restores half
of one; `{any}` is some id that nothing has.
"""

from typing import NamedTuple

ANY = "'00000000-0000-7000-8000-000000000001'"
OF_MAYA = "(SELECT id FROM orders WHERE person IS NOT NULL AND paid_at IS NOT NULL LIMIT 1)"
OF_GUEST = "(SELECT id FROM orders WHERE coupon > 0 LIMIT 1)"
WAITING = "(SELECT id FROM orders WHERE paid_at IS NULL LIMIT 1)"
KEPT = "kept figures are what their rows add up to"
ITS_LINE = f"""(SELECT id FROM order_line WHERE gift IS NULL AND "order" = {OF_GUEST})"""


class Corruption(NamedTuple):
    table: str
    words: str
    sql: str
    rule: str
    also: tuple[str, ...] = ()
    """What else cannot be true any more then."""


C = Corruption
OF_STOCK = (
    C("variant", "one unit too many", "UPDATE variant SET on_hand = on_hand + 1", "stock adds up"),
    C("stock_movement", "one is gone", "DELETE FROM stock_movement WHERE kind = 'opening'", "stock adds up"),
    C("stock_movement", "one is gone, and the stock made to fit",
      """WITH gone AS (DELETE FROM stock_movement WHERE kind = 'sold' RETURNING variant, change)
         UPDATE variant v SET on_hand = on_hand - (SELECT sum(change) FROM gone WHERE variant = v.id)
         WHERE id IN (SELECT variant FROM gone)""", "sold units leave the stock"),
    C("variant", "reserved by nobody", "UPDATE variant SET reserved = reserved + 1", "reserved stock adds up"),
    C("reservation", "a running one is gone", "DELETE FROM reservation WHERE ended_at IS NULL", "reserved stock adds up"),
    C("reservation", "of fewer units than were sold",
      f"UPDATE reservation SET quantity = 1 WHERE because_of = {OF_GUEST}", "what is sold was held"),
    C("reservation", "a sold one runs again", f"""UPDATE reservation SET ended_at = NULL, ended_as = NULL
      WHERE because_of = {OF_GUEST}""", "reserved stock adds up", ("what is sold was held", "sold units leave the stock")),
    C("picture_fetch", "another file than the product shows", "UPDATE picture_fetch SET path = 'b'",
      "a fetched picture is shown"),
    C("early_units", "one more than was bought", "UPDATE early_units SET quantity = 5, bought = 1", "early units are held",
      ("early units add up",)),
    C("variant", "early units miscounted", "UPDATE variant SET early_taken = 0", "early units add up"),
    C("early_count", "a member's count is gone", "DELETE FROM early_count", "early units of a member add up"),
    C("early_count", "a count of nothing", f"""INSERT INTO early_count (id, person, product, units)
      SELECT {ANY}, p.id, v.product, 3 FROM person p, variant v WHERE p.email LIKE 'sam%' LIMIT 1""",
      "early count has its units"),
    C("collection", "what its rule fits is not in it", f"""INSERT INTO collection (id, slug, title, is_ruled)
      VALUES ({ANY}, 'everything', 'Everything', true)""",
      "a collection that fills itself has what fits"),
    C("variant", "its price is altered", "UPDATE variant SET price = price + 1", "the price is the one recorded last"),
    C("price_record", "another price is recorded last", f"""INSERT INTO price_record (id, variant, at, price)
      SELECT {ANY}, id, 'infinity', 1 FROM variant LIMIT 1""", "the price is the one recorded last"),
)  # fmt: skip
OF_ORDERS = (
    C("orders", "a whole paid order is deleted", f"DELETE FROM orders WHERE id = {OF_GUEST}", "order_line.order is there",
      ("a page is for something that is there", "a payment is for something that is there", "refund.order is there",
       "fulfilment.order is there", "order_note.order is there", "reservation.because_of is there",
       "coupon_use.order_id is there", "attempt.order is there", "an e-mail is of one event",
       "order_tax.order is there")),
    C("orders", "unpaid, though captured", f"UPDATE orders SET paid_at = NULL, fulfilled_at = NULL WHERE id = {OF_GUEST}",
      "an order is captured as agreed", ("refunds are within the total", "a sent order has its parcel",
                                         "an order uses the coupon it names")),
    C("orders", "its total is altered", f"UPDATE orders SET total = total + 1 WHERE id = {OF_GUEST}",
      "goods, delivery and tax come to the total", ("an order is captured as agreed",)),
    C("orders", "its goods are altered", f"UPDATE orders SET goods = goods + 1, total = total + 1 WHERE id = {OF_GUEST}",
      "lines come to the goods", ("an order is captured as agreed",)),
    C("orders", "its coupon is altered", f"UPDATE orders SET coupon = coupon + 1 WHERE id = {OF_GUEST}",
      "the coupon is what it took off the lines"),
    C("orders", "its savings are altered", f"UPDATE orders SET member_savings = 1 WHERE id = {OF_GUEST}",
      "savings are what lines and delivery saved"),
    C("orders", "its credit is altered", f"UPDATE orders SET credit = credit - 1 WHERE id = {OF_MAYA}",
      "credit is spent as agreed", ("an order is captured as agreed",)),
    C("orders", "its stock was never taken", f"UPDATE orders SET stock_taken_at = NULL WHERE id = {OF_GUEST}",
      "sold units leave the stock"),
    C("orders", "lapsed, with its units still held", f"UPDATE orders SET cancelled_at = now() WHERE id = {WAITING}",
      "a lapsed order holds no stock"),
    C("order_line", "one is gone", f"DELETE FROM order_line WHERE id = {ITS_LINE}", "lines come to the goods",
      ("the coupon is what it took off the lines", "refund_line.line is there", "sold units leave the stock",
       "an order's tax is the sum of its taxes")),
    C("order_line", "its price is altered", f"UPDATE order_line SET unit = unit + 1 WHERE id = {ITS_LINE}",
      "a line is its price times its quantity"),
    C("order_tax", "one is gone", f"""DELETE FROM order_tax WHERE "order" = {OF_GUEST}""",
      "an order's tax is the sum of its taxes"),
    C("order_tax", "another rate than was set", f"""UPDATE order_tax SET rate_bp = 1 WHERE "order" = {OF_GUEST}""",
      "an order was charged the rate of its instant"),
    C("tax_sale", "another tax was said than was charged", f"""INSERT INTO tax_sale (reference_id, digest, calculation,
        answer, agreed_at) SELECT id, '\\x00', 'taxcalc_1', json_build_object('lines', json_build_object('1',
        json_build_object('tax', tax + 1)))::jsonb, now() FROM orders WHERE id = {OF_GUEST}""",
      "an order has the tax that Stripe Tax said"),
    C("tax_reversal", "of a sale that was not recorded", f"""WITH sale AS (INSERT INTO tax_sale (reference_id, digest,
        calculation, answer, agreed_at) SELECT id, '\\x00', 'taxcalc_1', json_build_object('lines', json_build_object('1',
        json_build_object('tax', tax)))::jsonb, now() FROM orders WHERE id = {OF_GUEST} RETURNING reference_id)
      INSERT INTO tax_reversal (refund, sale, amount, asked_at, transaction)
      SELECT {ANY}, reference_id, 1, now(), 'tax_1' FROM sale""",
      "what Stripe Tax heard was given back it heard was sold"),
    C("tax_rate", "its rate is altered", "UPDATE tax_rate SET rate_bp = rate_bp + 1",
      "an order was charged the rate of its instant"),
    C("fulfilment", "of a sent order, deleted", "DELETE FROM fulfilment", "a sent order has its parcel",
      ("an e-mail is of one event",)),
    C("refund", "of more than the order", f'UPDATE refund SET amount = 99999 WHERE "order" = {OF_GUEST}',
      "refunds are within the total", ("refunds are the same at Stripe",)),
    C("refund", "that the bank never made", f"""INSERT INTO refund (id, "order", amount, currency, at, status, settled_at)
      SELECT {ANY}, {OF_GUEST}, 1, 'GBP', now(), 'succeeded', now()""", "refunds are the same at Stripe"),
    C("refund", "asked for, and never sent", f"""INSERT INTO refund (id, "order", amount, currency, at, status)
      SELECT {ANY}, {OF_GUEST}, 1, 'GBP', '2027-01-01', 'asked'""", "a refund that was asked for is under way"),
    C("refund", "gives back credit that never was", "UPDATE refund SET credit = 1",
      "credit given back is within the credit paid", ("credit comes back with refunds", "refunds are the same at Stripe")),
    C("refund_line", "of more units than were sold", "UPDATE refund_line SET quantity = 9",
      "no more units are refunded than were sold"),
    C("announced_fact", "that it was paid is gone", f"""DELETE FROM announced_fact
      WHERE name = 'OrderPaid' AND body ->> 'order_id' = {OF_GUEST}::text""", "an order is announced as paid once"),
    C("announced_fact", "that it was paid, twice", f"""INSERT INTO announced_fact SELECT {ANY}, name, body, announced_at
      FROM announced_fact WHERE name = 'OrderPaid' LIMIT 1""", "an order is announced as paid once"),
    C("email", "the confirmation of a paid order is missing",
      f"DELETE FROM email WHERE key = 'order-confirmation:' || {OF_GUEST}::text", "a paid order is confirmed by e-mail"),
    C("email", "a second one under another key", f"""INSERT INTO email (id, key, recipient, template, subject, html, text,
      created_at) SELECT {ANY}, key || ':2', recipient, template, subject, html, text, created_at FROM email
      WHERE template = 'order_confirmation' LIMIT 1""", "an e-mail is of one event"),
    C("audit_entry", "deleted", "DELETE FROM audit_entry WHERE what = 'note added'", "an audit entry is kept",
      ("what staff do to an order is in the audit log",)),
    C("audit_entry", "altered", "UPDATE audit_entry SET after = '[1]' WHERE what = 'note added'",
      "an audit entry never changes"),
    C("audit_witness", "deleted", "DELETE FROM audit_witness", "an audit entry is witnessed"),
    C("order_note", "by staff, and not in the audit log", f"""INSERT INTO order_note (id, "order", at, by, words)
      SELECT {ANY}, {OF_MAYA}, now(), id, '' FROM person LIMIT 1""", "what staff do to an order is in the audit log"),
)  # fmt: skip
OF_MONEY = (
    C("mirrored_payment", "gone", "DELETE FROM mirrored_payment WHERE purpose = 'order'",
      "a paid page was captured in full", ("an order is captured as agreed", "mirrored_refund.payment_intent is there")),
    C("mirrored_payment", "captured less", "UPDATE mirrored_payment SET received = received - 1 WHERE purpose = 'order'",
      "a paid page was captured in full", ("an order is captured as agreed",)),
    C("checkout_session", "captured, and not paid", f"""UPDATE checkout_session SET paid_at = NULL
      WHERE reference_id = {OF_GUEST}""", "a captured payment is known to be paid"),
    C("checkout_session", "paid twice", f"""INSERT INTO checkout_session (id, purpose, reference_id, attempt, key, request,
        fingerprint, amount, currency, created_at, expires_at, paid_at)
      SELECT {ANY}, 'order', reference_id, 9, 'x', request, '', 0, currency, now(), now(), now() FROM checkout_session
      WHERE reference_id = {OF_GUEST}""", "nothing is paid for twice"),
    C("mirrored_payment", "of another reference", f"UPDATE mirrored_payment SET reference_id = {OF_MAYA}"
      f" WHERE reference_id = {OF_GUEST}", "a payment belongs to one reference", ("an order is captured as agreed",)),
    C("mirrored_refund", "two of one key", """INSERT INTO mirrored_refund (stripe_id, payment_intent, key, status, amount,
        currency, created_at, mirrored_at)
      SELECT 're_2', payment_intent, key, status, amount, currency, now(), now() FROM mirrored_refund""",
      "a refund is made once"),
    C("mirrored_refund", "another one of the order", """INSERT INTO mirrored_refund (stripe_id, payment_intent, reference_id,
        status, amount, currency, created_at, mirrored_at)
      SELECT 're_2', payment_intent, reference_id, status, 1, currency, now(), now() FROM mirrored_refund""",
      "refunds are the same at Stripe"),
    C("mirrored_refund", "more than was captured", "UPDATE mirrored_refund SET amount = 99999",
      "refunds are within the payment", ("refunds are the same at Stripe", "a refund is as it was requested")),
    C("requested_refund", "of another amount", "UPDATE requested_refund SET amount = amount + 1",
      "a refund is as it was requested"),
    C("mirrored_invoice", "gone", "DELETE FROM mirrored_invoice", "a paid period has its paid invoice",
      ("a paid joining has a paid invoice",)),
    C("mirrored_invoice", "a period charged twice", """INSERT INTO mirrored_invoice (stripe_id, subscription, reason, status,
        currency, period_start, created_at, mirrored_at)
      SELECT 'in_2', subscription, reason, status, currency, period_start, now(), now() FROM mirrored_invoice""",
      "a period is charged once"),
    C("checkout_session", "of a joining whose fee differs", """UPDATE checkout_session SET amount = amount + 1
      WHERE purpose = 'joining'""", "a paid joining has a paid invoice"),
    C("paid_period", "deleted, though its invoice is paid", "DELETE FROM paid_period",
      "a paid invoice is a paid period", ("each month adds up to what was paid", "a movement is dated by what happened",
                                          "each person pays what their movements say")),
    C("mirrored_subscription", "cancelled, and active here", "UPDATE mirrored_subscription SET status = 'cancelled'",
      "a subscription has the status that Stripe says"),
    C("subscription", "its period ends a year too late", """UPDATE subscription
      SET current_period_end = current_period_end + interval '1 year'""", "a period ends when Stripe says"),
    C("checkout_session", "of a joining that is not there", f"""UPDATE checkout_session SET reference_id = {ANY}
      WHERE purpose = 'joining'""", "a page is for something that is there"),
    C("mirrored_payment", "of an order that is not there", f"""UPDATE mirrored_payment SET reference_id = {ANY}
      WHERE reference_id = {OF_GUEST}""", "a payment is for something that is there",
      ("a payment belongs to one reference", "an order is captured as agreed")),
    C("ledger_posting", "credit given back without a refund", f"""WITH p AS (INSERT INTO ledger_posting (id, cause, kind,
        person, because_of, words, at, turn) SELECT {ANY}, 'x', 'given back', o.person, o.id, '', now(), 999 FROM orders o
        WHERE id = {OF_MAYA} RETURNING id)
      INSERT INTO ledger_entry (id, posting, account, lot, amount)
      SELECT gen_random_uuid(), p.id, a.id, l.id, s.sign * 10 FROM p CROSS JOIN (VALUES ('spent', -1), ('credit_given', 1))
        s (kind, sign) JOIN ledger_account a ON a.kind = s.kind JOIN ledger_lot l ON l.kind = 'store_credit'""",
      "credit comes back with refunds"),
    C("coupon", "miscounted", "UPDATE coupon SET used = used + 1", "a coupon counts its uses"),
    C("coupon_use", "gone", "DELETE FROM coupon_use", "an order uses the coupon it names", ("a coupon counts its uses",)),
    C("coupon_use", "of a paid order, given back", "UPDATE coupon_use SET state = 'returned'",
      "an order uses the coupon it names", ("a coupon counts its uses",)),
    C("coupon_use", "too often by one person", f"""WITH more AS (UPDATE coupon SET used = used + 1)
      INSERT INTO coupon_use (id, coupon, order_id, email, state, at, changed_at)
      SELECT {ANY}, coupon, {WAITING}, email, 'reserved', now(), now() FROM coupon_use""",
      "nobody uses a coupon too often"),
    C("coupon_use", "two first orders of one person", f"""WITH more AS (UPDATE coupon SET used = used + 1,
        first_order_only = true)
      INSERT INTO coupon_use (id, coupon, order_id, email, state, at, changed_at)
      SELECT {ANY}, coupon, {WAITING}, email, 'reserved', now(), now() FROM coupon_use""",
      "a first order is one order"),
    C("ledger_entry", "gone", """DELETE FROM ledger_entry WHERE id IN (SELECT e.id FROM ledger_entry e
        JOIN ledger_posting p ON p.id = e.posting JOIN ledger_account a ON a.id = e.account
        WHERE p.kind = 'given' AND a.kind = 'store_credit')""", "a posting sums to zero",
      ("a balance is what its entries come to", "a lot is what its entries come to")),
    C("ledger_account", "its balance is altered", "UPDATE ledger_account SET balance = balance + 1",
      "a balance is what its entries come to"),
    C("ledger_lot", "more left than there is", "UPDATE ledger_lot SET remaining = remaining + 1",
      "a lot is what its entries come to"),
    C("ledger_posting", "of somebody else", """UPDATE ledger_posting SET person = (SELECT id FROM person
      WHERE email LIKE 'sam%')""", "a posting moves one person's money"),
    C("ledger_entry", "more given back than was spent", f"""WITH p AS (INSERT INTO ledger_posting (id, cause, kind, person,
        because_of, words, at, turn) SELECT {ANY}, 'x', 'given back', o.person, o.id, '', now(), 999 FROM orders o
        WHERE id = {OF_MAYA} RETURNING id, person)
      INSERT INTO ledger_entry (id, posting, account, lot, amount)
      SELECT gen_random_uuid(), p.id, a.id, l.id, s.sign * 90000 FROM p CROSS JOIN (VALUES ('spent', -1), ('credit_given', 1))
        s (kind, sign) JOIN ledger_account a ON a.kind = s.kind JOIN ledger_lot l ON l.kind = 'store_credit'""",
      "no more credit comes back than was spent", ("credit comes back with refunds",
      "no more credit is taken back than was given")),
    C("ledger_entry", "more credit taken back than was given", f"""WITH p AS (INSERT INTO ledger_posting (id, cause, kind,
        person, words, at, turn) SELECT {ANY}, 'x', 'taken back', l.person, '', now(), 999 FROM ledger_lot l
        WHERE kind = 'store_credit' RETURNING id)
      INSERT INTO ledger_entry (id, posting, account, lot, amount)
      SELECT gen_random_uuid(), p.id, a.id, l.id, s.sign * 90000 FROM p CROSS JOIN (VALUES ('credit_given', 1),
        ('expired', -1)) s (kind, sign) JOIN ledger_account a ON a.kind = s.kind
        JOIN ledger_lot l ON l.kind = 'store_credit'""",
      "no more credit is taken back than was given"),
    C("ledger_entry", "more cashback taken back than was earned", f"""WITH p AS (INSERT INTO ledger_posting (id, cause, kind,
        person, words, at, turn) SELECT {ANY}, 'x', 'taken', l.person, '', now(), 999 FROM ledger_lot l
        WHERE kind = 'cashback' RETURNING id, person)
      INSERT INTO ledger_entry (id, posting, account, lot, amount)
      SELECT gen_random_uuid(), p.id, a.id, l.id, s.sign * 90000 FROM p CROSS JOIN (VALUES ('cashback_given', 1),
        ('credit_given', -1)) s (kind, sign) JOIN ledger_account a ON a.kind = s.kind
        JOIN ledger_lot l ON l.kind = 'cashback'""",
      "no more cashback is taken back than was earned"),
)  # fmt: skip
NEXT = "(SELECT id FROM subscription LIMIT 1)"


def guaranteed(settled: str, amount: str) -> str:
    """A guarantee of a paid period that was settled as fee, savings and credit say, with a payment of the amount."""
    return f"""WITH paid AS (SELECT p.*, s.payer, v.plan FROM paid_period p JOIN subscription s ON s.id = p.subscription
        JOIN plan_version v ON v.id = p.plan_version WHERE p.amount > 0 LIMIT 1),
      made AS (INSERT INTO fee_guarantee (id, person, plan, source_id, starts_at, until_at, currency, over_at, settled_at,
        fee, saved, given, why) SELECT {ANY}, p.payer, p.plan, p.subscription, p.starts_at, p.ends_at, p.currency,
        p.ends_at, p.ends_at, {settled}, 'given' FROM paid p RETURNING id)
      INSERT INTO guaranteed_fee (id, guarantee, payment, amount)
        SELECT {ANY}, made.id, p.invoice, {amount} FROM made, paid p"""


def accepted(*, twice: bool = False, person: str = "s.payer") -> str:
    """A discount that was offered to the payer of a subscription and accepted, yesterday."""
    return f"""WITH made AS (INSERT INTO save_offer (id, reason, kind, percent_bp, payments, every_months, made_at)
        VALUES ({ANY}, 'price', 'discount', 1000, 2, 12, now()) RETURNING id)
      INSERT INTO save_offer_shown (id, offer, subscription, person, shown_at, seen_at, accepted_at)
        SELECT gen_random_uuid(), made.id, s.id, {person}, now(), now(), now() - interval '1 day'
        FROM made, (SELECT * FROM subscription LIMIT 1) s, generate_series(1, {2 if twice else 1})"""


def credited(status: str, *, person: str = "s.payer") -> str:
    """Store credit on a paid invoice, of which neither Stripe nor the ledger knows."""
    settled = "NULL" if status in ("reserved", "placed") else "now()"
    return f"""INSERT INTO renewal_credit (id, subscription, person, invoice, amount, currency, status, at, settled_at)
      SELECT {ANY}, s.id, {person}, i.stripe_id, 100, 'GBP', '{status}', now(), {settled}
      FROM subscription s JOIN mirrored_invoice i ON i.local_id = s.id AND i.status = 'paid' LIMIT 1"""


RUNNING = "(id, holder, plan, source, source_id, starts_at, ends_at)"
OF_MEMBERS = (
    C("membership", "two at once", f"""INSERT INTO membership {RUNNING}
      SELECT {ANY}, holder, plan, source, source_id, starts_at, starts_at + interval '1 day'
      FROM membership WHERE source = 'subscription'""",
      "memberships do not overlap", ("a membership holds what its plan includes",)),
    C("membership", "gone, of an active subscription", "DELETE FROM membership WHERE source = 'subscription'",
      "an active subscription has a membership", ("entitlement.membership is there", "an e-mail is of one event")),
    C("paid_period", "two at once", f"""INSERT INTO paid_period SELECT {ANY}, subscription, 'elsewhere:1',
        starts_at + interval '1 day', ends_at, 0, currency, paid_at, plan_version, 0, 0, true FROM paid_period""",
      "paid periods do not overlap"),
    C("paid_period", "of an invoice that nobody paid", """UPDATE paid_period SET amount = amount + 1, net_amount = 0""",
      "a paid period has its paid invoice", ("the tax kept with a paid period adds up",)),
    C("entitlement", "longer than its membership", "UPDATE membership SET starts_at = starts_at + interval '1 hour'",
      "an entitlement is within its membership"),
    C("entitlement", "gone", "DELETE FROM entitlement", "a membership holds what its plan includes"),
    C("entitlement", "twice", f"""INSERT INTO entitlement (id, membership, person, benefit, from_at, until_at, because_of)
      SELECT {ANY}, membership, person, benefit, from_at, until_at, because_of FROM entitlement LIMIT 1""",
      "a benefit is held once"),
    C("plan_version", "two at once", f"""INSERT INTO plan_version SELECT {ANY}, plan, price, currency, interval,
      interval_count, is_once, from_at, from_at + interval '1 day' FROM plan_version LIMIT 1""", "plan versions do not overlap"),
    C("benefit_version", "two at once", f"""INSERT INTO benefit_version SELECT {ANY}, benefit, settings, from_at, from_at + interval '1 day'
      FROM benefit_version LIMIT 1""", "benefit versions do not overlap"),
    C("plan_benefit", "ended, and still held", "UPDATE plan_benefit SET until_at = from_at",
      "a membership holds what its plan includes"),
    C("subscription", "active here, cancelled with its membership running",
      "UPDATE subscription SET status = 'cancelled', ended_at = now() - interval '1 day'",
      "an ended subscription ends its membership", ("a subscription has the status that Stripe says",)),
    C("subscription", "never paid for, with a membership", "UPDATE subscription SET status = 'incomplete'",
      "what was never paid gives no membership", ("a subscription has the status that Stripe says",)),
    C("subscription", "cancelled for later, and charged before", """UPDATE subscription
      SET cancel_at = current_period_end + interval '1 day'""", "a cancelled subscription is not charged again"),
    C("subscription", "paused for ever", "UPDATE subscription SET status = 'paused'",
      "a paused subscription comes back", ("a subscription has the status that Stripe says",)),
    C("gift_membership", "redeemed twice", f"""INSERT INTO membership {RUNNING}
      SELECT {ANY}, holder, plan, source, source_id, ends_at, ends_at FROM membership WHERE source = 'gift'""",
      "a redeemed gift is one membership"),
    C("gift_membership", "void without a refund", "UPDATE gift_membership SET refunded_at = paid_at",
      "a gift is refunded when all that was paid for it is"),
    C("gift_membership", "less tax than its rate", "UPDATE gift_membership SET net_amount = net_amount + 1",
      "the tax kept with a gift adds up"),
    C("paid_term", "another rate than its tax",
      "UPDATE paid_term SET taxes = jsonb_set(taxes, '{0,rate_bp}', '1000')", "the tax kept with a term adds up"),
    C("paid_term", "with something off, and no code", "UPDATE paid_term SET off = off + 1",
      "what was taken off a term is what its code takes off",
      ("the tax kept with a term adds up",)),
    C("paid_term", "paid on a page for another sum", f"""INSERT INTO checkout_session (id, purpose, reference_id, key,
        request, fingerprint, status, amount, currency, created_at, expires_at, completed_at, paid_at)
      SELECT {ANY}, 'term', id, 'term', '{{}}', '', 'complete', 1, 'GBP', now(), now(), now(), now() FROM paid_term""",
      "a term was paid at its price", ("a paid page was captured in full",)),
    C("paid_period", "its rates are gone", """UPDATE paid_period SET
        taxes = '[{"name": "VAT", "rate_bp": 2000, "tax": 1}]'""", "the tax kept with a paid period adds up"),
    C("paid_term", "paid twice over", f"""INSERT INTO membership {RUNNING}
      SELECT {ANY}, holder, plan, source, source_id, ends_at, ends_at FROM membership WHERE source = 'term'""",
      "a paid term is one membership"),
    C("paid_once_refund", "that the bank never made", f"""INSERT INTO paid_once_refund (id, gift, amount, currency, at,
        status) SELECT {ANY}, id, 1, 'GBP', now(), 'succeeded' FROM gift_membership LIMIT 1""",
      "refunds of gifts and terms are the same at Stripe"),
    C("paid_once_refund", "of more than the term", f"""INSERT INTO paid_once_refund (id, term, amount, currency, at, status)
      SELECT {ANY}, id, 999999, 'GBP', now(), 'asked' FROM paid_term LIMIT 1""", "refunds of a term are within its price"),
    C("fee_guarantee", "gave more than was not saved", guaranteed("p.amount, 0, p.amount + 1", "p.amount"),
      "a settled guarantee gave what was not saved"),
    C("fee_guarantee", "counts more than was paid", guaranteed("p.amount + 1, 0, p.amount + 1", "p.amount"),
      "a guarantee counts no more than was paid"),
    C("guaranteed_fee", "of another amount", guaranteed("p.amount, 0, p.amount", "p.amount + 1"),
      "what a guarantee counts was paid for it"),
    C("renewal_credit", "reserved, and nothing is", credited("reserved"), "credit on a renewal is spent as agreed"),
    C("renewal_credit", "spent, and on no invoice", credited("spent"), "credit on a renewal is what Stripe was told",
      ("credit on a renewal is spent as agreed",)),
    C("renewal_credit", "of somebody else", credited("released", person=ANY), "credit on a renewal is its payer's",
      ("renewal_credit.person is there",)),
    C("renewal_credit_choice", "of a person that does not exist", f"""INSERT INTO renewal_credit_choice (person, since)
      VALUES ({ANY}, now())""", "renewal_credit_choice.person is there"),
    C("mirrored_invoice", "paid with credit of nobody", """UPDATE mirrored_invoice SET store_credit = 100 WHERE stripe_id =
      (SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid' LIMIT 1)""",
      "what store credit paid was taken from somebody"),
    C("fee_refund", "of more credit than paid the renewal", f"""{credited("released")};
      INSERT INTO fee_refund (id, subscription, invoice, amount, credit, currency, status, at)
      SELECT {ANY}, subscription, invoice, 0, 1, 'GBP', 'succeeded', now() FROM renewal_credit""",
      "no more credit comes back than paid a renewal"),
    C("fee_discount", "had more often than promised", f"""INSERT INTO fee_discount (id, subscription, source, percent_bp,
        currency, payments, at) SELECT {ANY}, id, 'staff', 1000, 'GBP', 0, now() FROM subscription
        WHERE id IN (SELECT local_id FROM mirrored_invoice WHERE status = 'paid') LIMIT 1;
      UPDATE mirrored_invoice i SET coupon = 'clubfront_' || replace(d.id::text, '-', '') || '_1' FROM fee_discount d
      WHERE d.subscription = i.local_id""", "a discount on a fee is had no more often than promised"),
    C("plan_place", "held for a week", f"""INSERT INTO plan_place (id, plan, person, kind, asked_at, offered_at, held_until)
      SELECT {ANY}, v.plan, s.payer, 'waiting', now(), now(), now() + interval '7 days' FROM subscription s
      JOIN plan_version v ON v.id = s.plan_version LIMIT 1""", "a place is held for one who asked"),
    C("save_offer_shown", "accepted without a discount", accepted(), "an accepted discount is on its membership"),
    C("save_offer_shown", "accepted twice in its months", accepted(twice=True),
      "a person has a discount offered once in its months", ("an accepted discount is on its membership",)),
    C("save_offer_shown", "shown to somebody else", accepted(person=ANY), "an offer was shown to whose membership it is",
      ("an accepted discount is on its membership", "save_offer_shown.person is there")),
    C("seat", "outlives what it shares", "UPDATE seat SET ended_at = ended_at - interval '1 day'",
      "a seat ends with what it shares"),
    C("refused_trial", "of somebody who has a membership", f"""INSERT INTO refused_trial (subscription, why, at)
      SELECT {NEXT}, 'card', now()""", "a trial was accepted"),
    C("trial", "under way, and never accepted", """UPDATE mirrored_subscription SET status = 'trialing';
      UPDATE subscription SET status = 'trialing'""", "a trial was accepted"),
    C("pause", "under way, of one who is not paused", f"""INSERT INTO pause (id, subscription, from_at, until_at, begun_at)
      SELECT {ANY}, {NEXT}, now(), 'infinity', now()""", "a pause under way pauses",
      ("each month adds up to what was paid", "each person pays what their movements say")),
    C("pause", "open, of one who has left", f"""INSERT INTO pause (id, subscription, from_at, until_at)
      SELECT {ANY}, {NEXT}, now(), 'infinity'; UPDATE mirrored_subscription SET status = 'cancelled';
      UPDATE subscription SET status = 'cancelled', ended_at = 'infinity'""", "an open pause has a running subscription",
      ("an ended subscription ends its membership",)),
    C("pause", "that loses paid time", f"""INSERT INTO pause (id, subscription, from_at, until_at, paid_left, arranged_at)
      SELECT {ANY}, {NEXT}, now(), now() + interval '9 years', 86400, now()""", "a pause loses no paid time"),
    C("subscription", "late by days, and never moved", """UPDATE subscription SET late_by = 86400,
      started_at = started_at - interval '9 days', current_period_end = current_period_end + interval '1 day'""", "a late first payment loses no paid time"),
    C("benefit_use", "altered by a penny",
      "UPDATE benefit_use SET paid = paid + 1 WHERE reference LIKE 'order-line:%' AND benefit IS NOT NULL AND paid > 0",
      "savings are those of the line"),
    C("benefit_use", "of a delivery, altered", "UPDATE benefit_use SET paid = paid + 1 WHERE reference LIKE 'order-del%'",
      "savings are those of the delivery"),
    C("benefit_use", "more reversed than saved", f"""INSERT INTO benefit_use (id, person, reference, order_id, kind, words,
      regular, paid, currency, at) SELECT {ANY}, person, 'refund:x', order_id, kind, words, -99999, 0, currency, now()
      FROM benefit_use LIMIT 1""", "no more is reversed than was saved"),
    C("gift", "claimed with an order that is not paid", f"UPDATE gift SET order_id = {WAITING}",
      "a claimed gift goes with a paid order", ("a gift is a line of its order", "an order gives away its own gifts")),
    C("gift", "kept for an order that lapsed", f"""UPDATE gift SET claimed_at = NULL;
      UPDATE orders SET cancelled_at = now() WHERE id = {OF_MAYA}""", "a gift is kept for an order that can be paid"),
    C("gift", "another one was chosen", "UPDATE gift SET chosen = (SELECT id FROM variant WHERE price = 2400)",
      "a gift is a line of its order"),
    C("gift", "of no order", "UPDATE gift SET order_id = NULL, claimed_at = NULL", "an order gives away its own gifts"),
    C("basket", "of a person that does not exist", f"UPDATE basket SET person = {ANY} WHERE person IS NOT NULL",
      "basket.person is there"),
    C("basket_line", "of a variant that does not exist", f"UPDATE basket_line SET variant = {ANY}",
      "basket_line.variant is there"),
    C("attempt", "ended, nobody knows how", "UPDATE attempt SET ended_as = 'gone' WHERE ended_as <> ''",
      "an attempt ends in a known way"),
    C("person", "erased, with their name", "UPDATE person SET erased_at = now()", "nothing names an erased person"),
    C("article", "for everyone, with a delay", "UPDATE article SET drip_days = 3",
      "an article for everyone has no delay"),
    C("page", "another text than its version", "UPDATE page SET body = 'Other'", "a page says what its latest version says"),
    C("page_version", "of a page that does not exist", f"UPDATE page_version SET page = {ANY}",
      "page_version.page is there", ("a page says what its latest version says",)),
    C("email_text_version", "the one before it is gone", "DELETE FROM email_text_version WHERE number = 1",
      "the versions of an e-mail's text are counted from 1"),
    C("email_text_trouble", "of no version", "UPDATE email_text_trouble SET number = 9",
      "an e-mail text that could not be used was there"),
    C("mailing_contact", "agreed to what it never said", "UPDATE mailing_contact SET agreed = '{news,tips}'",
      "an address gets what its latest consent says"),
    C("consent_change", "of an address that is gone", f"UPDATE consent_change SET contact = {ANY}",
      "consent_change.contact is there", ("an address gets what its latest consent says",)),
    C("movement", "its balance is altered", "UPDATE movement SET balance = balance + 1", "movements follow one another"),
    C("movement", "gone", "DELETE FROM movement", "each person pays what their movements say",
      ("each month adds up to what was paid",)),
    C("movement", "of another month", "UPDATE movement SET at = '2027-03-01 00:05+00'",
      "each month adds up to what was paid", ("a movement is dated by what happened",)),
    C("movement", "of another day", "UPDATE movement SET at = at - interval '3 hours'",
      "a movement is dated by what happened"),
    C("figure_month", "a penny more moved", "UPDATE figure_month SET amount = amount + 1", KEPT),
    C("figure_cohort", "one pays who does not", "UPDATE figure_cohort SET people = people + 1", KEPT),
    C("figure_standing", "somebody pays another fee", "UPDATE figure_standing SET a_year = a_year + 1", KEPT),
    C("figure_movement", "one is counted no more", "DELETE FROM figure_movement", KEPT),
    C("figure_plan_movement", "to another plan", "UPDATE figure_plan_movement SET plan = gen_random_uuid()", KEPT),
    C("figure_plan_month", "one pays who does not", "UPDATE figure_plan_month SET people = people + 1", KEPT),
    C("figure_renewal", "one is made that was not", "UPDATE figure_renewal SET is_renewed = NOT is_renewed", KEPT),
    C("figure_day", "a penny more came in", "UPDATE figure_day SET amount = amount + 1", KEPT),
    C("figure_fee_day", "a penny less tax", "UPDATE figure_fee_day SET tax = tax - 1", KEPT),
    C("figure_sold_day", "sold to another country", "UPDATE figure_sold_day SET country = 'FR'", KEPT),
    C("figure_payer_country", "pays from another country", "UPDATE figure_payer_country SET country = 'FR'", KEPT),
    C("figure_renewal_month", "one more is made", "UPDATE figure_renewal_month SET renewed = renewed - 1", KEPT),
    C("figure_member", "somebody is no member", "UPDATE figure_member SET part = 'nothing'", KEPT),
    C("figure_member_part", "one more pays", "UPDATE figure_member_part SET number = number + 1", KEPT),
    C("figure_buyer", "an order is forgotten", "DELETE FROM figure_buyer WHERE cardinality(paid_at) > 0", KEPT),
    C("figure_buyer_month", "one more order", "UPDATE figure_buyer_month SET number = number + 1", KEPT),
    C("figure_joiner_month", "one more joined", "UPDATE figure_joiner_month SET known = known + 1", KEPT),
    C("figure_state", "a total is altered", "UPDATE figure_state SET mrr = mrr + 1", KEPT),
)  # fmt: skip

BUYERS = "an invoice with another buyer has one credit note and one follower, over the same sums"
OF_INVOICES = (
    C("invoice", "the first one is gone", "DELETE FROM invoice WHERE serial = 1 AND kind = 'invoice'",
      "numbers of invoices have no gaps"),
    C("invoice_counter", "it ran ahead", "UPDATE invoice_counter SET last = last + 1",
      "the counter of a series is at its last invoice"),
    C("invoice", "a line is altered", "UPDATE invoice SET document = jsonb_set(document, '{lines,0,net}', '1')",
      "an invoice comes to its lines"),
    C("invoice", "a credit note of too much", "UPDATE invoice SET total = total - 99999 WHERE kind = 'credit'",
      "no more is credited than was invoiced"),
    C("invoice", "taken back for another buyer, and none is there", """UPDATE invoice
      SET cause = 'buyer-credit:' || corrects WHERE kind = 'credit'""", BUYERS),
    C("invoice", "for another buyer, and the former stands too", """UPDATE invoice SET replaces =
      (SELECT id FROM invoice WHERE kind = 'invoice' AND serial = 1) WHERE kind = 'invoice' AND serial = 2""", BUYERS),
)  # fmt: skip
SEEN = "what somebody saw is counted on its day"
OF_VISITS = (
    C("view_count", "fewer times than somebody saw it", "UPDATE view_count SET times = times - 1", SEEN),
    C("view_count", "a day is gone", "DELETE FROM view_count", "what somebody saw has a count"),
    C("page_view", "of another day", "UPDATE page_view SET day = day - 1", "what somebody saw has a count"),
    C("visit_consent", "withdrawn, and the visits are not", "DELETE FROM visit_consent", "page_view.visitor is there"),
)  # fmt: skip
CORRUPTIONS = (*OF_VISITS, *OF_STOCK, *OF_ORDERS, *OF_MONEY, *OF_MEMBERS, *OF_INVOICES)
