"""The nightly look for suggestions: each kind by itself, so that one that fails keeps none of the others waiting."""

from datetime import datetime, timedelta
from typing import NamedTuple

import structlog

from components.foundation import clock, database, ids
from components.foundation.database import advisory_locks
from components.foundation.operations import one_by_one
from components.foundation.shop_settings import shop_settings
from components.insights.forecasts import patient_reads
from components.insights.suggestions.suggestion_kind import FEWEST, FoundEvidence, SuggestionKind
from components.insights.suggestions.suggestion_kinds import KINDS
from components.insights.suggestions.tables import SuggestionLook

LOOKED_AT, KEPT = 200, 5
"""Of one kind, how many subjects are looked at, and suggested; those with most money first."""
log = structlog.get_logger()


class KindLook(NamedTuple):
    """What one kind found: `worth` are suggested, `most` is the most evidence of any subject."""

    subjects: int
    most: int
    worth: tuple[FoundEvidence, ...]


async def look_for_all() -> None:
    now = clock.now()
    await one_by_one.each(KINDS, lambda one: _look_and_write(one, now), what="a kind of suggestion")


async def _look_and_write(one: SuggestionKind, now: datetime) -> None:
    try:
        found = await look(one, now)
    except Exception as trouble:
        log.warning("suggestions could not be worked out", kind=one.key, trouble=repr(trouble))
        await _note(one.key, now, KindLook(0, 0, ()), trouble=f"{type(trouble).__name__}"[:200])
        raise
    await _write(one, found, now)


async def look(one: SuggestionKind, at: datetime) -> KindLook:
    args = await one.args(at - timedelta(days=one.days), at, shop_settings.current().currency)
    rows = await patient_reads.fetch_as(FoundEvidence, FOUND.format(rows=one.rows, most=LOOKED_AT), *args)
    worth = [row for row in rows if row.evidence >= FEWEST and one.is_worth(row)]
    return KindLook(len(rows), max((row.evidence for row in rows), default=0), tuple(worth[:KEPT]))


FOUND = """SELECT subject, min(name) AS name, max(detail) AS detail, sum(times)::bigint AS evidence,
  coalesce(sum(times) FILTER (WHERE amount <> 0), 0)::bigint AS marked, count(DISTINCT person) AS people,
  sum(amount)::bigint AS amount
FROM ({rows}) r WHERE $1::timestamptz < $2::timestamptz AND $3::text <> ''
GROUP BY subject ORDER BY abs(sum(amount)) DESC, sum(times) DESC, subject LIMIT {most}"""


async def _write(one: SuggestionKind, found: KindLook, at: datetime) -> None:
    async with database.transaction():
        await advisory_locks.take_turns(f"suggestions {one.key}")
        for row in found.worth:
            await database.execute(
                _UPSERT, ids.new(), one.key, row.subject[:160], row.name[:160], row.detail[:160], row.evidence,
                row.marked, row.people, row.amount, shop_settings.current().currency, at - timedelta(days=one.days), at,
            )  # fmt: skip
        await database.execute(_GONE, one.key, [row.subject[:160] for row in found.worth], at)
        await _note(one.key, at, found)


async def _note(kind: str, at: datetime, found: KindLook, *, trouble: str = "") -> None:
    async with database.transaction():
        await SuggestionLook.delete().where(SuggestionLook.kind == kind)
        await SuggestionLook.insert(
            SuggestionLook(
                kind=kind, at=at, subjects=found.subjects, found=len(found.worth), most=found.most, trouble=trouble
            )
        )


# What staff said of it stays.
_UPSERT = """INSERT INTO suggestion (id, kind, subject, name, detail, evidence, marked, people, amount, currency, since,
  until, first_found_at, found_at, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12, 'open')
ON CONFLICT (kind, subject) DO UPDATE SET name = excluded.name, detail = excluded.detail, evidence = excluded.evidence,
  marked = excluded.marked, people = excluded.people, amount = excluded.amount, currency = excluded.currency,
  since = excluded.since, until = excluded.until, found_at = excluded.found_at, gone_at = NULL"""
_GONE = """UPDATE suggestion SET gone_at = $3 WHERE kind = $1 AND NOT subject = ANY($2::text[]) AND gone_at IS NULL"""
