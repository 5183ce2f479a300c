"""Whom a member shares their membership with, and who shares one with them, for the member's staff page."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.memberships.grants import seats
from components.memberships.grants.seats import SharedMembership
from components.memberships.tables import Seat
from components.people import customer_accounts


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestRow:
    """`holder` is None for an invitation that nobody has taken yet; `at` is when it was taken, or sent."""

    name: str
    holder: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdRows:
    """`count` places of their own, and the `guests` in them; `shared` is what `payer` shares with them."""

    count: int
    guests: tuple[GuestRow, ...]
    shared: SharedMembership | None
    payer: UUID | None


async def household_rows(person_id: UUID) -> HouseholdRows:
    own, seat = await seats.household(person_id), await seats.seats_held(person_id)
    shared = await seats.shared_by(seat) if seat else None
    return HouseholdRows(
        count=own.count if own else 0,
        guests=tuple([await _guest(one) for one in own.seats]) if own else (),
        shared=shared,
        payer=seat.payer if seat and shared else None,
    )


async def _guest(seat: Seat) -> GuestRow:
    person = await customer_accounts.by_id(seat.holder) if seat.holder else None
    name = (person.name or person.email) if person else seat.email
    return GuestRow(name=name, holder=seat.holder, at=seat.taken_at or seat.offered_at)
