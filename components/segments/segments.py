"""Segments asked about: the statement, the sentence and the number of those who fit, and saved segments by id.

    sql, args = segments.compiled(rules)       # a SELECT of person ids, of nobody who is erased
    segments.sentence(rules)                   # "Customers who have placed at least 3 orders."
    await segments.count(rules)

`rules` are stored rules: what a segment's `rules` is.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from components.foundation import clock, database, json
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound, Refusal
from components.segments import rule_groups, rule_sentences, statement
from components.segments.rule_groups import RuleGroup, SegmentRule
from components.segments.statement import Statement
from components.segments.tables import Segment

PATIENCE = "5s"
"""How long a count may take while somebody waits for it."""


class UnknownSegment(NotFound):
    message = N_("We could not find that segment.")


class CountTooSlow(Refusal):
    message = N_("Counting takes too long with these rules. Fewer or narrower rules are counted faster.")
    status = 503


@dataclass(frozen=True, kw_only=True)
class SegmentView:
    """`rules` are as stored: for `compiled`, `sentence` and `count`."""

    id: UUID
    name: str
    rules: Mapping[str, Any]
    made_at: datetime
    made_by: UUID | None
    changed_at: datetime
    size: int | None
    counted_at: datetime | None
    archived_at: datetime | None

    @property
    def sentence(self) -> str:
        return sentence(self.rules)


def compiled(
    wanted: Mapping[str, Any], *, at: datetime | None = None, person: UUID | None = None
) -> tuple[str, tuple[Any, ...]]:
    """A SELECT of `id` with its own $1, $2 …, and its arguments: everybody the rules fit at an instant, else now, or
    the one person if they fit them.

    Raises `RulesRefused` for what never was a segment's rules.
    """
    people = () if person is None else (person,)
    return _written(rule_groups.stored(wanted), Statement(at or clock.now(), people=people))


def of_group(group: RuleGroup, *, at: datetime | None = None) -> tuple[str, tuple[Any, ...]]:
    """The same for rules that have been read."""
    return _written(group, Statement(at or clock.now()))


def of_each(
    groups: Sequence[RuleGroup], *, at: datetime, people: Sequence[UUID] = ()
) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """A SELECT of `id` for each of several, with one list of arguments for all; of these people only, if there are."""
    into = Statement(at, people=people)
    return tuple(_written(one, into)[0] for one in groups), tuple(into.args)


def sentence(wanted: Mapping[str, Any]) -> str:
    """Who fits, in one sentence in the language spoken."""
    return rule_sentences.of_group(rule_groups.stored(wanted))


async def count(wanted: Mapping[str, Any], *, at: datetime | None = None) -> int:
    """How many fit. Raises `CountTooSlow` after a few seconds."""
    return await count_of(rule_groups.stored(wanted), at=at)


async def count_of(group: RuleGroup, *, at: datetime | None = None) -> int:
    sql, args = of_group(group, at=at)
    async with patiently():
        return int(await database.fetch_value(f"SELECT count(*) FROM ({sql}) fitting", *args))


@contextlib.asynccontextmanager
async def patiently() -> AsyncIterator[None]:
    """A transaction for statements about a whole segment while somebody waits. Raises `CountTooSlow`."""
    try:
        async with database.transaction():
            await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", PATIENCE)
            yield
    except (asyncpg.QueryCanceledError, TimeoutError):
        raise CountTooSlow from None


async def counted(segment_id: UUID) -> SegmentView:
    """With its count as of now, which is kept for lists. Raises `CountTooSlow`, `UnknownSegment`."""
    found, at = await by_id(segment_id), clock.now()
    many = await count(found.rules, at=at)
    wanted = Segment.update(size=many, counted_at=at)
    await wanted.where(Segment.id == segment_id, Segment.changed_at == found.changed_at)
    return replace(found, size=many, counted_at=at)


async def fits(wanted: Mapping[str, Any], person_id: UUID | None, *, at: datetime | None = None) -> bool:
    """Whether they fit one person; nobody without an account fits any. Reads that person's rows only."""
    if person_id is None:
        return False
    sql, args = compiled(wanted, at=at, person=person_id)
    return bool(await database.fetch_value(f"SELECT EXISTS ({sql})", *args))


async def by_id(segment_id: UUID) -> SegmentView:
    """Archived ones are found too. Raises `UnknownSegment`."""
    row = await Segment.select().where(Segment.id == segment_id).first()
    if row is None:
        raise UnknownSegment
    return _view(row)


async def active() -> tuple[SegmentView, ...]:
    """Those to choose from, by name."""
    rows = await Segment.select().where(Segment.archived_at.is_null())
    return tuple(sorted((_view(row) for row in rows), key=lambda one: one.name.casefold()))


async def archived() -> tuple[SegmentView, ...]:
    rows = await Segment.select().where(Segment.archived_at.is_not_null())
    return tuple(sorted((_view(row) for row in rows), key=lambda one: one.name.casefold()))


def _view(row: Mapping[str, Any]) -> SegmentView:
    return SegmentView(**{**row, "rules": json.load(row["rules"])})


def _written(group: RuleGroup, into: Statement) -> tuple[str, tuple[Any, ...]]:
    sql = statement.all_of(into, [statement.EVERYBODY, _select(group, into)])
    return sql, tuple(into.args)


def _select(group: RuleGroup, into: Statement) -> str:
    joined = {"all": statement.all_of, "any": statement.any_of, "none": statement.none_of}[group.match]
    return joined(into, [_part(part, into) for part in group.parts])


def _part(part: SegmentRule | RuleGroup, into: Statement) -> str:
    return _select(part, into) if isinstance(part, RuleGroup) else part.kind.select(part.values, into)
