"""The nightly look for suggestions: each kind by itself, so that one that fails keeps none of the others waiting."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

import structlog

from components.foundation import clock, database, ids
from components.foundation.database import time_limits
from components.foundation.operations import one_by_one
from components.foundation.shop_settings import shop_settings
from components.insights.forecasts import patient_reads
from components.insights.suggestions import evidence_rows
from components.insights.suggestions.suggestion_kind import FEWEST, FoundEvidence, SuggestionKind
from components.insights.suggestions.suggestion_kinds import KINDS
from components.insights.suggestions.tables import SuggestionLook

LOOKED_AT, KEPT = 200, 5
"""Of one kind, how many subjects are looked at, and suggested; those with most money first."""
log = structlog.get_logger()


class KindLook(NamedTuple):
    """What one kind found: `worth` are suggested, `most` is the most evidence of any subject; `since` is the first
    instant of which there was anything to count, `changed` a later one that some subjects have."""

    subjects: int
    most: int
    worth: tuple[FoundEvidence, ...]
    since: datetime | None = None
    changed: Mapping[str, datetime] = MappingProxyType({})


async def look_for_all() -> None:
    now = clock.now()
    await one_by_one.each(KINDS, lambda one: _look_and_write(one, now), what="a kind of suggestion")


async def _look_and_write(one: SuggestionKind, now: datetime) -> None:
    try:
        with time_limits.of_an_update():
            async with database.transaction():
                await database.fetch_value(patient_reads.PATIENCE)
                if await database.fetch_value(_TURN, f"suggestions {one.key}"):
                    await _write(one, await look(one, now), now)
    except Exception as trouble:
        log.warning("suggestions could not be worked out", kind=one.key, trouble=repr(trouble))
        await _note(one.key, now, KindLook(0, 0, ()), trouble=f"{type(trouble).__name__}"[:200])
        raise


async def look(one: SuggestionKind, at: datetime) -> KindLook:
    """Within a transaction, in which the rows can be kept."""
    since = at - timedelta(days=one.days)
    args = await one.args(since, at, shop_settings.current().currency)
    rows = await evidence_rows.collect(one, args, most=LOOKED_AT)
    worth = [row for row in rows if row.evidence >= FEWEST and one.is_worth(row)]
    begun = await database.fetch_value(one.begins) if one.begins and worth else None
    most = max((row.evidence for row in rows), default=0)
    changed = await one.changed_at(at) if one.changed_at and worth else {}
    return KindLook(len(rows), most, tuple(worth[:KEPT]), max(since, begun) if begun else since, changed)


async def _write(one: SuggestionKind, found: KindLook, at: datetime) -> None:
    for row in found.worth:
        since = max(filter(None, (found.since, found.changed.get(row.subject))), default=None)
        await database.execute(
            _UPSERT, ids.new(), one.key, row.subject[:160], row.name[:160], row.detail[:160], row.evidence,
            row.marked, row.people, row.amount, shop_settings.current().currency, since, at,
        )  # fmt: skip
    await database.execute(_GONE, one.key, [row.subject[:160] for row in found.worth], at)
    await evidence_rows.keep(one, [row.subject for row in found.worth])
    await _note(one.key, at, found)


async def _note(kind: str, at: datetime, found: KindLook, *, trouble: str = "") -> None:
    async with database.transaction():
        await SuggestionLook.delete().where(SuggestionLook.kind == kind)
        await SuggestionLook.insert(
            SuggestionLook(
                kind=kind, at=at, subjects=found.subjects, found=len(found.worth), most=found.most, trouble=trouble
            )
        )


# Whoever is at a kind does it for all: nobody waits to do it again.
_TURN = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))"
# What staff said of it stays.
_UPSERT = """INSERT INTO suggestion (id, kind, subject, name, detail, evidence, marked, people, amount, currency, since,
  until, first_found_at, found_at, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $12, 'open')
ON CONFLICT (kind, subject) DO UPDATE SET name = excluded.name, detail = excluded.detail, evidence = excluded.evidence,
  marked = excluded.marked, people = excluded.people, amount = excluded.amount, currency = excluded.currency,
  since = excluded.since, until = excluded.until, found_at = excluded.found_at, gone_at = NULL"""
_GONE = """UPDATE suggestion SET gone_at = $3 WHERE kind = $1 AND NOT subject = ANY($2::text[]) AND gone_at IS NULL"""
