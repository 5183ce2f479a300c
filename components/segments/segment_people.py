"""The customers who fit rules, a page after another by key: of whatever size, each page costs what one page costs."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from components.foundation import database
from components.segments import segments

PER_PAGE = 25
IN_FILE = 1_000
"""Rows of a file that are read at once."""


@dataclass(frozen=True, slots=True)
class SegmentPerson:
    id: UUID
    name: str
    email: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SegmentPeople:
    """`after` is the key of the next page; None on the last one."""

    rows: tuple[SegmentPerson, ...]
    after: UUID | None


async def page(
    rules: Mapping[str, Any], *, after: UUID | None = None, size: int = PER_PAGE, at: datetime | None = None
) -> SegmentPeople:
    """By key, which is nearly the order in which they came. Raises `CountTooSlow`."""
    sql, args = segments.compiled(rules, at=at)
    try:
        found = await database.fetch_as(
            SegmentPerson,
            f"""SELECT p.id, p.name, p.email, p.created_at FROM segments_people p
            WHERE p.id IN ({sql}) AND (${len(args) + 1}::uuid IS NULL OR p.id > ${len(args) + 1}::uuid)
            ORDER BY p.id LIMIT {size + 1}""",
            *args, after,
        )  # fmt: skip
    except (asyncpg.QueryCanceledError, TimeoutError):
        raise segments.CountTooSlow from None
    rows = tuple(found[:size])
    return SegmentPeople(rows, rows[-1].id if len(found) > size else None)


async def everybody(rules: Mapping[str, Any], *, at: datetime) -> AsyncIterator[SegmentPerson]:
    """All of them as of one instant, for a file."""
    after: UUID | None = None
    while True:
        found = await page(rules, after=after, size=IN_FILE, at=at)
        for row in found.rows:
            yield row
        if found.after is None:
            return
        after = found.after
