"""How many go on from one step to the next: in times for everybody, in visitors for those who agreed."""

from dataclasses import dataclass
from typing import Any

from components.foundation.database import Query
from components.insights.behaviour_figures.seen_periods import SeenPeriod

BUYING = ("product", "added", "checkout", "orders")
JOINING = ("join", "joined")


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """`members` and `others` are times; `agreed_members` and `agreed_others` visitors who agreed and came this far, one
    step after the other."""

    key: str
    members: int
    others: int
    agreed_members: int
    agreed_others: int


def query(period: SeenPeriod) -> Query[dict[str, tuple[FunnelStep, ...]]]:
    """The steps of "buying" and of "joining"."""
    return Query(_SQL, period.args, _read)


def _read(found: Any) -> dict[str, tuple[FunnelStep, ...]]:
    times = {(key, is_member): number for key, is_member, number in found["times"]}
    agreed = {(key, is_member): number for key, is_member, number in found["agreed"]}

    def step(key: str) -> FunnelStep:
        return FunnelStep(key, *(of.get((key, is_member), 0) for of in (times, agreed) for is_member in (True, False)))

    return {"buying": tuple(map(step, BUYING)), "joining": tuple(map(step, JOINING))}


PAID = """
SELECT o.id, o.number, o.paid_at AS at, o.person, EXISTS (SELECT FROM insights_memberships m
  WHERE m.holder = o.person AND holds(m.starts_at, m.ends_at, o.placed_at)) AS is_member
FROM insights_orders o WHERE o.paid_at >= $3 AND o.paid_at < $4"""
"""Orders paid in the period; of a member, if they were one when they ordered."""
JOINED = """
SELECT m.id, m.holder AS person, m.starts_at AS at FROM insights_memberships m
WHERE m.source IN ('subscription', 'term') AND m.starts_at >= $3 AND m.starts_at < $4
  AND NOT EXISTS (SELECT FROM insights_memberships e WHERE e.holder = m.holder AND e.id <> m.id
    AND e.starts_at < m.starts_at AND (e.source_id = m.source_id
      OR (e.source <> 'free' AND coalesce(e.ends_at, 'infinity') >= m.starts_at)))"""
"""Memberships with a fee that began in the period, of people who had none but the free plan until then. One that goes
on after a pause is the same membership."""
_SQL = f"""
WITH paid AS MATERIALIZED ({PAID}), joined AS MATERIALIZED ({JOINED}),
seen AS MATERIALIZED (SELECT visitor, person, kind, at, is_member FROM insights_page_views
  WHERE day BETWEEN $1 AND $2 AND kind IN ('product', 'added', 'checkout', 'paid', 'join')),
s1 AS (SELECT visitor, min(at) AS at, (array_agg(is_member ORDER BY at))[1] AS is_member
  FROM seen WHERE kind = 'product' GROUP BY visitor),
s2 AS (SELECT s.visitor, s.is_member, min(v.at) AS at FROM s1 s JOIN seen v ON v.visitor = s.visitor
  AND v.kind = 'added' AND v.at >= s.at GROUP BY 1, 2),
s3 AS (SELECT s.visitor, s.is_member, min(v.at) AS at FROM s2 s JOIN seen v ON v.visitor = s.visitor
  AND v.kind = 'checkout' AND v.at >= s.at GROUP BY 1, 2),
s4 AS (SELECT s.visitor, s.is_member, min(v.at) AS at FROM s3 s JOIN seen v ON v.visitor = s.visitor
  AND v.kind = 'paid' AND v.at >= s.at GROUP BY 1, 2),
j1 AS (SELECT visitor, min(at) AS at, (array_agg(person) FILTER (WHERE person IS NOT NULL))[1] AS person
  FROM seen WHERE kind = 'join' AND NOT is_member GROUP BY visitor),
j2 AS (SELECT DISTINCT j.visitor FROM j1 j JOIN joined m ON m.person = j.person AND m.at >= j.at)
SELECT json_build_object(
  'times', (SELECT json_agg(json_build_array(kind, is_member, times)) FROM (
    SELECT kind, is_member, sum(times)::int AS times FROM insights_view_counts
      WHERE day BETWEEN $1 AND $2 AND (kind IN ('product', 'added', 'checkout') OR (kind = 'join' AND NOT is_member))
      GROUP BY 1, 2
    UNION ALL SELECT 'orders', is_member, count(*)::int FROM paid GROUP BY 2
    UNION ALL SELECT 'joined', false, count(*)::int FROM joined) t),
  'agreed', (SELECT json_agg(json_build_array(kind, is_member, visitors)) FROM (
    SELECT 'product' AS kind, is_member, count(*)::int AS visitors FROM s1 GROUP BY 2
    UNION ALL SELECT 'added', is_member, count(*)::int FROM s2 GROUP BY 2
    UNION ALL SELECT 'checkout', is_member, count(*)::int FROM s3 GROUP BY 2
    UNION ALL SELECT 'orders', is_member, count(*)::int FROM s4 GROUP BY 2
    UNION ALL SELECT 'join', false, count(*)::int FROM j1
    UNION ALL SELECT 'joined', false, count(*)::int FROM j2) a))"""
