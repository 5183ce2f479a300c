"""The customers who fit rules: a page after another by key, and all of them in one pass for a file."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import database
from components.foundation.database import row_streams
from components.segments import rule_groups, segments
from components.segments.rule_groups import RuleGroup

PER_PAGE = 25


@dataclass(frozen=True, slots=True)
class SegmentPerson:
    """`fits`: which of the rules that were asked about beside the segment's."""

    id: UUID
    name: str
    email: str
    created_at: datetime
    fits: Sequence[bool] = ()


@dataclass(frozen=True, slots=True)
class SegmentPeople:
    """`after` is the key of the next page; None on the last one."""

    rows: tuple[SegmentPerson, ...]
    after: UUID | None


async def page(
    rules: Mapping[str, Any], *, after: UUID | None = None, size: int = PER_PAGE, at: datetime | None = None
) -> SegmentPeople:
    """By key, which is nearly the order in which they came. Raises `CountTooSlow` after a few seconds."""
    sql, args = segments.compiled(rules, at=at)
    async with segments.patiently():
        found = await database.fetch_as(
            SegmentPerson,
            f"""{_FITTING.format(sql)} AND (${len(args) + 1}::uuid IS NULL OR p.id > ${len(args) + 1}::uuid)
            ORDER BY p.id LIMIT {size + 1}""",
            *args, after,
        )  # fmt: skip
    rows = tuple(found[:size])
    return SegmentPeople(rows, rows[-1].id if len(found) > size else None)


async def fitting(groups: Sequence[RuleGroup], people: Sequence[UUID], *, at: datetime) -> dict[UUID, list[bool]]:
    """Of these people, which of the rules each fits: one statement for all. Raises `CountTooSlow`."""
    selects, args = segments.of_each(groups, at=at, people=people)
    sql = f"SELECT p.id, {_marks(selects)} AS fits FROM segments_people p WHERE p.id = ANY(${len(args) + 1}::uuid[])"
    async with segments.patiently():
        return dict(await database.fetch_rows(sql, *args, list(people)))


async def everybody(
    rules: Mapping[str, Any], *, at: datetime, beside: Sequence[RuleGroup] = ()
) -> AsyncIterator[SegmentPerson]:
    """All of them as of one instant, for a file: the rules are worked out once, and few are in memory at a time.
    `beside` are those that each is asked about further."""
    (sql, *further), args = segments.of_each((rule_groups.stored(rules), *beside), at=at)
    found = _FITTING.format(sql).replace(" FROM", f", {_marks(further)} AS fits FROM", 1)
    async for row in row_streams.each_as(SegmentPerson, f"{found} ORDER BY p.id", *args):
        yield row


def _marks(selects: Sequence[str]) -> str:
    return f"ARRAY[{', '.join(f'p.id IN ({sql})' for sql in selects)}]::boolean[]"


_FITTING = "SELECT p.id, p.name, p.email, p.created_at FROM segments_people p WHERE p.id IN ({})"
