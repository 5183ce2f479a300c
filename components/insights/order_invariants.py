"""What must hold of orders and rewards, and between them and other components: their money, their stock, their gifts.

The rows are read directly: what those components would say of themselves is just what is in doubt here. An order whose
news is still on its way to it is not in doubt.
"""

from components.foundation import database
from components.orders import invariants as orders
from components.rewards import invariants as rewards

_ORDERS = (
    (
        "Order {number}: {to_pay} to pay, {captured} captured",
        """SELECT o.number, o.total - o.credit AS to_pay, p.captured FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(received), 0)::bigint + (SELECT coalesce(sum(along_amount), 0)::bigint
               FROM checkout_session WHERE along = o.id AND paid_at IS NOT NULL) AS captured FROM mirrored_payment
             WHERE reference_id = o.id AND purpose = 'order') p
           WHERE o.flagged_at IS NULL AND coalesce(o.payment_reference, '') NOT LIKE 'elsewhere:%'
             AND p.captured <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.total - o.credit END
             AND NOT EXISTS (SELECT FROM procrastinate_jobs j JOIN announced_fact f ON f.id::text = j.args ->> 'fact_id'
               WHERE j.status IN ('todo', 'doing') AND f.body::jsonb ->> 'reference_id' = o.id::text)""",
    ),
    (
        "Order {number}: {credit} of it in store credit, {spent} spent and {reserved} reserved",
        """SELECT o.number, o.credit, l.spent, l.reserved FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(e.amount) FILTER (WHERE a.kind = 'spent' AND p.kind = 'spent'), 0)::bigint AS spent,
               coalesce(sum(e.amount) FILTER (WHERE a.kind = 'reserved'), 0)::bigint AS reserved
             FROM ledger_posting p JOIN ledger_entry e ON e.posting = p.id JOIN ledger_account a ON a.id = e.account
             WHERE p.because_of = o.id) l
           WHERE o.flagged_at IS NULL AND (l.spent <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE o.credit END
             OR l.reserved <> CASE WHEN o.paid_at IS NULL AND o.cancelled_at IS NULL THEN o.credit ELSE 0 END)""",
    ),
    (
        "Order {number}: {back} in store credit given back by its refunds, {posted} posted",
        """SELECT o.number, r.back, l.posted FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(credit), 0)::bigint AS back FROM refund
             WHERE "order" = o.id AND status = 'succeeded') r
           CROSS JOIN LATERAL (SELECT coalesce(-sum(e.amount), 0)::bigint AS posted FROM ledger_posting p
             JOIN ledger_entry e ON e.posting = p.id JOIN ledger_account a ON a.id = e.account AND a.kind = 'spent'
             WHERE p.because_of = o.id AND p.kind IN ('given back', 'taken again')) l
           WHERE r.back <> l.posted""",
    ),
    (
        "Order {number}: {units} units agreed, {sold} taken from the stock",
        """SELECT o.number, u.units, s.sold FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(l.quantity), 0)::bigint AS units FROM order_line l
             WHERE l."order" = o.id AND EXISTS (SELECT FROM reservation r WHERE r.because_of = o.id
               AND r.variant = l.variant_id AND r.counted AND r.ended_as = 'sold')) u
           CROSS JOIN LATERAL (SELECT coalesce(-sum(change), 0)::bigint AS sold FROM stock_movement
             WHERE because_of = o.id AND kind = 'sold') s
           WHERE s.sold <> CASE WHEN o.stock_taken_at IS NULL THEN 0 ELSE u.units END""",
    ),
    (
        "Order {number}: a lapsed or refused order still holds stock",
        """SELECT DISTINCT o.number FROM orders o JOIN reservation r ON r.because_of = o.id
           WHERE o.cancelled_at IS NOT NULL AND r.ended_at IS NULL""",
    ),
    (
        "Order {number}: it was announced as paid {times} times",
        """SELECT o.number, count(f.id) AS times FROM orders o LEFT JOIN announced_fact f
             ON f.name = 'OrderPaid' AND f.body::jsonb ->> 'order_id' = o.id::text
           WHERE o.paid_at IS NOT NULL GROUP BY o.id, o.number HAVING count(f.id) <> 1""",
    ),
)

_REWARDS = (
    (
        "Gift {id}: it is claimed with an order that is not paid",
        """SELECT g.id FROM gift g LEFT JOIN orders o ON o.id = g.order_id
           WHERE g.claimed_at IS NOT NULL AND (o.id IS NULL OR o.paid_at IS NULL)""",
    ),
    (
        "Gift {id}: it is kept for an order that can no longer be paid",
        """SELECT g.id FROM gift g JOIN orders o ON o.id = g.order_id
           WHERE g.claimed_at IS NULL AND o.cancelled_at IS NOT NULL""",
    ),
    (
        "Gift {id}: its order has no line for it",
        """SELECT g.id FROM gift g WHERE g.order_id IS NOT NULL AND NOT EXISTS (
             SELECT FROM order_line l WHERE l."order" = g.order_id AND l.gift = g.id AND l.variant_id = g.chosen)""",
    ),
    (
        "Order {number}: it gives away a gift that is not its own",
        """SELECT o.number FROM orders o JOIN order_line l ON l."order" = o.id JOIN gift g ON g.id = l.gift
           WHERE o.paid_at IS NOT NULL AND o.flagged_at IS NULL AND g.order_id IS DISTINCT FROM o.id AND NOT EXISTS (
             SELECT FROM refund r JOIN refund_line rl ON rl.refund = r.id WHERE r."order" = o.id AND rl.line = l.id
             AND r.status <> 'failed')""",
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
