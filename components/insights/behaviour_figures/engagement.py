"""How engaged a member is: one number from 0 to 100, from what they did in the last ninety days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.foundation.shop_settings import shop_settings

DAYS = 90
PER_PAGE = 50
FORMULA = (
    "Recency, up to 40 points: all of them if they last visited, ordered or used a benefit within 7 days, evenly fewer "
    "down to none after 90 days. Frequency, up to 30: 3 for each of the last 90 days on which they visited or "
    "ordered. Benefits, up to 30: 6 for each benefit on each day they used it in the last 90 days. Visits count only "
    "of members who agreed that they are kept."
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
    """A page of everybody with a membership now, the most engaged first."""
    found = await database.fetch_as(EngagedMember, _LIST, *_args(None), PER_PAGE, (number - 1) * PER_PAGE)
    return tuple(found)


async def of_person(person: UUID) -> EngagedMember | None:
    """None of whoever has no membership now."""
    return await database.fetch_one_as(EngagedMember, _LIST, *_args(person), 1, 0)


def _args(person: UUID | None) -> tuple[object, ...]:
    now = clock.now()
    return now, now - timedelta(days=DAYS), shop_settings.current().time_zone, person


_LIST = """
WITH member AS MATERIALIZED (SELECT DISTINCT holder AS person FROM insights_memberships
  WHERE holds(starts_at, ends_at, $1) AND ($4::uuid IS NULL OR holder = $4)),
did AS (
  SELECT v.person, v.at, (v.at AT TIME ZONE $3)::date AS day, NULL::uuid AS benefit FROM insights_page_views v
    JOIN member USING (person) WHERE v.at > $2 AND v.at <= $1
  UNION ALL SELECT o.person, o.paid_at, (o.paid_at AT TIME ZONE $3)::date, NULL FROM insights_orders o
    JOIN member USING (person) WHERE o.paid_at > $2 AND o.paid_at <= $1
  UNION ALL SELECT u.person, u.at, (u.at AT TIME ZONE $3)::date, u.benefit FROM insights_benefit_uses u
    JOIN member USING (person) WHERE u.at > $2 AND u.at <= $1),
summed AS (SELECT m.person, max(d.at) AS last_at,
    count(DISTINCT d.day) FILTER (WHERE d.benefit IS NULL)::int AS days,
    count(DISTINCT (d.benefit, d.day)) FILTER (WHERE d.benefit IS NOT NULL)::int AS uses
  FROM member m LEFT JOIN did d ON d.person = m.person GROUP BY m.person),
parts AS (SELECT s.*, CASE WHEN last_at IS NULL THEN 0 ELSE
      round(40 * (90 - greatest(7, floor(extract(epoch FROM $1 - last_at) / 86400))) / 83.0)::int END AS recency,
    least(30, 3 * days) AS frequency, least(30, 6 * uses) AS benefits FROM summed s)
SELECT p.person, coalesce(nullif(i.name, ''), i.email) AS name, p.recency + p.frequency + p.benefits AS score,
  p.recency, p.frequency, p.benefits, p.last_at, p.days, p.uses, count(*) OVER ()::int AS total
FROM parts p JOIN insights_people i ON i.id = p.person
ORDER BY score DESC, p.last_at DESC NULLS LAST, p.person LIMIT $5 OFFSET $6"""
