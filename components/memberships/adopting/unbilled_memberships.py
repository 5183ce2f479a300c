"""Memberships brought along that nobody bills: given, for life, or paid elsewhere until a day."""

from datetime import datetime
from uuid import UUID

from components.foundation import clock, ids
from components.foundation.consistency import named_rows
from components.foundation.database.advisory_locks import take_turns
from components.memberships.entitlements import membership_periods
from components.memberships.grants.complimentary import AlreadyHeld
from components.memberships.tables import Entitlement, Membership


async def bring(
    person_id: UUID, plan_id: UUID, *, started_at: datetime, until: datetime | None, by: UUID, note: str
) -> UUID:
    """A complimentary membership with its first day, within a transaction. Raises `AlreadyHeld`."""
    await take_turns(f"membership:{person_id}")
    if await holds(person_id, plan_id):
        raise AlreadyHeld
    begun = await membership_periods.begin(
        person_id, plan_id=plan_id, source="comp", source_id=ids.new(), starts_at=started_at, ends_at=until,
        given_by=by, note=note,
    )  # fmt: skip
    membership_id: UUID = begun.id
    return membership_id


async def holds(person_id: UUID, plan_id: UUID) -> bool:
    """Whether they have this plan already, whatever from."""
    held = (Membership.holder == person_id) & (Membership.plan == plan_id)
    goes_on = Membership.ends_at.is_null() | (Membership.ends_at > clock.now())
    return bool(await Membership.exists().where(held & goes_on))


async def was_used(membership_id: UUID) -> bool:
    """Whether it has ended or anything came of it."""
    is_it = Membership.id == membership_id
    is_over = Membership.ends_at.is_not_null() & (Membership.ends_at <= clock.now())
    if await Membership.exists().where(is_it & is_over):
        return True
    return bool(await named_rows.named("membership", [membership_id], but=("entitlement",)))


async def forget(membership_id: UUID) -> None:
    await Entitlement.delete().where(Entitlement.membership == membership_id)
    await Membership.delete().where(Membership.id == membership_id)
