"""What leads to joining: where the page to join was opened from, and what was read before."""

from dataclasses import dataclass
from typing import Any

from components.foundation.database import Query
from components.insights.behaviour_figures.funnels import JOINED
from components.insights.behaviour_figures.seen_periods import SeenPeriod

MOST = 20
DAYS_BEFORE = 90


@dataclass(frozen=True, slots=True)
class CameFrom:
    """`subject` as counted: "article:care", "home"; `title` of the article, product or collection, if it is there."""

    subject: str
    title: str
    times: int


@dataclass(frozen=True, slots=True)
class ReadBefore:
    """`people` who joined in the period read it in the ninety days before."""

    slug: str
    title: str
    people: int


@dataclass(frozen=True, slots=True)
class LeadsToJoining:
    """`joined` began a membership with a fee; of `known` of them visits are kept."""

    came_from: tuple[CameFrom, ...]
    read: tuple[ReadBefore, ...]
    joined: int
    known: int


def query(period: SeenPeriod) -> Query[LeadsToJoining]:
    return Query(_SQL, period.args, _read)


def _read(found: Any) -> LeadsToJoining:
    return LeadsToJoining(
        came_from=tuple(CameFrom(*row) for row in found["came_from"] or ()),
        read=tuple(ReadBefore(*row) for row in found["read"] or ()),
        joined=found["joined"],
        known=found["known"],
    )


_SQL = f"""
WITH joined AS MATERIALIZED (SELECT DISTINCT ON (person) person, at FROM ({JOINED}) j ORDER BY person, at),
seen AS MATERIALIZED (SELECT j.person, v.kind, v.subject FROM joined j JOIN insights_page_views v
  ON v.person = j.person AND v.at < j.at AND v.at >= j.at - interval '{DAYS_BEFORE} days'),
opened AS (SELECT subject, sum(times)::int AS times FROM insights_view_counts
  WHERE day BETWEEN $1 AND $2 AND kind = 'join' AND NOT is_member GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {MOST}),
read AS (SELECT subject, count(DISTINCT person)::int AS people FROM seen WHERE kind = 'article' GROUP BY 1
  ORDER BY 2 DESC, 1 LIMIT {MOST})
SELECT json_build_object(
  'came_from', (SELECT json_agg(json_build_array(o.subject, coalesce(
      (SELECT a.title FROM insights_articles a WHERE o.subject = 'article:' || a.slug),
      (SELECT p.title FROM insights_products p WHERE o.subject = 'product:' || p.slug), ''), o.times)
    ORDER BY o.times DESC, o.subject) FROM opened o),
  'read', (SELECT json_agg(json_build_array(r.subject, coalesce(
      (SELECT a.title FROM insights_articles a WHERE a.slug = r.subject), r.subject), r.people)
    ORDER BY r.people DESC, r.subject) FROM read r),
  'joined', (SELECT count(*)::int FROM joined),
  'known', (SELECT count(DISTINCT person)::int FROM seen))"""
