"""Perks described in words: what the shop offers besides its goods. Staff record each use, and uses are counted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.database.advisory_locks import take_turns
from components.foundation.refusals import NotFound, Refusal
from components.rewards.tables import PerkUse


class UsedUp(Refusal):
    message = "This benefit has already been used the maximum number of times."
    status = 409


@dataclass(frozen=True, slots=True)
class Used:
    id: UUID
    benefit_id: UUID
    at: datetime
    note: str
    is_undone: bool


async def use(
    benefit_id: UUID,
    *,
    person_id: UUID,
    by: UUID,
    key: UUID,
    note: str = "",
    most: int = 0,
    since: datetime | None = None,
) -> None:
    """Record one use; `key` comes with the form. `most` since `since`, where it is limited. Raises `UsedUp`."""
    async with database.transaction():
        await take_turns(f"perk:{benefit_id}:{person_id}")
        if await PerkUse.exists().where(PerkUse.id == key):
            return
        if most and await use_counts(benefit_id, person_id=person_id, since=since) >= most:
            raise UsedUp
        used = PerkUse(id=key, person=person_id, benefit=benefit_id, at=clock.now(), by=by, note=note.strip()[:300])
        await PerkUse.insert(used)
        await audit.record(by, "perk used", "person", person_id, after={"benefit": str(benefit_id), "note": note})


async def undo(use_id: UUID, *, person_id: UUID, by: UUID) -> None:
    """It was recorded by mistake. Raises `NotFound`."""
    async with database.transaction():
        undone = PerkUse.update(undone_at=clock.now(), undone_by=by).returning(PerkUse.id)
        if not await undone.where(PerkUse.id == use_id, PerkUse.person == person_id, PerkUse.undone_at.is_null()):
            raise NotFound("There is no use to undo.")
        await audit.record(by, "perk use undone", "person", person_id, before={"use": str(use_id)})


async def use_counts(benefit_id: UUID, *, person_id: UUID, since: datetime | None = None) -> int:
    uses = PerkUse.count().where(
        PerkUse.benefit == benefit_id, PerkUse.person == person_id, PerkUse.undone_at.is_null()
    )
    return int(await (uses if since is None else uses.where(PerkUse.at >= since)))


async def of_person(person_id: UUID) -> tuple[Used, ...]:
    """The newest first."""
    uses = PerkUse.select(PerkUse.id, PerkUse.benefit, PerkUse.at, PerkUse.note, PerkUse.undone_at)
    newest = uses.where(PerkUse.person == person_id).order_by(PerkUse.at, PerkUse.id, ascending=False).limit(200)
    return tuple(
        Used(row["id"], row["benefit"], row["at"], row["note"], row["undone_at"] is not None) for row in await newest
    )
