"""Words that the page to join says to those who fit a segment: written by staff, in an order, the first that fits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.database import Query
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound, Refusal
from components.recommendations.tables import JoinWords
from components.segments import rule_groups, segments
from components.segments.segments import SegmentView

MOST = 20
TURN = "join words"


class JoinWordsRefused(Refusal):
    message = N_("These words can’t be saved.")


@dataclass(frozen=True, slots=True)
class WordsForSegment:
    """`is_used`: not once its segment is archived, until it is brought back. `sentence` says whom it fits."""

    id: UUID
    segment: UUID
    segment_name: str
    sentence: str
    title: str
    text: str
    is_used: bool


async def all_words() -> tuple[WordsForSegment, ...]:
    """In their order, those of archived segments too."""
    rows = await JoinWords.select().order_by(JoinWords.position, JoinWords.id)
    if not rows:
        return ()
    active = {one.id: one for one in await segments.active()}
    archived = {one.id: one for one in await segments.archived()}
    known = archived | active
    return tuple(_view(row, known[row["segment"]], row["segment"] in active) for row in rows if row["segment"] in known)


async def of_segment(segment_id: UUID) -> WordsForSegment | None:
    return next((one for one in await all_words() if one.segment == segment_id), None)


async def by_id(words_id: UUID) -> WordsForSegment:
    """Raises `NotFound`."""
    found = next((one for one in await all_words() if one.id == words_id), None)
    if found is None:
        raise NotFound("These words do not exist any more.")
    return found


async def for_person(person_id: UUID | None, at: datetime) -> WordsForSegment | None:
    """The first whose segment they fit; nobody without an account fits any. All segments are asked at once."""
    if person_id is None:
        return None
    rows = await JoinWords.select().order_by(JoinWords.position, JoinWords.id)
    active = {one.id: one for one in await segments.active()} if rows else {}
    asked = [(row, active[row["segment"]]) for row in rows if row["segment"] in active]
    queries = [(row, one, query) for row, one in asked if (query := _query(one, person_id, at)) is not None]
    fits = await database.batch(*(query for _, _, query in queries))
    return next((_view(row, one, True) for (row, one, _), is_so in zip(queries, fits, strict=True) if is_so), None)


def _query(segment: SegmentView, person_id: UUID, at: datetime) -> Query[bool] | None:
    """None for rules that hold no longer (of a plan that is gone): nobody fits them."""
    try:
        sql, args = segments.compiled(segment.rules, at=at, person=person_id)
    except rule_groups.RulesRefused:
        return None
    return Query(f"SELECT to_json(EXISTS ({sql}))", args, bool)


async def add(segment_id: UUID, title: str, text: str, *, by: UUID | None) -> UUID:
    """At the end. Raises `JoinWordsRefused`, `UnknownSegment`."""
    segment = await segments.by_id(segment_id)
    if segment.archived_at:
        raise JoinWordsRefused("This segment is archived. Choose another.")
    async with database.transaction():
        await take_turns(TURN)
        rows = await JoinWords.select(JoinWords.segment, JoinWords.position).order_by(JoinWords.position)
        if len(rows) >= MOST:
            raise JoinWordsRefused(f"There are at most {MOST}. Remove one first.")
        if any(row["segment"] == segment_id for row in rows):
            raise JoinWordsRefused("This segment has its words already. Change those.")
        place = rows[-1]["position"] + 1 if rows else 0
        made = JoinWords(
            id=ids.new(), segment=segment_id, position=place, title=title, text=text, changed_at=clock.now()
        )
        await JoinWords.insert(made)
        await audit.record(by, "words to join added", "join words", made.id, after=_told(title, text))
    return UUID(str(made.id))


async def change(words_id: UUID, title: str, text: str, *, by: UUID | None) -> None:
    """Raises `NotFound`."""
    async with database.transaction():
        known = await _locked(words_id)
        before = _told(known.title, known.text)
        await known.update_self({"title": title, "text": text, "changed_at": clock.now()})
        await audit.record(by, "words to join changed", "join words", words_id, before=before, after=_told(title, text))


async def move(words_id: UUID, *, places: int, by: UUID | None) -> None:
    """Up by a negative number of places, down by a positive one. Raises `NotFound`."""
    async with database.transaction():
        await take_turns(TURN)
        await _locked(words_id)
        rows = await JoinWords.select(JoinWords.id).order_by(JoinWords.position, JoinWords.id)
        order = [row["id"] for row in rows]
        here = order.index(words_id)
        order.insert(max(0, here + places), order.pop(here))
        for place, one in enumerate(order):
            await JoinWords.update({JoinWords.position: place}).where(JoinWords.id == one)
        after = {"place": order.index(words_id) + 1}
        await audit.record(by, "words to join moved", "join words", words_id, after=after)


async def remove(words_id: UUID, *, by: UUID | None) -> None:
    """Raises `NotFound`."""
    async with database.transaction():
        known = await _locked(words_id)
        await JoinWords.delete().where(JoinWords.id == words_id)
        before = _told(known.title, known.text)
        await audit.record(by, "words to join removed", "join words", words_id, before=before)


async def _locked(words_id: UUID) -> JoinWords:
    known = await database.locked(JoinWords, JoinWords.id == words_id)
    if known is None:
        raise NotFound("These words do not exist any more.")
    return known


def _told(title: str, text: str) -> dict[str, Any]:
    return {"title": title, "text": text}


def _view(row: dict[str, Any], segment: SegmentView, is_used: bool) -> WordsForSegment:
    try:
        sentence = segment.sentence
    except rule_groups.RulesRefused:
        sentence = ""
    return WordsForSegment(row["id"], segment.id, segment.name, sentence, row["title"], row["text"], is_used)
