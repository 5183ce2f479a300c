"""What is between the MRR and the CMRR: one row for each member who will leave or pay another fee, the last first."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database import row_streams
from components.insights.metrics import display_names
from components.insights.metrics.committed import AGREED, Agreed
from components.insights.metrics.row_pages import FILE_SIZE, FIRST, SIZE, RowKey, RowPage
from components.insights.rollups import unrolled


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedRow:
    """A member who will leave, or pay another fee; amounts a month without tax. `id` is the person."""

    id: UUID
    name: str
    words: str
    at: datetime
    before: int
    after: int


async def page(after: RowKey = FIRST, *, size: int = SIZE) -> RowPage[AgreedRow]:
    found = await database.fetch_as(Agreed, _PAGE, *unrolled.args(), clock.now(), after.at, after.id, size + 1)
    rows = await _named(found[:size])
    return RowPage(tuple(rows), RowKey(rows[-1].at, rows[-1].id) if len(found) > size else None)


async def every() -> AsyncIterator[AgreedRow]:
    """Asked for once, and named some at a time."""
    some: list[Agreed] = []
    async for one in row_streams.each_as(Agreed, _EVERY, *unrolled.args(), clock.now()):
        some.append(one)
        if len(some) >= FILE_SIZE:
            for row in await _named(some):
                yield row
            some = []
    for row in await _named(some):
        yield row


_COLUMNS = ("person", "balance", "is_leaving", "at", "price", "interval", "interval_count", "plan")
_EVERY = f"SELECT {', '.join(_COLUMNS)} FROM ({AGREED}) agreed ORDER BY at DESC, person DESC"
_PAGE = f"""SELECT * FROM ({AGREED}) agreed WHERE (at, person) < ($4, $5) ORDER BY at DESC, person DESC LIMIT $6"""


async def _named(rows: Sequence[Agreed]) -> list[AgreedRow]:
    names = await display_names.names(one.person for one in rows)
    return [
        AgreedRow(
            id=one.person,
            name=names.get(one.person, "Erased"),
            words="Leaves" if one.is_leaving else "Other plan or price",
            at=one.at,
            before=one.balance,
            after=one.a_month,
        )
        for one in rows
    ]
