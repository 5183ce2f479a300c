"""Saving segments: made, changed, archived and brought back. What uses one goes on with the rules it has now."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from components.foundation import audit, clock, database, ids, json
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Conflict, Refusal
from components.segments import rule_groups, segments
from components.segments.segments import SegmentView
from components.segments.tables import Segment

LONGEST = 80


class SegmentRefused(Refusal):
    """`field` is the form field that the refusal is about."""

    def __init__(self, field: str, words: str) -> None:
        self.field = field
        super().__init__(words)


class SegmentArchived(Refusal):
    message = N_("This segment is archived. Bring it back before you change it.")
    status = 409


async def create(name: str, rules: Mapping[str, Any], *, by: UUID | None = None) -> UUID:
    """`rules` as staff typed them. Raises `SegmentRefused` and `RulesRefused`."""
    segment_id, now = ids.new(), clock.now()
    named, kept = _name(name), _rules(rules)
    try:
        async with database.transaction():
            new = Segment(id=segment_id, name=named, rules=kept, made_at=now, made_by=by, changed_at=now)
            await Segment.insert(new)
            await audit.record(by, "segment created", "segment", segment_id, after=_noted(named, kept))
    except asyncpg.UniqueViolationError:
        raise _taken() from None
    return segment_id


async def revise(
    segment_id: UUID, name: str, rules: Mapping[str, Any], *, seen: datetime | None = None, by: UUID | None = None
) -> None:
    """From now on, wherever it is used. `seen`: when it had been changed last, as far as whoever changes it knows.

    Raises `SegmentRefused`, `RulesRefused`, `SegmentArchived`, and `Conflict` when it has been changed since.
    """
    named, kept = _name(name), _rules(rules)
    try:
        async with database.transaction():
            row = await database.locked(Segment, Segment.id == segment_id)
            if row is None:
                raise segments.UnknownSegment
            if row.archived_at:
                raise SegmentArchived
            if seen is not None and row.changed_at != seen:
                raise Conflict
            wanted = Segment.update(name=named, rules=kept, changed_at=clock.now(), size=None, counted_at=None)
            await wanted.where(Segment.id == segment_id)
            before, after = _noted(row.name, row.rules), _noted(named, kept)
            await audit.record(by, "segment changed", "segment", segment_id, before=before, after=after)
    except asyncpg.UniqueViolationError:
        raise _taken() from None


async def archive(segment_id: UUID, *, by: UUID | None = None) -> SegmentView:
    """It is offered no more. Coupons go on with its rules; a campaign that has not begun is a draft again by then."""
    async with database.transaction():
        wanted = Segment.update(archived_at=clock.now()).returning(Segment.id)
        if await wanted.where(Segment.id == segment_id, Segment.archived_at.is_null()):
            await audit.record(by, "segment archived", "segment", segment_id, after={"archived": True})
    return await segments.by_id(segment_id)


async def restore(segment_id: UUID, *, by: UUID | None = None) -> SegmentView:
    """Raises `SegmentRefused` when another has its name now."""
    try:
        async with database.transaction():
            wanted = Segment.update(archived_at=None).returning(Segment.id)
            if await wanted.where(Segment.id == segment_id, Segment.archived_at.is_not_null()):
                await audit.record(by, "segment brought back", "segment", segment_id, after={"archived": False})
    except asyncpg.UniqueViolationError:
        raise _taken() from None
    return await segments.by_id(segment_id)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise SegmentRefused("name", _("Give the segment a name."))
    if len(name) > LONGEST:
        raise SegmentRefused("name", _("A name has at most %(most)s characters.", most=LONGEST))
    return name


def _taken() -> SegmentRefused:
    return SegmentRefused("name", _("There is already a segment with this name. Choose another name."))


def _rules(typed: Mapping[str, Any]) -> str:
    return json.dump(rule_groups.plain(rule_groups.typed(typed)))


def _noted(name: str, rules: str) -> dict[str, Any]:
    return {"name": name, "customers": segments.sentence(json.load(rules))}
