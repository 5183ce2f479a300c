"""Rows behind a figure, some at a time: each page begins after the last row of the one before."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from components.foundation import database

SIZE, FILE_SIZE = 50, 1_000


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


async def page_of(kind: type[R], sql: str, *args: Any, after: RowKey, size: int = SIZE) -> RowPage[R]:
    """Of a statement whose last three arguments are the key after which it begins, instant and id, and how many."""
    found = await database.fetch_as(kind, sql, *args, after.at, after.id, size + 1)
    rows = tuple(found[:size])
    return RowPage(rows, RowKey(rows[-1].at, rows[-1].id) if len(found) > size else None)


async def streamed(kind: type[R], sql: str, *args: Any) -> AsyncIterator[R]:
    """All rows, read as they are sent on."""
    after: RowKey | None = FIRST
    while after is not None:
        page = await page_of(kind, sql, *args, after=after, size=FILE_SIZE)
        for row in page.rows:
            yield row
        after = page.following
