"""What people have spent on goods, for the memberships that are earned by spending."""

from functools import partial
from uuid import UUID

from components.foundation import clock, database
from components.foundation.operations import one_by_one
from components.memberships.grants import spend_qualification
from components.memberships.grants.spend_qualification import SpendProgress, Spent
from components.orders.facts import OrderPaid, OrderRefunded, RefundFailed
from components.orders.tables import Order


async def record_order(fact: OrderPaid | OrderRefunded | RefundFailed) -> None:
    """May run twice: it looks at all purchases and refunds until now."""
    row = await Order.select(Order.person).where(Order.id == fact.order_id).first()
    if row is not None and row["person"] is not None:
        await spend_qualification.update_person(row["person"], of_person)


_SPENT_AT_LEAST = """
SELECT person FROM orders WHERE person IS NOT NULL AND paid_at IS NOT NULL GROUP BY person HAVING sum(goods) >= $1"""


async def update_everybody() -> None:
    """Scheduled: everybody who bought recently or holds an earned membership, for rules that are new or have ended."""
    rules = await spend_qualification.rules()
    if not rules:
        return
    buyers = await database.fetch_values(_SPENT_AT_LEAST, min(rule.threshold for rule in rules))
    found = set(buyers) | set(await spend_qualification.holders())
    update = partial(spend_qualification.update_person, spending=of_person)
    await one_by_one.each(found, update, what="earned membership")


async def progress(person_id: UUID) -> tuple[SpendProgress, ...]:
    return await spend_qualification.progress(await of_person(person_id))


_SPENT = """
SELECT o.paid_at AS at, (o.goods - o.goods * r.refunded / greatest(o.total, 1))::bigint AS amount FROM orders o
CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0)::bigint AS refunded FROM refund
  WHERE refund."order" = o.id AND status <> 'failed') r
WHERE o.person = $1 AND o.paid_at IS NOT NULL AND o.paid_at <= $2 ORDER BY o.paid_at"""


async def of_person(person_id: UUID) -> list[Spent]:
    """Goods of each paid order, less the refunded share; delivery does not count."""
    return await database.fetch_as(Spent, _SPENT, person_id, clock.now())
