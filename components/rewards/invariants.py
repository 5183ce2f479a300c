"""What must hold of gifts, codes and perks at every moment, asked of the database itself."""

from components.foundation import database

_CHECKS = (
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
    (
        "Benefit {benefit}: {person} has {count} codes",
        """SELECT benefit, person, count(*) AS count FROM partner_code WHERE person IS NOT NULL
           GROUP BY benefit, person HAVING count(*) > 1""",
    ),
)


async def invariants() -> list[str]:
    """In words, every thing that is broken; an empty list when all is well."""
    broken = []
    for words, sql in _CHECKS:
        broken += [words.format(**row) for row in await database.fetch(sql + " LIMIT 20")]
    return broken
