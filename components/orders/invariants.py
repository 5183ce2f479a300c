"""What must hold of orders at every moment, checked by database queries.

`insights.order_invariants` checks this, and what must hold between orders and payments, stock or ledger.
"""

from components.foundation import database

_CHECKS = (
    (
        "Order {number}: refunded {refunded} of {total}",
        """SELECT o.number, o.total, sum(r.amount)::bigint AS refunded FROM orders o JOIN refund r ON r."order" = o.id
           WHERE r.status <> 'failed' GROUP BY o.id HAVING sum(r.amount) > o.total OR o.paid_at IS NULL""",
    ),
    (
        "Order {number}: {credit} paid in store credit, {back} given back",
        """SELECT o.number, o.credit, sum(r.credit)::bigint AS back FROM orders o JOIN refund r ON r."order" = o.id
           WHERE r.status <> 'failed' GROUP BY o.id HAVING sum(r.credit) > o.credit""",
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
        "Order {number}: more units refunded of {title} than were sold",
        """SELECT o.number, l.title FROM order_line l JOIN orders o ON o.id = l."order"
           JOIN refund_line rl ON rl.line = l.id JOIN refund r ON r.id = rl.refund AND r.status <> 'failed'
           GROUP BY o.id, l.id HAVING sum(rl.quantity) > l.quantity""",
    ),
)


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql)]
    return broken
