"""Seats follow the membership they depend on: its end, another plan, a pause and the return from it."""

from collections.abc import Sequence
from uuid import UUID

from components.foundation import clock, database, outbox
from components.memberships.entitlements import membership_periods
from components.memberships.facts import SeatEnded
from components.memberships.grants import seat_carriers
from components.memberships.tables import Membership, Seat


async def apply(source_id: UUID) -> None:
    """What each holder has begins, ends and moves with what is shared. May run any number of times."""
    if not await seat_carriers.open_seats(source_id):
        return
    async with database.transaction():
        for seat in await _in_turn(source_id):
            await _move_along(seat)


async def keep_first(source_id: UUID, count: int) -> None:
    """Another plan, with so many seats: whoever has no place in it loses theirs now."""
    async with database.transaction():
        await _in_turn(source_id)
        for seat in await beyond(source_id, count):
            await _end(seat, "plan")


async def beyond(source_id: UUID, count: int) -> Sequence[Seat]:
    """Who would lose their place on a plan with so many seats: who came last, those who were only invited first."""
    return (await seat_carriers.open_seats(source_id))[count:]


async def close(source_id: UUID) -> None:
    """The membership is over for good, and so are its seats."""
    if not await seat_carriers.open_seats(source_id):
        return
    async with database.transaction():
        for seat in await _in_turn(source_id):
            await _move_along(seat)
            await _end(seat, "ended")


async def close_prepaid(membership_id: UUID) -> None:
    """A membership that was paid once has ended; one of a subscription may come back."""
    held = await Membership.objects().where(Membership.id == membership_id).first()
    if held is not None and held.source in ("term", "gift"):
        await close(held.source_id)


async def _in_turn(source_id: UUID) -> Sequence[Seat]:
    """The open seats, once nobody else takes one or gives one up."""
    for payer in {seat.payer for seat in await seat_carriers.open_seats(source_id)}:
        await seat_carriers.take_turns_over(payer)
    return await seat_carriers.open_seats(source_id)


async def _end(seat: Seat, why: str) -> None:
    now = clock.now()
    await seat.update_self({Seat.ended_at: now})
    mine = await membership_periods.latest_from(seat.id)
    if mine is not None and (mine.ends_at is None or mine.ends_at > now):
        await membership_periods.move_end(mine, now)
    if seat.holder is not None:
        await outbox.announce(SeatEnded(seat.id, why))


async def _move_along(seat: Seat) -> None:
    carrier, mine = await membership_periods.latest_from(seat.source_id), await membership_periods.latest_from(seat.id)
    if carrier is None or mine is None:
        return
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
