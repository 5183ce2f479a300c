"""Lots: amounts received at one time. What expires first is spent first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock
from components.ledger.ledger_accounts import CREDIT
from components.ledger.tables import Lot


@dataclass(frozen=True, slots=True)
class SpentLot:
    """A part of one lot; `kind` is the account it stands in."""

    lot: UUID
    kind: str
    amount: int


async def add(lot: Lot) -> None:
    await Lot.insert(lot)


async def spendable_lots(person_id: UUID, *, kinds: Sequence[str]) -> list[SpentLot]:
    """Everything that can be spent now, soonest to expire first."""
    is_left = (Lot.person == person_id) & (Lot.remaining > 0) & Lot.kind.is_in(list(kinds))
    has_time = Lot.expires_at.is_null() | (Lot.expires_at > clock.now())
    found = await Lot.objects().where(is_left & has_time).order_by(Lot.expires_at, Lot.given_at, Lot.id)
    return [SpentLot(lot.id, lot.kind, lot.remaining) for lot in found]


async def given_lots(person_id: UUID) -> list[SpentLot]:
    """Store credit that the shop gave for nothing in return and that can be spent now, what was given last first."""
    is_left = (Lot.person == person_id) & (Lot.remaining > 0) & (Lot.kind == CREDIT) & Lot.order_id.is_null()
    has_time = Lot.expires_at.is_null() | (Lot.expires_at > clock.now())
    found = await Lot.objects().where(is_left & has_time).order_by(Lot.given_at, Lot.id, ascending=False)
    return [SpentLot(lot.id, lot.kind, lot.remaining) for lot in found]


def spend_from(available: Sequence[SpentLot], amount: int) -> list[SpentLot]:
    """From one lot after another until it is enough, or nothing is left. Pure."""
    taken, missing = [], amount
    for lot in available:
        if missing <= 0:
            break
        part = min(lot.amount, missing)
        taken.append(SpentLot(lot.lot, lot.kind, part))
        missing -= part
    return taken


async def by_id(lot_id: UUID) -> Lot:
    found = await Lot.objects().where(Lot.id == lot_id).first()
    assert found is not None
    return found


async def due_lots(at: datetime, *, most: int, after: Lot | None = None) -> list[Lot]:
    """Cashback that is no longer pending; of those after this one."""
    is_due = (Lot.pending > 0) & (Lot.due_at <= at)
    if after is not None:
        is_due &= (Lot.due_at > after.due_at) | ((Lot.due_at == after.due_at) & (Lot.id > after.id))
    return await Lot.objects().where(is_due).order_by(Lot.due_at, Lot.id).limit(most)


async def expired_lots(at: datetime, *, most: int, after: Lot | None = None) -> list[Lot]:
    """Expired lots with something left; of those after this one."""
    is_over = (Lot.remaining > 0) & (Lot.expires_at <= at)
    if after is not None:
        is_over &= (Lot.expires_at > after.expires_at) | ((Lot.expires_at == after.expires_at) & (Lot.id > after.id))
    return await Lot.objects().where(is_over).order_by(Lot.expires_at, Lot.id).limit(most)
