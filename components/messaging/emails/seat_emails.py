"""E-mails to whoever shares somebody's membership: it goes on hold, it is back, or their place is gone."""

from datetime import timedelta
from uuid import UUID

from components.foundation import clock, formatting
from components.foundation.languages.words import N_, _
from components.memberships.entitlements import entitlements, membership_history
from components.memberships.facts import MembershipEnded, MembershipStarted, SeatEnded
from components.memberships.grants import seat_carriers, seats
from components.memberships.grants.seats import SharedMembership
from components.messaging.emails import member_recipients

TOO_LATE = timedelta(days=7)
UNNAMED = N_("The member who shares it")


async def on_hold(fact: MembershipEnded) -> None:
    """Their benefits are off, and their place is kept: the payer has paused it, or it is not active."""
    span = await membership_history.seat_span(fact.membership_id)
    if span is None or span.ends_at is None or span.ends_at < clock.now() - TOO_LATE:
        return
    shared = await _shared(span.seat_id)
    if shared is None or not shared.is_on_hold:
        return
    async with member_recipients.to(fact.person_id) as send:
        await send(
            key=f"seat-on-hold:{fact.membership_id}",
            template="seat_on_hold",
            subject=f"Your shared membership is {_paused(shared)}",
            giver=shared.giver or _(UNNAMED),
            plan_name=shared.plan_name,
            back_at=shared.back_at,
            ends_at=shared.ends_at,
            other=await _other(fact.person_id),
        )


async def back(fact: MembershipStarted) -> None:
    """After a time on hold; not for the first time, and not for another plan of the payer's."""
    span = await membership_history.seat_span(fact.membership_id)
    if span is None or not span.is_back or span.starts_at < clock.now() - TOO_LATE:
        return
    shared = await _shared(span.seat_id)
    if shared is None or shared.is_on_hold:
        return
    async with member_recipients.to(fact.person_id) as send:
        await send(
            key=f"seat-back:{fact.membership_id}",
            template="seat_back",
            subject="Your shared membership is back",
            giver=shared.giver or _(UNNAMED),
            plan_name=shared.plan_name,
            ends_at=shared.ends_at,
        )


async def ended(fact: SeatEnded) -> None:
    """Their place is gone, and why."""
    seat = await seats.by_id(fact.seat_id)
    if seat is None or seat.holder is None or seat.ended_at is None or seat.ended_at < clock.now() - TOO_LATE:
        return
    async with member_recipients.to(seat.holder) as send:
        await send(
            key=f"seat-ended:{seat.id}",
            template="seat_ended",
            subject="Your shared membership has ended",
            giver=await seats.payer_of(seat) or _(UNNAMED),
            plan_name=await seat_carriers.plan_name(seat.id),
            ended_at=seat.ended_at,
            why=fact.why,
            other=await _other(seat.holder),
        )


def _paused(shared: SharedMembership) -> str:
    return f"paused until {formatting.day(shared.back_at)}" if shared.back_at else "on hold"


async def _shared(seat_id: UUID) -> SharedMembership | None:
    seat = await seats.by_id(seat_id)
    return await seats.shared_by(seat) if seat is not None else None


async def _other(person_id: UUID) -> str:
    """A membership that they have whatever becomes of the shared one."""
    held = (await entitlements.for_person(person_id)).plan
    return held.plan_name if held else ""
