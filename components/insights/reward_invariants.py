"""What must hold between gifts and the orders they go with, read through views."""

from components.foundation.consistency import invariant_walks
from components.foundation.consistency.invariant_rules import Invariant

REWARDS = (
    Invariant(
        "a claimed gift goes with a paid order",
        "Gift {id}: it is claimed with an order that is not paid",
        """SELECT g.id FROM insights_gifts g LEFT JOIN insights_orders o ON o.id = g.order_id
           WHERE g.id = ANY($1) AND g.claimed_at IS NOT NULL AND (o.id IS NULL OR o.paid_at IS NULL)""",
        each="gift",
    ),
    Invariant(
        "a gift is kept for an order that can be paid",
        "Gift {id}: it is kept for an order that can no longer be paid",
        """SELECT g.id FROM insights_gifts g JOIN insights_orders o ON o.id = g.order_id
           WHERE g.id = ANY($1) AND g.claimed_at IS NULL AND o.cancelled_at IS NOT NULL""",
        each="gift",
    ),
    Invariant(
        "a gift is a line of its order",
        "Gift {id}: its order has no line for it",
        """SELECT g.id FROM insights_gifts g WHERE g.id = ANY($1) AND g.order_id IS NOT NULL AND NOT EXISTS (
             SELECT FROM insights_order_lines l
             WHERE l.order_id = g.order_id AND l.gift = g.id AND l.variant_id = g.chosen)""",
        each="gift",
    ),
    Invariant(
        "an order gives away its own gifts",
        "Order {number}: it gives away a gift that is not its own",
        """SELECT o.number FROM insights_orders o JOIN insights_order_lines l ON l.order_id = o.id
           JOIN insights_gifts g ON g.id = l.gift
           WHERE o.id = ANY($1) AND o.paid_at IS NOT NULL AND o.flagged_at IS NULL
             AND g.order_id IS DISTINCT FROM o.id AND NOT EXISTS (
             SELECT FROM insights_refunds r JOIN insights_refund_lines rl ON rl.refund = r.id
             WHERE r.order_id = o.id AND rl.line = l.id AND r.status <> 'failed')""",
        each="orders",
    ),
)


async def of_rewards() -> list[str]:
    """Of gifts beside the orders they go with."""
    return await invariant_walks.sentences(REWARDS)
