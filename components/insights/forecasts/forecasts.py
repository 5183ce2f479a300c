"""What was forecast last: read from rows, without any arithmetic."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import audit, clock, database, jobs, json
from components.insights import waiting_jobs
from components.insights.forecasts.forecast_values import Outcome, PastForecast
from components.insights.tables import Forecast

TASK = "fit_forecasts"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastRow:
    """`name` is the plan's; `model` is empty where nothing can be said, and `words` say why."""

    kind: str
    name: str
    plan: UUID | None
    interval: str
    interval_count: int
    model: str
    parameters: tuple[float, ...]
    log_likelihood: float | None
    people: int
    words: str
    outcome: Outcome
    past: tuple[PastForecast, ...]
    fitted_at: datetime


class RiskRow(NamedTuple):
    """`chance` in basis points that they still order, or use benefits; see the table. Of who has cancelled ("ending")
    or owes a payment ("owing") there is none: `last_at` is when it ends, or since when it is owed."""

    person: UUID
    name: str
    kind: str
    chance: int
    times: int
    out_of: int
    usual_days: int
    last_at: datetime


class _Row(NamedTuple):
    kind: str
    name: str
    plan: UUID | None
    interval: str
    interval_count: int
    model: str
    parameters: str
    log_likelihood: float | None
    people: int
    words: str
    outcome: str
    past: str
    fitted_at: datetime


async def latest() -> tuple[ForecastRow, ...]:
    """Plans with most members first."""
    return tuple(
        ForecastRow(
            kind=row.kind, name=row.name, plan=row.plan, interval=row.interval, interval_count=row.interval_count,
            model=row.model, parameters=json.load_as(tuple[float, ...], row.parameters),
            log_likelihood=row.log_likelihood, people=row.people, words=row.words,
            outcome=json.load_as(Outcome, row.outcome), past=json.load_as(tuple[PastForecast, ...], row.past),
            fitted_at=row.fitted_at,
        )
        for row in await database.fetch_as(_Row, _LATEST)
    )  # fmt: skip


async def are_made() -> bool:
    return await Forecast.exists()


async def at_risk() -> tuple[RiskRow, ...]:
    """Whoever has cancelled or owes a payment, those who go first first; then by last night's forecasts, those with
    most to lose first. Without whoever was erased since."""
    now = clock.now()
    known = await database.fetch_as(RiskRow, _KNOWN.format(among=""), now, MOST_KNOWN)
    return tuple(known + await database.fetch_as(RiskRow, _AT_RISK.format(among=""), now))


async def at_risk_of(people: Sequence[UUID]) -> tuple[RiskRow, ...]:
    """Of these people, as of all: whoever has cancelled or owes first."""
    now, ids = clock.now(), list(people)
    known = await database.fetch_as(RiskRow, _KNOWN.format(among="AND s.payer = ANY($3)"), now, MOST_KNOWN, ids)
    return tuple(known + await database.fetch_as(RiskRow, _AT_RISK.format(among="AND r.person = ANY($2)"), now, ids))


async def refit(*, by: UUID) -> None:
    """Have all models fitted soon; asked again before that is over, once."""
    if await is_being_fitted():
        return
    async with database.transaction():
        await jobs.defer(TASK, lock=TASK, queueing_lock=TASK)
        await audit.record(by, "asked for", "forecasts", "", after={})


async def is_being_fitted() -> bool:
    return await waiting_jobs.is_waiting(TASK)


_LATEST = """
SELECT f.kind, coalesce(p.name, '') AS name, f.plan, f.interval, f.interval_count, f.model, f.parameters::text,
  f.log_likelihood, f.people, f.words, f.outcome::text, f.past::text, f.fitted_at
FROM forecast f LEFT JOIN insights_plans p ON p.id = f.plan
ORDER BY (f.outcome->>'now')::bigint DESC, p.position, f.interval, f.interval_count
"""
MOST_KNOWN = 200
"""Of those who have cancelled, and of those who owe, so many are listed; all are found among the members."""
_RUNS = """FROM insights_subscriptions s JOIN insights_people p ON p.id = s.payer AND p.erased_at IS NULL
  WHERE s.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed') AND s.started_at IS NOT NULL
    AND EXISTS (SELECT FROM insights_memberships m WHERE m.source_id = s.id AND m.source = 'subscription'
      AND m.holder = s.payer AND holds(m.starts_at, m.ends_at, $1))"""
_NO_CHANCE = "0 AS chance, 0 AS times, 0 AS out_of, 0 AS usual_days"
_NAME = "coalesce(nullif(p.name, ''), p.email) AS name"
_KNOWN = f"""
(SELECT s.payer AS person, {_NAME}, 'ending' AS kind, {_NO_CHANCE}, s.cancel_at AS last_at {_RUNS}
  AND s.cancel_at > $1 {{among}} ORDER BY s.cancel_at, s.payer LIMIT $2)
UNION ALL
(SELECT s.payer, {_NAME}, 'owing', {_NO_CHANCE}, s.past_due_since {_RUNS}
  AND (s.cancel_at > $1) IS NOT TRUE AND s.status IN ('past_due', 'unpaid') AND s.past_due_since IS NOT NULL {{among}}
  ORDER BY s.past_due_since, s.payer LIMIT $2)"""
_AT_RISK = """
SELECT r.person, coalesce(nullif(p.name, ''), p.email) AS name, r.kind, r.chance, r.times, r.out_of, r.usual_days,
  r.last_at
FROM member_at_risk r JOIN insights_people p ON p.id = r.person
WHERE p.erased_at IS NULL {among} AND EXISTS (SELECT FROM insights_memberships m
  WHERE m.holder = r.person AND holds(m.starts_at, m.ends_at, $1))
  AND NOT EXISTS (SELECT FROM insights_subscriptions s WHERE s.payer = r.person
    AND s.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed')
    AND (s.cancel_at > $1 OR s.status IN ('past_due', 'unpaid'))
    AND EXISTS (SELECT FROM insights_memberships m WHERE m.source_id = s.id AND m.source = 'subscription'
      AND m.holder = s.payer AND holds(m.starts_at, m.ends_at, $1)))
ORDER BY r.kind DESC, r.times DESC, r.chance, r.person
"""
