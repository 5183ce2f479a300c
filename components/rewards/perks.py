"""Perks in words: what the shop promises beside its goods. Staff mark each use, and uses are counted."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.refusals import NotFound, Refusal


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
    """Mark one use; `key` comes with the form. `most` since `since`, where it is limited. Raises `UsedUp`."""
    async with database.transaction():
        await database.fetch_value(
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"perk:{benefit_id}:{person_id}"
        )
        if await database.fetch_value("SELECT EXISTS (SELECT FROM perk_use WHERE id = $1)", key):
            return
        if most and await use_counts(benefit_id, person_id=person_id, since=since) >= most:
            raise UsedUp
        await database.execute(
            "INSERT INTO perk_use (id, person, benefit, at, by, note) VALUES ($1, $2, $3, $4, $5, $6)",
            key, person_id, benefit_id, clock.now(), by, note.strip()[:300],
        )  # fmt: skip
        await audit.record(by, "perk used", "person", person_id, after={"benefit": str(benefit_id), "note": note})


async def undo(use_id: UUID, *, person_id: UUID, by: UUID) -> None:
    """It was marked by mistake. Raises `NotFound`."""
    async with database.transaction():
        changed = await database.execute(
            "UPDATE perk_use SET undone_at = $3, undone_by = $4 WHERE id = $1 AND person = $2 AND undone_at IS NULL",
            use_id, person_id, clock.now(), by,
        )  # fmt: skip
        if not changed:
            raise NotFound("There is no use to undo.")
        await audit.record(by, "perk use taken back", "person", person_id, before={"use": str(use_id)})


async def use_counts(benefit_id: UUID, *, person_id: UUID, since: datetime | None = None) -> int:
    found = await database.fetch_value(
        """SELECT count(*) FROM perk_use WHERE benefit = $1 AND person = $2 AND undone_at IS NULL
        AND ($3::timestamptz IS NULL OR at >= $3)""",
        benefit_id, person_id, since,
    )  # fmt: skip
    return int(found)


async def of_person(person_id: UUID) -> tuple[Used, ...]:
    """The newest first."""
    rows = await database.fetch(
        """SELECT id, benefit, at, note, undone_at IS NOT NULL AS undone FROM perk_use WHERE person = $1
        ORDER BY at DESC, id DESC LIMIT 200""",
        person_id,
    )
    return tuple(Used(row["id"], row["benefit"], row["at"], row["note"], row["undone"]) for row in rows)
