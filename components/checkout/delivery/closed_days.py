"""Days on which the shop packs nothing, or packs although it otherwise would not: added and removed by staff."""

from datetime import date
from uuid import UUID

from components.checkout.tables import ClosedDays
from components.foundation import audit, clock, database, ids
from components.foundation.database import transaction
from components.foundation.operations import deletions
from components.foundation.operations.deletions import RowsOf, Thing
from components.foundation.refusals import NotFound, Refusal

MOST = 200
LONGEST = 180
"""Days: a shop that is closed for longer promises nothing anyway."""


class UnknownClosedDays(NotFound):
    message = "These days are not in the list any more."


class TooManyClosedDays(Refusal):
    message = f"There are {MOST} entries already. Remove some that are over first."


class ClosedTooLong(Refusal):
    message = f"Choose at most {LONGEST} days at once."


async def add(first: date, last: date, *, words: str = "", is_open: bool = False, by: UUID | None) -> UUID:
    """`last` is the same day or a later one. Raises `ClosedTooLong`, `TooManyClosedDays`."""
    if not 0 <= (last - first).days < LONGEST:
        raise ClosedTooLong
    row = ClosedDays(id=ids.new(), first_day=first, last_day=last, words=words, is_open=is_open, made_at=clock.now())
    async with transaction():
        await database.execute("SELECT pg_advisory_xact_lock(hashtext('closed days'))")
        if await ClosedDays.count() >= MOST:
            raise TooManyClosedDays
        await ClosedDays.insert(row)
        what = "packing day added" if is_open else "closed days added"
        await audit.record(by, what, "closed days", row.id, after=_audited(row))
    return row.id


async def remove(row_id: UUID, *, by: UUID) -> UUID:
    """What they are brought back by. Raises `UnknownClosedDays`."""
    async with transaction():
        row = await database.locked(ClosedDays, ClosedDays.id == row_id)
        if row is None:
            raise UnknownClosedDays
        parts = (RowsOf(ClosedDays, ClosedDays.id, [row_id]),)
        name = f"{row.first_day:%-d %B %Y}" + (f" {row.words}" if row.words else "")
        thing = Thing("closed days", row_id, name, "/staff/settings/delivery")
        return await deletions.delete(thing, parts, by=by)


def _audited(row: ClosedDays) -> dict[str, str]:
    return {"from": row.first_day.isoformat(), "to": row.last_day.isoformat(), "reason": row.words}
