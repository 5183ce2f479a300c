"""Rows behind a figure, some at a time: each page begins after the last row of the one before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from components.foundation import database
from components.foundation.database import row_streams

SIZE, FILE_SIZE, ALL = 50, 1_000, 2**62


class Keyed(Protocol):
    """A row, newest first: by an instant, and of the same one by an id."""

    @property
    def at(self) -> datetime: ...

    @property
    def id(self) -> UUID: ...


R = TypeVar("R", bound=Keyed)


@dataclass(frozen=True, slots=True)
class RowKey:
    """The row after which a page begins."""

    at: datetime
    id: UUID

    @property
    def words(self) -> str:
        """As in an address."""
        return f"{self.at.astimezone(UTC):%Y%m%dT%H%M%S.%f}-{self.id}"


FIRST = RowKey(datetime(9999, 12, 31, tzinfo=UTC), UUID(int=2**128 - 1))
"""Before every row."""


def read_key(words: str) -> RowKey | None:
    """None for what is no key; nothing is the first page's."""
    if not words:
        return FIRST
    at, _, id = words.partition("-")
    try:
        return RowKey(datetime.strptime(at, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), UUID(id))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class RowPage(Generic[R]):
    """`following` is where the next page begins, if there is one."""

    rows: tuple[R, ...]
    following: RowKey | None


@dataclass(frozen=True, slots=True)
class RowList(Generic[R]):
    """The rows of a statement, newest first. Its last three arguments are the key after which it begins, instant and
    id, and how many rows it gives; the others are `args`."""

    kind: type[R]
    sql: str
    args: tuple[Any, ...]

    async def page(self, after: RowKey = FIRST, *, size: int = SIZE) -> RowPage[R]:
        found = await database.fetch_as(self.kind, self.sql, *self.args, after.at, after.id, size + 1)
        rows = tuple(found[:size])
        return RowPage(rows, RowKey(rows[-1].at, rows[-1].id) if len(found) > size else None)

    async def every(self) -> AsyncIterator[R]:
        """In one pass, as of one instant: few are in memory at a time, however many there are."""
        async for row in row_streams.each_as(self.kind, self.sql, *self.args, FIRST.at, FIRST.id, ALL):
            yield row
