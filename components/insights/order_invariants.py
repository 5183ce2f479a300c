"""What must hold of orders and rewards, and between them and other components: their money, their stock, their gifts.

The rows are read through views: what those components would say of themselves is just what is in
doubt here. An order whose news is still on its way to it is not in doubt.
"""

from components.foundation import database
from components.orders import invariants as orders
from components.rewards import invariants as rewards

_ORDERS = (
    (
        "Order {number}: {to_pay} to pay, {captured} captured",
        """SELECT o.number, o.total - o.credit AS to_pay, p.captured FROM insights_orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(received), 0)::bigint + (SELECT coalesce(sum(along_amount), 0)::bigint
               FROM insights_checkout_sessions WHERE along = o.id AND paid_at IS NOT NULL) AS captured
             FROM insights_payments WHERE reference_id = o.id AND purpose = 'order') p
           WHERE o.flagged_at IS NULL AND coalesce(o.payment_reference, '') NOT LIKE 'elsewhere:%'
             AND p.captured <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.total - o.credit END
             AND NOT EXISTS (SELECT FROM insights_jobs j JOIN insights_facts f ON f.id::text = j.args ->> 'fact_id'
               WHERE j.status IN ('todo', 'doing') AND f.body::jsonb ->> 'reference_id' = o.id::text)""",
    ),
    (
        "Order {number}: {credit} of it in store credit, {spent} spent and {reserved} reserved",
        """SELECT o.number, o.credit, l.spent, l.reserved FROM insights_orders o CROSS JOIN LATERAL (
             SELECT
               coalesce(sum(e.amount) FILTER (WHERE e.account_kind = 'spent' AND p.kind = 'spent'), 0)::bigint AS spent,
               coalesce(sum(e.amount) FILTER (WHERE e.account_kind = 'reserved'), 0)::bigint AS reserved
             FROM insights_ledger_postings p JOIN insights_ledger_entries e ON e.posting = p.id
             WHERE p.because_of = o.id) l
           WHERE o.flagged_at IS NULL AND (l.spent <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.credit END
             OR l.reserved <> CASE WHEN o.paid_at IS NULL AND o.cancelled_at IS NULL THEN o.credit ELSE 0 END)""",
    ),
    (
        "Order {number}: {back} in store credit given back by its refunds, {posted} posted",
        """SELECT o.number, r.back, l.posted FROM insights_orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(credit), 0)::bigint AS back FROM insights_refunds
             WHERE order_id = o.id AND status = 'succeeded') r
           CROSS JOIN LATERAL (SELECT coalesce(-sum(e.amount), 0)::bigint AS posted FROM insights_ledger_postings p
             JOIN insights_ledger_entries e ON e.posting = p.id AND e.account_kind = 'spent'
             WHERE p.because_of = o.id AND p.kind IN ('given back', 'taken again')) l
           WHERE r.back <> l.posted""",
    ),
    (
        "Order {number}: {units} units agreed, {sold} taken from the stock",
        """SELECT o.number, u.units, s.sold FROM insights_orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(l.quantity), 0)::bigint AS units FROM insights_order_lines l
             WHERE l.order_id = o.id AND EXISTS (SELECT FROM insights_reservations r WHERE r.because_of = o.id
               AND r.variant = l.variant_id AND r.counted AND r.ended_as = 'sold')) u
           CROSS JOIN LATERAL (SELECT coalesce(-sum(change), 0)::bigint AS sold FROM insights_stock_movements
             WHERE because_of = o.id AND kind = 'sold') s
           WHERE s.sold <> CASE WHEN o.stock_taken_at IS NULL THEN 0 ELSE u.units END""",
    ),
    (
        "Order {number}: a lapsed or refused order still holds stock",
        """SELECT DISTINCT o.number FROM insights_orders o JOIN insights_reservations r ON r.because_of = o.id
           WHERE o.cancelled_at IS NOT NULL AND r.ended_at IS NULL""",
    ),
    (
        "Order {number}: refunds of {wanted} here, of {made} at Stripe",
        """SELECT o.number, w.wanted, m.made FROM insights_orders o CROSS JOIN LATERAL (
             SELECT
               coalesce(sum(amount - credit) FILTER (WHERE status IN ('pending', 'succeeded')), 0)::bigint AS wanted,
               coalesce(sum(amount - credit) FILTER (WHERE status = 'asked'), 0)::bigint AS asked
             FROM insights_refunds WHERE order_id = o.id) w
           CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0)::bigint AS made FROM insights_mirrored_refunds
             WHERE reference_id = o.id AND status NOT IN ('failed', 'cancelled')) m
           WHERE coalesce(o.payment_reference, '') NOT LIKE 'elsewhere:%'
             AND m.made NOT BETWEEN w.wanted AND w.wanted + w.asked
             AND NOT EXISTS (SELECT FROM insights_jobs j JOIN insights_facts f ON f.id::text = j.args ->> 'fact_id'
               WHERE j.status IN ('todo', 'doing') AND f.body::jsonb ->> 'reference_id' = o.id::text)""",
    ),
    (
        "Order {number}: it was announced as paid {times} times",
        """SELECT o.number, count(f.id) AS times FROM insights_orders o LEFT JOIN insights_facts f
             ON f.name = 'OrderPaid' AND f.body::jsonb ->> 'order_id' = o.id::text
           WHERE o.paid_at IS NOT NULL GROUP BY o.id, o.number HAVING count(f.id) <> 1""",
    ),
)

_REWARDS = (
    (
        "Gift {id}: it is claimed with an order that is not paid",
        """SELECT g.id FROM insights_gifts g LEFT JOIN insights_orders o ON o.id = g.order_id
           WHERE g.claimed_at IS NOT NULL AND (o.id IS NULL OR o.paid_at IS NULL)""",
    ),
    (
        "Gift {id}: it is kept for an order that can no longer be paid",
        """SELECT g.id FROM insights_gifts g JOIN insights_orders o ON o.id = g.order_id
           WHERE g.claimed_at IS NULL AND o.cancelled_at IS NOT NULL""",
    ),
    (
        "Gift {id}: its order has no line for it",
        """SELECT g.id FROM insights_gifts g WHERE g.order_id IS NOT NULL AND NOT EXISTS (
             SELECT FROM insights_order_lines l
             WHERE l.order_id = g.order_id AND l.gift = g.id AND l.variant_id = g.chosen)""",
    ),
    (
        "Order {number}: it gives away a gift that is not its own",
        """SELECT o.number FROM insights_orders o JOIN insights_order_lines l ON l.order_id = o.id
           JOIN insights_gifts g ON g.id = l.gift
           WHERE o.paid_at IS NOT NULL AND o.flagged_at IS NULL AND g.order_id IS DISTINCT FROM o.id AND NOT EXISTS (
             SELECT FROM insights_refunds r JOIN insights_refund_lines rl ON rl.refund = r.id
             WHERE r.order_id = o.id AND rl.line = l.id AND r.status <> 'failed')""",
    ),
)


async def of_orders() -> list[str]:
    """Of orders by themselves, and beside the payments, the ledger, the stock and the facts that were announced."""
    broken = await orders.invariants()
    for words, sql in _ORDERS:
        broken += [words.format(**row) for row in await database.fetch(sql)]
    return broken


async def of_rewards() -> list[str]:
    """Of gifts, codes and perks by themselves, and of gifts beside the orders they go with."""
    broken = await rewards.invariants()
    for words, sql in _REWARDS:
        broken += [words.format(**row) for row in await database.fetch(f"{sql} LIMIT 20")]
    return broken
