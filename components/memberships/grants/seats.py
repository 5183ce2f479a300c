"""A household: the payer of a plan with seats invites others by e-mail; they hold what the plan includes.

A seat lasts as long as the membership it depends on, or until the payer removes it or the holder leaves.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, ids, outbox, signing
from components.foundation.database.advisory_locks import take_turns
from components.foundation.refusals import NotFound, Refusal
from components.foundation.text import normal_email
from components.memberships.entitlements import membership_periods
from components.memberships.facts import SeatInvited
from components.memberships.tables import Membership, Seat
from components.people import customer_accounts

SHARED = ("subscription", "term", "gift")


class PlanWithoutSeats(Refusal):
    message = "Your membership can’t be shared."


class AllTaken(Refusal):
    message = "You’ve already invited as many people as your plan allows. Remove someone first."
    status = 409


class AlreadyInvited(Refusal):
    message = "You’ve already invited this e-mail address."
    status = 409


class OwnSeat(Refusal):
    message = "You’re already a member. Invitations are for other people."


class SeatGone(Refusal):
    message = "This invitation is no longer available. Please ask for a new one."
    status = 409


@dataclass(frozen=True, kw_only=True)
class Household:
    """What a payer shares: how many seats there are, and which are offered or taken."""

    membership_id: UUID
    plan_name: str
    count: int
    seats: tuple[Seat, ...]

    @property
    def left(self) -> int:
        return max(0, self.count - len(self.seats))


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A seat as the invited person sees it."""

    seat: Seat
    plan_name: str
    plan_slug: str
    giver: str
    until: datetime | None


def token(seat_id: UUID) -> str:
    """The token in the e-mail's link; derived from the shop's secret, so it is not stored."""
    return signing.signature(str(seat_id), purpose="seat")


async def household(payer: UUID) -> Household | None:
    """None for somebody whose membership has no seats."""
    shared = await _shared(payer)
    if shared is None:
        return None
    open_seats = (Seat.source_id == shared.source_id) & Seat.ended_at.is_null()
    seats = await Seat.objects().where(open_seats).order_by(Seat.offered_at)
    return Household(membership_id=shared.id, plan_name=shared.name, count=shared.seats, seats=tuple(seats))


async def invite(payer: UUID, *, email: str, own_email: str) -> Seat:
    """Offer a seat; the person is e-mailed. Raises `PlanWithoutSeats`, `AllTaken`, `AlreadyInvited`, `OwnSeat`."""
    if normal_email(email) == normal_email(own_email):
        raise OwnSeat
    async with database.transaction():
        await _hold(payer)
        shared = await _shared(payer)
        if shared is None:
            raise PlanWithoutSeats
        open_seats = await _open(shared.source_id)
        if any(one.email == normal_email(email) for one in open_seats):
            raise AlreadyInvited
        if len(open_seats) >= shared.seats:
            raise AllTaken
        seat = Seat(
            id=ids.new(), source_id=shared.source_id, payer=payer, email=normal_email(email), offered_at=clock.now()
        )
        await Seat.insert(seat)
        await outbox.announce(SeatInvited(seat.id))
    return seat


async def invitations(seat_id: UUID, given_token: str) -> Invitation:
    """Raises `NotFound` for a wrong link, `SeatGone` when it was removed or its membership is over."""
    seat = await Seat.objects().where(Seat.id == seat_id).first()
    if seat is None or not signing.is_signature(given_token, str(seat_id), purpose="seat"):
        raise NotFound("We couldn’t find this invitation.")
    shared = await _shared(seat.payer, source_id=seat.source_id)
    if seat.ended_at or shared is None:
        raise SeatGone
    return Invitation(
        seat=seat,
        plan_name=shared.name,
        plan_slug=shared.slug,
        giver=await payer_of(seat),
        until=shared.ends_at,
    )


async def accept(seat_id: UUID, given_token: str, *, holder: UUID) -> Membership:
    """The person takes the seat. Idempotent for the same person. Raises `NotFound`, `SeatGone`, `OwnSeat`."""
    seat = (await invitations(seat_id, given_token)).seat
    if seat.payer == holder:
        raise OwnSeat
    async with database.transaction():
        await _hold(seat.payer)
        kept = await database.locked(Seat, Seat.id == seat_id)
        shared = await _shared(seat.payer, source_id=seat.source_id)
        if kept is None or shared is None or kept.ended_at or kept.holder not in (None, holder):
            raise SeatGone
        mine = await membership_periods.latest_from(kept.id)
        if kept.holder == holder and mine is not None:
            return mine
        await _must_fit(kept, holder, shared.seats)
        await kept.update_self({Seat.holder: holder, Seat.taken_at: clock.now()})
        return await membership_periods.start(
            holder, plan_id=shared.plan, source="seat", source_id=kept.id, starts_at=clock.now(),
            ends_at=shared.ends_at,
        )  # fmt: skip


