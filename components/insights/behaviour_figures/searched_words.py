"""What is searched for, and what of it is not found."""

from dataclasses import dataclass
from typing import Any

from components.foundation.database import Query
from components.insights.behaviour_figures.seen_periods import SeenPeriod

MOST = 25


@dataclass(frozen=True, slots=True)
class SearchedWords:
    """`empty` of `times` found nothing."""

    words: str
    times: int
    empty: int


@dataclass(frozen=True, slots=True)
class Searches:
    """`often` and `in_vain` are those that were searched for, and in vain, most often."""

    times: int
    empty: int
    often: tuple[SearchedWords, ...]
    in_vain: tuple[SearchedWords, ...]


def query(period: SeenPeriod) -> Query[Searches]:
    return Query(_SQL, period.args[:2], _read)


def _read(found: Any) -> Searches:
    often, in_vain = (tuple(SearchedWords(*row) for row in found[name] or ()) for name in ("often", "in_vain"))
    return Searches(found["times"], found["empty"], often, in_vain)


_SQL = f"""
WITH searched AS MATERIALIZED (SELECT subject, sum(times)::int AS times, sum(empty_times)::int AS empty
  FROM insights_view_counts WHERE day BETWEEN $1 AND $2 AND kind = 'search' GROUP BY 1)
SELECT json_build_object(
  'times', (SELECT coalesce(sum(times), 0)::int FROM searched),
  'empty', (SELECT coalesce(sum(empty), 0)::int FROM searched),
  'often', (SELECT json_agg(json_build_array(subject, times, empty) ORDER BY times DESC, subject) FROM (
    SELECT * FROM searched ORDER BY times DESC, subject LIMIT {MOST}) o),
  'in_vain', (SELECT json_agg(json_build_array(subject, times, empty) ORDER BY empty DESC, subject) FROM (
    SELECT * FROM searched WHERE empty > 0 ORDER BY empty DESC, subject LIMIT {MOST}) v))"""
