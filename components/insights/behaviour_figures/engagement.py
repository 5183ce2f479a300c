"""How engaged a member is: one number from 0 to 100, from what they did in the last ninety days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database import time_limits
from components.foundation.database.time_limits import LONG_SECONDS
from components.foundation.shop_settings import shop_settings
from components.insights.tables import EngagementScore

TASK = "score_engagement"
DAYS = 90
PER_PAGE = 50
WAS_USED = "reference NOT LIKE 'refund%'"
"""Of a row of `insights_benefit_uses`: somebody used a benefit. What a refund takes off again, and what a refund that
failed puts back, are rows too, and nothing that they did; credit is none, neither given nor run out."""
FORMULA = (
    "Recency, up to 40 points: all of them if they last visited, ordered or used a benefit within 7 days, evenly fewer "
    "down to none after 90 days. Frequency, up to 30: 3 for each of the last 90 days on which they visited or "
    "ordered. Benefits, up to 30: 6 for each benefit on each day they used it in the last 90 days. Visits count only "
    "of members who agreed that they are kept. Refunds, and credit that was given or has run out, count for nothing."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagedMember:
    """`last_at` is when they last did something; `days` on which they did; `uses` of benefits. `total` members are in
    the list."""

    person: UUID
    name: str
    score: int
    recency: int
    frequency: int
    benefits: int
    last_at: datetime | None
    days: int
    uses: int
    total: int

    @property
    def formula(self) -> str:
        return FORMULA


async def members(*, number: int = 1) -> tuple[EngagedMember, ...]:
    """A page of everybody who had a membership when it was last worked out, the most engaged first."""
    return tuple(await database.fetch_as(EngagedMember, _LIST, PER_PAGE, (number - 1) * PER_PAGE))


async def noted_at() -> datetime | None:
    """When it was last worked out for everybody."""
    found = await EngagementScore.select(EngagementScore.noted_at).first()
    return found["noted_at"] if found else None


async def of_person(person: UUID) -> EngagedMember | None:
    """Now. None of whoever has no membership now."""
    return await database.fetch_one_as(EngagedMember, _ONE, *_args(person))


async def work_out() -> None:
    """For everybody with a membership now: the job of each night."""
    with time_limits.of_long_work():
        async with database.transaction():
            await database.fetch_value("SELECT set_config('statement_timeout', $1, true)", f"{LONG_SECONDS}s")
            await EngagementScore.delete(force=True)
            await database.execute(_WORK_OUT, *_args(None))


def _args(person: UUID | None) -> tuple[object, ...]:
    now = clock.now()
    return now, now - timedelta(days=DAYS), shop_settings.current().time_zone, person


_PARTS = f"""
WITH member AS MATERIALIZED (SELECT DISTINCT holder AS person FROM insights_memberships
  WHERE holds(starts_at, ends_at, $1) AND ($4::uuid IS NULL OR holder = $4)),
did AS (
  SELECT v.person, v.at, (v.at AT TIME ZONE $3)::date AS day, NULL::uuid AS benefit FROM insights_page_views v
    JOIN member USING (person) WHERE v.at > $2 AND v.at <= $1
  UNION ALL SELECT o.person, o.paid_at, (o.paid_at AT TIME ZONE $3)::date, NULL FROM insights_orders o
    JOIN member USING (person) WHERE o.paid_at > $2 AND o.paid_at <= $1
  UNION ALL SELECT u.person, u.at, (u.at AT TIME ZONE $3)::date, u.benefit FROM insights_benefit_uses u
    JOIN member USING (person) WHERE u.at > $2 AND u.at <= $1 AND u.{WAS_USED}),
summed AS (SELECT m.person, max(d.at) AS last_at,
    count(DISTINCT d.day) FILTER (WHERE d.benefit IS NULL)::int AS days,
    count(DISTINCT (d.benefit, d.day)) FILTER (WHERE d.benefit IS NOT NULL)::int AS uses
  FROM member m LEFT JOIN did d ON d.person = m.person GROUP BY m.person),
parts AS (SELECT s.*, CASE WHEN last_at IS NULL THEN 0 ELSE
      round(40 * (90 - greatest(7, floor(extract(epoch FROM $1 - last_at) / 86400))) / 83.0)::int END AS recency,
    least(30, 3 * days) AS frequency, least(30, 6 * uses) AS benefits FROM summed s)"""
_WORK_OUT = f"""INSERT INTO engagement_score
  (person, score, recency, frequency, benefits, last_at, days, uses, noted_at) {_PARTS}
SELECT person, recency + frequency + benefits, recency, frequency, benefits, last_at, days, uses, $1 FROM parts"""
_NAMED = "coalesce(nullif(i.name, ''), i.email) AS name"
_ONE = f"""{_PARTS}
SELECT p.person, {_NAMED}, p.recency + p.frequency + p.benefits AS score, p.recency, p.frequency, p.benefits, p.last_at,
  p.days, p.uses, 1 AS total FROM parts p JOIN insights_people i ON i.id = p.person"""
_LIST = f"""
SELECT p.person, {_NAMED}, p.score, p.recency, p.frequency, p.benefits, p.last_at, p.days, p.uses,
  (SELECT count(*) FROM engagement_score)::int AS total
FROM (SELECT * FROM engagement_score ORDER BY score DESC, last_at DESC NULLS LAST, person LIMIT $1 OFFSET $2) p
JOIN insights_people i ON i.id = p.person AND i.erased_at IS NULL
ORDER BY p.score DESC, p.last_at DESC NULLS LAST, p.person"""
