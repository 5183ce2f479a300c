"""What must hold of orders at every moment, checked by database queries.

`insights.order_invariants` checks this, and what must hold between orders and payments, stock or ledger.
"""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant, references
from components.orders.tables import (
    Fulfilment,
    Order,
    OrderAddressChange,
    OrderLine,
    OrderNote,
    OrderTax,
    Refund,
    RefundLine,
)

RULES = (
    Invariant(
        "refunds are within the total",
        "Order {number}: refunded {refunded} of {total}",
        """SELECT o.number, o.total, sum(r.amount)::bigint AS refunded FROM orders o JOIN refund r ON r."order" = o.id
           WHERE o.id = ANY($1) AND r.status <> 'failed' GROUP BY o.id
           HAVING sum(r.amount) > o.total OR o.paid_at IS NULL""",
        each="orders",
    ),
    Invariant(
        "credit given back is within the credit paid",
        "Order {number}: {credit} paid in store credit, {back} given back",
        """SELECT o.number, o.credit, sum(r.credit)::bigint AS back FROM orders o JOIN refund r ON r."order" = o.id
           WHERE o.id = ANY($1) AND r.status <> 'failed' GROUP BY o.id HAVING sum(r.credit) > o.credit""",
        each="orders",
    ),
    Invariant(
        "the coupon is what it took off the lines",
        "Order {number}: {coupon} off by its coupon, {of_lines} off its lines",
        """SELECT o.number, o.coupon, l.of_lines FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(coupon), 0)::bigint AS of_lines FROM order_line WHERE "order" = o.id) l
           WHERE o.id = ANY($1) AND o.coupon <> l.of_lines""",
        each="orders",
    ),
    Invariant(
        "lines come to the goods",
        "Order {number}: its lines come to {goods_of_lines}, its goods to {goods}",
        """SELECT o.number, o.goods, l.goods_of_lines FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(total), 0)::bigint AS goods_of_lines FROM order_line WHERE "order" = o.id) l
           WHERE o.id = ANY($1) AND l.goods_of_lines <> o.goods""",
        each="orders",
    ),
    Invariant(
        "goods, delivery and tax come to the total",
        "Order {number}: goods, delivery and added tax do not come to its total of {total}",
        """SELECT number, total FROM orders
           WHERE id = ANY($1) AND total <> goods + delivery + CASE WHEN tax_is_included THEN 0 ELSE tax END""",
        each="orders",
    ),
    Invariant(
        "an order's tax is the sum of its taxes",
        "Order {number}: {tax} tax, {of_rows} by its taxes, {of_lines} by its lines and delivery",
        """SELECT o.number, o.tax, t.of_rows, l.of_lines + o.delivery_tax AS of_lines FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(amount), 0)::bigint AS of_rows FROM order_tax WHERE "order" = o.id AND NOT of_fee) t
           CROSS JOIN LATERAL (
             SELECT coalesce(sum(tax), 0)::bigint AS of_lines FROM order_line WHERE "order" = o.id) l
           WHERE o.id = ANY($1) AND (o.tax <> t.of_rows OR o.tax <> l.of_lines + o.delivery_tax)""",
        each="orders",
    ),
    Invariant(
        "a line is its price times its quantity",
        "Order {number}: {title} is not its price times its quantity",
        """SELECT o.number, l.title FROM order_line l JOIN orders o ON o.id = l."order"
           WHERE o.id = ANY($1)
             AND (l.total <> l.unit * l.quantity - l.coupon OR l.saved <> (l.regular_unit - l.unit) * l.quantity)""",
        each="orders",
    ),
    Invariant(
        "no more units are refunded than were sold",
        "Order {number}: more units refunded of {title} than were sold",
        """SELECT o.number, l.title FROM order_line l JOIN orders o ON o.id = l."order"
           JOIN refund_line rl ON rl.line = l.id JOIN refund r ON r.id = rl.refund AND r.status <> 'failed'
           WHERE o.id = ANY($1) GROUP BY o.id, l.id HAVING sum(rl.quantity) > l.quantity""",
        each="orders",
    ),
    Invariant(
        "a sent order has its parcel",
        "Order {number}: sent at {fulfilled_at}, its parcel at {at}",
        """SELECT o.number, o.fulfilled_at, f.at FROM orders o LEFT JOIN fulfilment f ON f."order" = o.id
           WHERE o.id = ANY($1) AND o.fulfilled_at IS DISTINCT FROM f.at""",
        each="orders",
    ),
    Invariant(
        "savings are what lines and delivery saved",
        "Order {number}: {member_savings} saved, by its lines and delivery {saved}",
        """SELECT o.number, o.member_savings, l.saved FROM orders o CROSS JOIN LATERAL (
             SELECT coalesce(sum(saved), 0)::bigint
               + CASE WHEN o.delivery_benefit IS NULL THEN 0 ELSE o.delivery_saved END AS saved
             FROM order_line WHERE "order" = o.id) l
           WHERE o.id = ANY($1) AND o.member_savings <> l.saved""",
        each="orders",
    ),
)

REFERENCES = references(
    (Order, OrderLine, OrderTax, Fulfilment, Refund, RefundLine, OrderNote, OrderAddressChange),
    [
        (Order.person, "person"), (Order.joins, "subscription"), (Order.joins_term, "paid_term"),
        (Order.joining_version, "plan_version"), (Order.delivery_benefit, "benefit"),
        (OrderLine.variant_id, "variant"), (OrderLine.product_id, "product"), (OrderLine.gift, "gift"),
        (OrderTax.rate, "tax_rate"),
    ],
)  # fmt: skip
"""Rows that must be there, of other components too."""


async def invariants() -> list[str]:
    """A description of each violation; an empty list when there is none."""
    return await invariant_walks.sentences(RULES)
