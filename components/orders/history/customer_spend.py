"""What people have spent on goods, for the memberships that are earned by it."""

from uuid import UUID

from components.foundation import clock, database
from components.memberships.grants import spend_qualification
from components.memberships.grants.spend_qualification import SpendProgress, Spent
from components.orders.facts import OrderPaid, OrderRefunded, RefundUndone


async def record_order(fact: OrderPaid | OrderRefunded | RefundUndone) -> None:
    """May run twice: it looks at all that was bought and given back until now."""
    person = await database.fetch_value("SELECT person FROM orders WHERE id = $1", fact.order_id)
    if person is not None:
        await spend_qualification.update_person(person, await of_person(person))


async def update_everybody() -> None:
    """By the timetable: whoever bought lately or holds something earned, for rules that are new or have ended."""
    rules = await spend_qualification.rules()
    if not rules:
        return
    rows = await database.fetch(
        """SELECT person FROM orders WHERE person IS NOT NULL AND paid_at IS NOT NULL
        GROUP BY person HAVING sum(goods) >= $1""",
        min(rule.threshold for rule in rules),
    )
    for person in {row["person"] for row in rows} | set(await spend_qualification.holders()):
        await spend_qualification.update_person(person, await of_person(person))


async def progress(person_id: UUID) -> tuple[SpendProgress, ...]:
    return await spend_qualification.progress(await of_person(person_id))


async def of_person(person_id: UUID) -> list[Spent]:
    """Goods of each paid order, less the share of it that was given back; delivery does not count."""
    rows = await database.fetch(
        """SELECT o.paid_at, (o.goods - o.goods * r.refunded / greatest(o.total, 1))::bigint AS amount FROM orders o
        CROSS JOIN LATERAL (SELECT coalesce(sum(amount), 0)::bigint AS refunded FROM refund
          WHERE refund."order" = o.id AND status <> 'failed') r
        WHERE o.person = $1 AND o.paid_at IS NOT NULL AND o.paid_at <= $2 ORDER BY o.paid_at""",
        person_id, clock.now(),
    )  # fmt: skip
    return [Spent(row["paid_at"], row["amount"]) for row in rows]
