"""Suggestions as staff read them, and what they say of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from components.foundation import audit, clock, database, jobs
from components.foundation.database import Query
from components.foundation.refusals import NotFound
from components.insights import waiting_jobs
from components.insights.suggestions.suggestion_acts import ACTED, IS_RESTING
from components.insights.suggestions.suggestion_kind import FoundEvidence, SuggestedDraft
from components.insights.suggestions.suggestion_kinds import suggestion_kind
from components.insights.suggestions.tables import SuggestionLook

TASK = "look_for_suggestions"
ON_TODAY, DAYS_ON_TODAY = 3, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SuggestionView:
    """See the table; `shown` is its state now: a snooze that is over is open, one not found any more is gone,
    and one that was acted on rests for a while ("tried"); `acted` is what the audit log calls that."""

    id: UUID
    kind: str
    subject: str
    name: str
    detail: str
    evidence: int
    marked: int
    people: int
    amount: int
    currency: str
    since: datetime
    until: datetime
    first_found_at: datetime
    found_at: datetime
    gone_at: datetime | None
    snoozed_until: datetime | None
    acted: str | None
    acted_on: str | None
    acted_at: datetime | None
    shown: str

    @property
    def found(self) -> FoundEvidence:
        return FoundEvidence(self.subject, self.name, self.detail, self.evidence, self.marked, self.people, self.amount)

    @property
    def days(self) -> int:
        """In which it was counted."""
        return suggestion_kind(self.kind).days_counted(self.since, self.until)

    @property
    def month(self) -> int:
        """The estimate, in minor units a month."""
        return suggestion_kind(self.kind).monthly(self.amount, self.days)

    @property
    def sentence(self) -> str:
        return suggestion_kind(self.kind).sentence(self.found, self.month)

    @property
    def draft(self) -> SuggestedDraft:
        return suggestion_kind(self.kind).draft(self.found, self.month)


class DecisionRow(NamedTuple):
    state: str
    reason: str
    until: datetime | None
    by: str
    at: datetime


class LookRow(NamedTuple):
    kind: str
    at: datetime
    subjects: int
    found: int
    most: int
    trouble: str


_SHOWN = f"""CASE WHEN s.state IN ('dismissed', 'done') THEN s.state
  WHEN s.state = 'snoozed' AND s.snoozed_until > $1 THEN 'snoozed' WHEN {IS_RESTING} THEN 'tried'
  WHEN s.gone_at IS NOT NULL THEN 'gone'
  ELSE 'open' END"""
_ALL = f"""SELECT s.id, s.kind, s.subject, s.name, s.detail, s.evidence, s.marked, s.people, s.amount, s.currency,
  s.since, s.until, s.first_found_at, s.found_at, s.gone_at, s.snoozed_until, acted.acted, acted.acted_on,
  acted.acted_at, {_SHOWN} AS shown FROM suggestion s {ACTED}"""
MOST = 200


async def shown_as(state: str) -> tuple[SuggestionView, ...]:
    """Those with most money a month first."""
    found = await database.fetch_as(SuggestionView, f"{_ALL} WHERE {_SHOWN} = $2 LIMIT {MOST}", clock.now(), state)
    return _most_money_first(found)


def _most_money_first(found: Iterable[SuggestionView]) -> tuple[SuggestionView, ...]:
    return tuple(sorted(found, key=lambda one: (-abs(one.month), one.kind, one.name)))


def for_today() -> Query[tuple[SuggestionView, ...]]:
    """Open ones that money speaks for, found within two days: what could not be looked for since is not of today."""
    now = clock.now()
    return Query(_FOR_TODAY, (now, now - timedelta(days=DAYS_ON_TODAY)), _read_for_today)


_FOR_TODAY = f"SELECT json_agg(o) FROM ({_ALL} WHERE {_SHOWN} = 'open' AND s.found_at > $2 LIMIT {MOST}) o"


def _read_for_today(found: Any) -> tuple[SuggestionView, ...]:
    views = msgspec.convert(found or [], list[SuggestionView], strict=False)
    return _most_money_first(one for one in views if one.month)[:ON_TODAY]


async def counts() -> dict[str, int]:
    return dict(
        await database.fetch_rows(f"SELECT {_SHOWN}, count(*) FROM suggestion s {ACTED} GROUP BY 1", clock.now())
    )


async def by_id(id: UUID) -> SuggestionView:
    found = await database.fetch_one_as(SuggestionView, f"{_ALL} WHERE s.id = $2", clock.now(), id)
    if found is None:
        raise NotFound("This suggestion does not exist.")
    return found


async def decisions(id: UUID) -> list[DecisionRow]:
    """The latest first."""
    return await database.fetch_as(DecisionRow, _DECISIONS, id)


async def looks() -> dict[str, LookRow]:
    one = SuggestionLook
    rows = await one.select(one.kind, one.at, one.subjects, one.found, one.most, one.trouble)
    return {row["kind"]: LookRow(**row) for row in rows}


async def look_again(*, by: UUID) -> None:
    """Have them looked for soon; asked again before that is over, once."""
    if await is_being_looked_for():
        return
    async with database.transaction():
        await jobs.defer(TASK, lock=TASK, queueing_lock=TASK)
        await audit.record(by, "asked for", "suggestions", "", after={})


async def is_being_looked_for() -> bool:
    return await waiting_jobs.is_waiting(TASK)


_DECISIONS = """SELECT d.state, d.reason, d.until, coalesce(nullif(p.name, ''), p.email, 'Somebody') AS by, d.at
FROM suggestion_decision d LEFT JOIN insights_people p ON p.id = d.by AND p.erased_at IS NULL
WHERE d.suggestion = $1 ORDER BY d.at DESC, d.id DESC"""
