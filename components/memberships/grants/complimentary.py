"""Memberships without a subscription: given by staff, or the free tier."""

from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound, Refusal
from components.memberships.entitlements import membership_periods
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import plan_places
from components.memberships.tables import Membership


class AlreadyHeld(Refusal):
    """As staff read it."""

    message = "This member already has this plan."
    status = 409


class AlreadyJoined(AlreadyHeld):
    message = N_("You already have this plan.")


class EndsTooSoon(Refusal):
    message = "Choose an end date in the future."


class NotFree(Refusal):
    message = N_("This plan has to be paid for.")


async def grant(person_id: UUID, plan: PlanView, *, until: datetime | None, by: UUID, note: str = "") -> Membership:
    """A membership from the shop. Raises `AlreadyHeld`, `EndsTooSoon`."""
    if until is not None and until <= clock.now():
        raise EndsTooSoon
    async with database.transaction():
        made = await _begin(person_id, plan, source="comp", until=until, by=by, note=note)
        after = {"plan": plan.slug, "until": until.isoformat() if until else None, "note": note}
        await audit.record(by, "membership given", "person", person_id, after=after)
    return made


async def end(membership_id: UUID, *, by: UUID) -> Membership:
    """End a complimentary membership now. Raises `NotFound`."""
    async with database.transaction():
        held = await database.locked(Membership, (Membership.id == membership_id) & (Membership.source == "comp"))
        if held is None or (held.ends_at is not None and held.ends_at <= clock.now()):
            raise NotFound("We couldn’t find this membership.")
        await membership_periods.move_end(held, clock.now())
        await audit.record(by, "membership ended", "person", held.holder, before={"membership": str(held.id)})
    return held


async def join_free(person_id: UUID, plan: PlanView) -> Membership:
    """The free tier: no payment, no end. Raises `NotFree`, `AlreadyJoined`, `NoPlace`."""
    if not plan.is_free:
        raise NotFree
    try:
        async with database.transaction():
            await plan_places.take(plan.id, person_id, is_joining=False)
            return await _begin(person_id, plan, source="free", until=None, by=None, note="")
    except AlreadyHeld:
        raise AlreadyJoined from None


async def leave_free(person_id: UUID) -> None:
    """Leave the free tier."""
    async with database.transaction():
        is_hers = (Membership.holder == person_id) & (Membership.source == "free") & Membership.ends_at.is_null()
        held = await database.locked(Membership, is_hers)
        if held is not None:
            await membership_periods.move_end(held, clock.now())


async def _begin(
    person_id: UUID, plan: PlanView, *, source: str, until: datetime | None, by: UUID | None, note: str
) -> Membership:
    await take_turns(f"membership:{person_id}")
    same = (Membership.holder == person_id) & (Membership.plan == plan.id) & (Membership.source == source)
    if await Membership.exists().where(same & (Membership.ends_at.is_null() | (Membership.ends_at > clock.now()))):
        raise AlreadyHeld
    return await membership_periods.start(
        person_id,
        plan_id=plan.id,
        source=source,
        source_id=ids.new(),
        starts_at=clock.now(),
        ends_at=until,
        given_by=by,
        note=note,
    )