async def revoke(seat_id: UUID, *, payer: UUID) -> None:
    """Offered or taken, it ends now and is available again. Raises `NotFound`."""
    await _end((Seat.id == seat_id) & (Seat.payer == payer))


async def leave(seat_id: UUID, *, holder: UUID) -> None:
    """The holder leaves the household. Raises `NotFound`."""
    await _end((Seat.id == seat_id) & (Seat.holder == holder))


async def seats_held(holder: UUID) -> Seat | None:
    """The seat this person holds, if any."""
    return await Seat.objects().where((Seat.holder == holder) & Seat.ended_at.is_null()).first()


async def payer_of(seat: Seat) -> str:
    """Who shares it, by name or e-mail."""
    payer = await customer_accounts.by_id(seat.payer)
    return (payer.name or payer.email) if payer else ""


async def by_id(seat_id: UUID) -> Seat | None:
    return await Seat.objects().where(Seat.id == seat_id).first()


async def apply(source_id: UUID) -> None:
    """Seats follow their membership: its end, another plan, and its return after a pause."""
    seats = [seat for seat in await _open(source_id) if seat.holder is not None]
    if not seats:
        return
    carrier = await membership_periods.latest_from(source_id)
    for seat in seats:
        mine = await membership_periods.latest_from(seat.id)
        if carrier is not None and mine is not None:
            await _move_along(seat, mine, carrier)


async def erase_person(person_id: UUID) -> None:
    """A person is erased: their own seat and those they offered end, and no e-mail address of them is kept."""
    own = (Seat.payer == person_id) | (Seat.holder == person_id)
    for seat in await Seat.objects().where(own):
        if not seat.ended_at:
            await _end(Seat.id == seat.id)
    await Seat.update({Seat.email: ""}).where(own)


async def _move_along(seat: Seat, mine: Membership, carrier: Membership) -> None:
    now = clock.now()
    is_over = mine.ends_at is not None and mine.ends_at <= now
    carrier_runs = carrier.ends_at is None or carrier.ends_at > now
    if not is_over and mine.plan == carrier.plan:
        await membership_periods.move_end(mine, carrier.ends_at)
        return
    if not is_over:
        await membership_periods.move_end(mine, now)
    if carrier_runs and seat.holder is not None:
        await membership_periods.start(
            seat.holder, plan_id=carrier.plan, source="seat", source_id=seat.id, starts_at=now, ends_at=carrier.ends_at
        )


async def _end(which: object) -> None:
    async with database.transaction():
        seat = await database.locked(Seat, which & Seat.ended_at.is_null())  # type: ignore[operator]
        if seat is None:
            raise NotFound("We couldn’t find this invitation.")
        await seat.update_self({Seat.ended_at: clock.now()})
        mine = await membership_periods.latest_from(seat.id)
        if mine is not None and (mine.ends_at is None or mine.ends_at > clock.now()):
            await membership_periods.move_end(mine, clock.now())


async def _must_fit(seat: Seat, holder: UUID, count: int) -> None:
    others = [one for one in await _open(seat.source_id) if one.holder is not None]
    if len(others) >= count or any(one.holder == holder for one in others):
        raise SeatGone


async def _hold(payer: UUID) -> None:
    """Locks a household, so that one process at a time counts its seats."""
    await take_turns(f"household:{payer}")


async def _open(source_id: UUID) -> list[Seat]:
    return await Seat.objects().where((Seat.source_id == source_id) & Seat.ended_at.is_null())


class _Shared(NamedTuple):
    id: UUID
    source_id: UUID
    plan: UUID
    ends_at: datetime | None
    name: str
    slug: str
    seats: int


async def _shared(payer: UUID, *, source_id: UUID | None = None) -> _Shared | None:
    """The payer's active membership whose plan has seats."""
    return await database.fetch_one_as(_Shared, _SHARED, payer, list(SHARED), source_id, clock.now())


_SHARED = """
SELECT m.id, m.source_id, m.plan, m.ends_at, p.name, p.slug, p.seats
FROM membership m JOIN plan p ON p.id = m.plan
WHERE m.holder = $1 AND m.source = ANY($2) AND ($3::uuid IS NULL OR m.source_id = $3) AND p.seats > 0
  AND holds(m.starts_at, m.ends_at, $4) ORDER BY m.starts_at LIMIT 1
"""
