"""The price that members brought along keep: a version of the plan that was never on offer."""

from uuid import UUID

import asyncpg

from components.foundation import clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.memberships.plans import plan_cache
from components.memberships.tables import PlanVersion

INTERVALS = ("week", "month", "year")


async def keep(
    plan_id: UUID, *, price: int, currency: str, interval: str, count: int, variant: UUID | None = None
) -> UUID:
    """A version of its own, which nobody new can choose: it is over in the instant in which it begins.

    `price` in minor units, for `count` × `interval`; with a `variant`, who joins at it is promised that. Refresh the
    plan cache once it is committed.
    """
    await take_turns(f"plan prices:{plan_id}")
    at = clock.now()
    made = PlanVersion(
        id=ids.new(), plan=plan_id, price=price, currency=currency, interval=interval, interval_count=count,
        is_once=False, from_at=at, until_at=at, variant=variant,
    )  # fmt: skip
    await PlanVersion.insert(made)
    version_id: UUID = made.id
    return version_id


async def forget(version_id: UUID) -> bool:
    """Unless somebody has it."""
    try:
        async with database.transaction():
            its = (PlanVersion.id == version_id) & (PlanVersion.from_at == PlanVersion.until_at)
            return bool(await PlanVersion.delete().where(its).returning(PlanVersion.id))
    except asyncpg.ForeignKeyViolationError:
        return False


async def refresh() -> None:
    await plan_cache.refresh()
