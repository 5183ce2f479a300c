"""A household: the payer of a plan with seats invites others by e-mail; they hold what the plan includes.

A seat lasts as long as the membership it depends on, or until the payer removes it, the holder leaves or the payer
moves to a plan with fewer seats (`seat_sync`). While that membership is on hold the seat is kept, without benefits.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from piccolo.columns.combination import Combinable

from components.foundation import clock, database, ids, outbox
from components.foundation.languages.words import N_, _
from components.foundation.refusals import NotFound, Refusal
from components.foundation.secrecy import signing
from components.foundation.text import normal_email
from components.memberships.entitlements import membership_periods
from components.memberships.facts import SeatEnded, SeatInvited
from components.memberships.grants import seat_carriers
from components.memberships.grants.seat_carriers import Carrier
from components.memberships.tables import Membership, Seat
from components.people import customer_accounts


class PlanWithoutSeats(Refusal):
    message = N_("Your membership can’t be shared.")


class AllTaken(Refusal):
    message = N_("You’ve already invited as many people as your plan allows. Remove someone first.")
    status = 409


class AlreadyInvited(Refusal):
    message = N_("You’ve already invited this e-mail address.")
    status = 409


class OwnSeat(Refusal):
    message = N_("You’re already a member. Invitations are for other people.")


class SeatGone(Refusal):
    message = N_("This invitation is no longer available. Please ask for a new one.")
    status = 409


class SharedOnHold(Refusal):
    """An invitation, while the membership it belongs to is on hold: it is good again afterwards."""

    message = N_(
        "The membership you’re invited to is on hold at the moment. Your invitation stays valid: try again later."
    )
    status = 409


@dataclass(frozen=True, kw_only=True)
class Household:
    """What a payer shares: how many seats there are, and which are offered or taken.

    `is_on_hold` while the membership gives no benefits; `back_at` is the end of the pause, if that is why.
    """

    plan_name: str
    count: int
    seats: tuple[Seat, ...]
    is_on_hold: bool = False
    back_at: datetime | None = None

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


@dataclass(frozen=True, kw_only=True)
class SharedMembership:
    """A seat as its holder sees it. `back_at` is the end of the payer's pause, `pauses_at` the beginning of a planned
    one, `ends_at` when the payer has ended it, and it `is_owed` while they have a payment to make."""

    giver: str
    plan_name: str
    is_on_hold: bool
    pauses_at: datetime | None
    back_at: datetime | None
    ends_at: datetime | None
    is_owed: bool


def token(seat_id: UUID) -> str:
    """The token in the e-mail's link; derived from the shop's secret, so it is not stored."""
    return signing.signature(str(seat_id), purpose="seat")


async def household(payer: UUID) -> Household | None:
    """None for somebody whose membership has no seats and shares none."""
    shared = await seat_carriers.current(payer)
    if shared is None:
        return None
    seats = await seat_carriers.open_seats(shared.source_id)
    if not shared.seats and not seats:
        return None
    return Household(
        plan_name=shared.name, count=shared.seats, seats=tuple(seats),
        is_on_hold=not shared.is_on, back_at=None if shared.is_on else shared.off_until,
    )  # fmt: skip


async def invite(payer: UUID, *, email: str, own_email: str) -> Seat:
    """Offer a seat; the person is e-mailed.

    Raises `PlanWithoutSeats`, `SharedOnHold`, `AllTaken`, `AlreadyInvited`, `OwnSeat`.
    """
    if normal_email(email) == normal_email(own_email):
        raise OwnSeat
    async with database.transaction():
        await seat_carriers.take_turns_over(payer)
        shared = await _shared(payer)
        if not shared.is_on:
            raise SharedOnHold(_("Your membership is on hold. You can invite people again when it’s back."))
        open_seats = await seat_carriers.open_seats(shared.source_id)
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
    """Raises `NotFound` for a wrong link, `SeatGone` when it was removed or its membership is over, `SharedOnHold`."""
    seat = await Seat.objects().where(Seat.id == seat_id).first()
    if seat is None or not signing.is_signature(given_token, str(seat_id), purpose="seat"):
        raise NotFound(_("We couldn’t find this invitation."))
    shared = await seat_carriers.current(seat.payer, source_id=seat.source_id)
    if seat.ended_at or shared is None or not (shared.seats or seat.holder):
        raise SeatGone
    if not shared.is_on:
        raise SharedOnHold
    return Invitation(
        seat=seat,
        plan_name=shared.name,
        plan_slug=shared.slug,
        giver=await payer_of(seat),
        until=shared.ends_at,
    )


async def accept(seat_id: UUID, given_token: str, *, holder: UUID) -> Membership:
    """The person takes the seat. Idempotent for the same person. Raises `NotFound`, `SeatGone`, `SharedOnHold`,
    `OwnSeat`."""
    seat = (await invitations(seat_id, given_token)).seat
    if seat.payer == holder:
        raise OwnSeat
    async with database.transaction():
        await seat_carriers.take_turns_over(seat.payer)
        kept = await database.locked(Seat, Seat.id == seat_id)
        shared = await seat_carriers.current(seat.payer, source_id=seat.source_id)
        if kept is None or shared is None or kept.ended_at or kept.holder not in (None, holder) or not shared.is_on:
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
    await _end((Seat.id == seat_id) & (Seat.payer == payer), why="removed")


async def leave(seat_id: UUID, *, holder: UUID) -> None:
    """The holder leaves the household. Raises `NotFound`."""
    await _end((Seat.id == seat_id) & (Seat.holder == holder), why="left")


async def seats_held(holder: UUID) -> Seat | None:
    """The seat this person holds, if any; of several the one taken last."""
    is_held = (Seat.holder == holder) & Seat.ended_at.is_null()
    return await Seat.objects().where(is_held).order_by(Seat.taken_at, ascending=False).first()


async def shared_with(holder: UUID) -> SharedMembership | None:
    """What is shared with this person, also while it is on hold; None for somebody without a seat."""
    seat = await seats_held(holder)
    return await shared_by(seat) if seat else None


async def shared_by(seat: Seat) -> SharedMembership | None:
    """What an open seat shares; None for one that has ended, and once the membership is over."""
    shared = await seat_carriers.current(seat.payer, source_id=seat.source_id)
    if seat.ended_at or shared is None:
        return None
    return SharedMembership(
        giver=await payer_of(seat), plan_name=shared.name, is_on_hold=not shared.is_on,
        pauses_at=shared.off_from if shared.is_on else None, back_at=shared.off_until, ends_at=shared.cancel_at,
        is_owed=shared.is_owed,
    )  # fmt: skip


async def payer_of(seat: Seat) -> str:
    """Who shares it, by name or e-mail."""
    payer = await customer_accounts.by_id(seat.payer)
    return (payer.name or payer.email) if payer else ""


async def by_id(seat_id: UUID) -> Seat | None:
    return await Seat.objects().where(Seat.id == seat_id).first()


async def erase_person(person_id: UUID, email_digest: str = "") -> None:
    """A person is erased: their own seat and those they offered end, and no e-mail address of them is kept.

    An invitation that waits for them at an e-mail that they had confirmed ends too.
    """
    for seat_id in await database.fetch_values(_INVITED, email_digest):
        await _end(Seat.id == seat_id, why="left")
    await database.execute(_FORGET_INVITED, email_digest)
    own = (Seat.payer == person_id) | (Seat.holder == person_id)
    for seat in await Seat.objects().where(own):
        if not seat.ended_at:
            await _end(Seat.id == seat.id, why="left" if seat.holder == person_id else "ended")
    await Seat.update({Seat.email: ""}).where(own)


_INVITED = """
SELECT id FROM seat WHERE holder IS NULL AND ended_at IS NULL AND encode(sha256(convert_to(email, 'UTF8')), 'hex') = $1
"""
_FORGET_INVITED = "UPDATE seat SET email = '' WHERE encode(sha256(convert_to(email, 'UTF8')), 'hex') = $1"


async def _end(which: Combinable, *, why: str) -> None:
    async with database.transaction():
        if (known := await Seat.objects().where(which).first()) is not None:
            await seat_carriers.take_turns_over(known.payer)
        seat = await database.locked(Seat, which & Seat.ended_at.is_null())
        if seat is None:
            raise NotFound(_("We couldn’t find this invitation."))
        await seat.update_self({Seat.ended_at: clock.now()})
        mine = await membership_periods.latest_from(seat.id)
        if mine is not None and (mine.ends_at is None or mine.ends_at > clock.now()):
            await membership_periods.move_end(mine, clock.now())
        if seat.holder is not None:
            await outbox.announce(SeatEnded(seat.id, why))


async def _must_fit(seat: Seat, holder: UUID, count: int) -> None:
    others = [one for one in await seat_carriers.open_seats(seat.source_id) if one.holder is not None]
    if len(others) >= count or any(one.holder == holder for one in others):
        raise SeatGone


async def _shared(payer: UUID) -> Carrier:
    """The payer's membership whose plan has seats."""
    shared = await seat_carriers.current(payer)
    if shared is None or not shared.seats:
        raise PlanWithoutSeats
    return shared
