"""A household: whoever pays for a plan with seats offers them by e-mail; who takes one holds what the plan promises.

A seat lasts as long as the membership it hangs on, or until the payer takes it back or the holder gives it up.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database, ids, outbox, settings
from components.foundation.refusals import NotFound, Refusal
from components.foundation.text import normal_email
from components.memberships.entitlements import membership_periods
from components.memberships.facts import SeatInvited
from components.memberships.tables import Membership, Seat
from components.people import customer_accounts

SHARED = ("subscription", "term", "gift")


class PlanWithoutSeats(Refusal):
    message = "Your membership has no seats to share."


class AllTaken(Refusal):
    message = "All seats are taken or offered. Take one back first."
    status = 409


class AlreadyInvited(Refusal):
    message = "A seat is offered to this e-mail already."
    status = 409


class OwnSeat(Refusal):
    message = "You have a membership yourself; the seats are for others."


class SeatGone(Refusal):
    message = "This seat is no longer free. Whoever offered it can offer another."
    status = 409


@dataclass(frozen=True, kw_only=True)
class Household:
    """What a payer shares: how many seats there are, and the ones that are offered or taken."""

    membership_id: UUID
    plan_name: str
    count: int
    seats: tuple[Seat, ...]

    @property
    def left(self) -> int:
        return max(0, self.count - len(self.seats))


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A seat as the one it is offered to sees it."""

    seat: Seat
    plan_name: str
    plan_slug: str
    giver: str
    until: datetime | None


def token(seat_id: UUID) -> str:
    """What opens the letter's link; made from the shop's secret, so that it is kept nowhere."""
    return hmac.new(settings.current().secret_key.encode(), b"seat:" + seat_id.bytes, hashlib.sha256).hexdigest()[:43]


async def household(payer: UUID) -> Household | None:
    """None for somebody whose membership has no seats."""
    shared = await _shared(payer)
    if shared is None:
        return None
    open_seats = (Seat.source_id == shared.source_id) & Seat.ended_at.is_null()
    seats = await Seat.objects().where(open_seats).order_by(Seat.offered_at)
    return Household(membership_id=shared.id, plan_name=shared.name, count=shared.seats, seats=tuple(seats))


async def invite(payer: UUID, *, email: str, own_email: str) -> Seat:
    """A seat for somebody; she is written to. Raises `NoSeats`, `AllTaken`, `OfferedAlready`, `OwnSeat`."""
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
    """Raises `NotFound` for a wrong link, `SeatGone` when it is taken back or its membership is over."""
    seat = await Seat.objects().where(Seat.id == seat_id).first()
    if seat is None or not hmac.compare_digest(token(seat_id), given_token):
        raise NotFound("We could not find this seat.")
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
    """The seat is hers from now on. Twice by the same person is once. Raises `NotFound`, `SeatGone`, `OwnSeat`."""
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
    """Offered or taken, it ends now and is free again. Raises `NotFound`."""
    await _end((Seat.id == seat_id) & (Seat.payer == payer))


async def leave(seat_id: UUID, *, holder: UUID) -> None:
    """The holder leaves the household. Raises `NotFound`."""
    await _end((Seat.id == seat_id) & (Seat.holder == holder))


async def seats_held(holder: UUID) -> Seat | None:
    """The seat this person sits on, if any."""
    return await Seat.objects().where((Seat.holder == holder) & Seat.ended_at.is_null()).first()


async def payer_of(seat: Seat) -> str:
    """Who shares it, by name or e-mail."""
    payer = await customer_accounts.by_id(seat.payer)
    return (payer.name or payer.email) if payer else ""


async def by_id(seat_id: UUID) -> Seat | None:
    return await Seat.objects().where(Seat.id == seat_id).first()


async def apply(source_id: UUID) -> None:
    """What hangs on a membership moves with it: its end, another plan, and going on after a pause."""
    seats = [seat for seat in await _open(source_id) if seat.holder is not None]
    if not seats:
        return
    carrier = await membership_periods.latest_from(source_id)
    for seat in seats:
        mine = await membership_periods.latest_from(seat.id)
        if carrier is not None and mine is not None:
            await _move_along(seat, mine, carrier)


async def erase_person(person_id: UUID) -> None:
    """Somebody wants to be forgotten: her own seat and those she offered end, and no e-mail of them is kept."""
    hers = (Seat.payer == person_id) | (Seat.holder == person_id)
    for seat in await Seat.objects().where(hers):
        if not seat.ended_at:
            await _end(Seat.id == seat.id)
    await Seat.update({Seat.email: ""}).where(hers)


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
            raise NotFound("We could not find this seat.")
        await seat.update_self({Seat.ended_at: clock.now()})
        mine = await membership_periods.latest_from(seat.id)
        if mine is not None and (mine.ends_at is None or mine.ends_at > clock.now()):
            await membership_periods.move_end(mine, clock.now())


async def _must_fit(seat: Seat, holder: UUID, count: int) -> None:
    others = [one for one in await _open(seat.source_id) if one.holder is not None]
    if len(others) >= count or any(one.holder == holder for one in others):
        raise SeatGone


async def _hold(payer: UUID) -> None:
    """One hand at a time counts the seats of a household."""
    await database.fetch_value(_ONE_AT_A_TIME, f"household:{payer}")


_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))::text"


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
    """The payer's membership whose plan has seats, as it runs now."""
    return await database.fetch_one_as(_Shared, _SHARED, payer, list(SHARED), source_id, clock.now())


_SHARED = """
SELECT m.id, m.source_id, m.plan, m.ends_at, p.name, p.slug, p.seats
FROM membership m JOIN plan p ON p.id = m.plan
WHERE m.holder = $1 AND m.source = ANY($2) AND ($3::uuid IS NULL OR m.source_id = $3) AND p.seats > 0
  AND holds(m.starts_at, m.ends_at, $4) ORDER BY m.starts_at LIMIT 1
"""
