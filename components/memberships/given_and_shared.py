"""What a person gave to others and got from them, for what was written of it. It stays when their name goes."""

from dataclasses import dataclass
from uuid import UUID

from piccolo.columns import Column

from components.memberships.tables import GiftMembership, Membership, Seat


@dataclass(frozen=True, slots=True, kw_only=True)
class TiesToOthers:
    """`given` and `got` are gifts, `shared` seats they offered, and `held` the memberships that came of these."""

    given: tuple[UUID, ...]
    got: tuple[UUID, ...]
    shared: tuple[UUID, ...]
    held: tuple[UUID, ...]


async def of(person_id: UUID) -> TiesToOthers:
    shared = await _ids(Seat.payer, person_id)
    return TiesToOthers(
        given=tuple(await _ids(GiftMembership.buyer, person_id)),
        got=tuple(await _ids(GiftMembership.redeemed_by, person_id)),
        shared=tuple(shared),
        held=tuple(await _held(shared)) if shared else (),
    )


async def _held(seats: list[UUID]) -> list[UUID]:
    came = (Membership.source == "seat") & Membership.source_id.is_in(seats)
    found: list[UUID] = await Membership.select(Membership.id).where(came).output(as_list=True)
    return found


async def _ids(column: Column, person_id: UUID) -> list[UUID]:
    table = column._meta.table
    found: list[UUID] = await table.select(table._meta.primary_key).where(column == person_id).output(as_list=True)
    return found
