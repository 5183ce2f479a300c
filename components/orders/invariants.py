"""What must hold of orders at every moment, asked of the database itself.

Money and stock are checked against the rows of `payments` and `catalog` directly: what those components would say of
themselves is just what is in doubt here. An order whose news is still on its way to it is not in doubt.
"""

from components.foundation import database

_CHECKS = (
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
        "Order {number}: refunded {refunded} of {total}",
        """SELECT o.number, o.total, sum(r.amount)::bigint AS refunded FROM orders o JOIN refund r ON r."order" = o.id
           WHERE r.status <> 'failed' GROUP BY o.id HAVING sum(r.amount) > o.total OR o.paid_at IS NULL""",
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
        "Order {number}: {credit} paid in store credit, {back} given back",
        """SELECT o.number, o.credit, sum(r.credit)::bigint AS back FROM orders o JOIN refund r ON r."order" = o.id
           WHERE r.status <> 'failed' GROUP BY o.id HAVING sum(r.credit) > o.credit""",
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
        "Order {number}: {coupon} off by its coupon, {of_lines} off its lines",
        """SELECT o.number, o.coupon, l.of_lines FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(coupon), 0)::bigint AS of_lines FROM order_line WHERE "order" = o.id) l
           WHERE o.coupon <> l.of_lines""",
    ),
    (
        "Order {number}: its lines come to {goods_of_lines}, its goods to {goods}",
        """SELECT o.number, o.goods, l.goods_of_lines FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(total), 0)::bigint AS goods_of_lines FROM order_line WHERE "order" = o.id) l
           WHERE l.goods_of_lines <> o.goods""",
    ),
    (
        "Order {number}: goods, delivery and added tax do not come to its total of {total}",
        """SELECT number, total FROM orders
           WHERE total <> goods + delivery + CASE WHEN tax_is_included THEN 0 ELSE tax END""",
    ),
    (
        "Order {number}: {title} is not its price times its quantity",
        """SELECT o.number, l.title FROM order_line l JOIN orders o ON o.id = l."order"
           WHERE l.total <> l.unit * l.quantity - l.coupon OR l.saved <> (l.regular_unit - l.unit) * l.quantity""",
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
           WHERE o.paid_at IS NOT NULL GROUP BY o.id HAVING count(f.id) <> 1""",
    ),
    (
        "Order {number}: more units refunded of {title} than were sold",
        """SELECT o.number, l.title FROM order_line l JOIN orders o ON o.id = l."order"
           JOIN refund_line rl ON rl.line = l.id JOIN refund r ON r.id = rl.refund AND r.status <> 'failed'
           GROUP BY o.id, l.id HAVING sum(rl.quantity) > l.quantity""",
    ),
)


async def invariants() -> list[str]:
    """In words, every thing that is broken; an empty list when all is well."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql)]
    return broken
