"""The MRR, churn and cohorts of each month, read from what is kept: sums of at most some thousand numbers."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate, pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from components.foundation import clock
from components.foundation.database import Query
from components.foundation.shop_settings import shop_settings
from components.insights.metrics.retention import Churned, Cohort
from components.insights.movements.month_edges import month_edges, months_since
from components.insights.movements.mrr import KINDS, MrrPeriod
from components.insights.rollups import counted_movements as counted
from components.insights.rollups import unrolled
from components.insights.rollups.unrolled import CHANGED, cohort_parts, month_parts

LEAST = 24


@dataclass(frozen=True)
class Months:
    """The oldest month first; the last is the current month to date."""

    months: tuple[MrrPeriod, ...]
    cohorts: tuple[Cohort, ...] = ()
    churned: tuple[Churned, ...] = ()

    @property
    def complete(self) -> tuple[Churned, ...]:
        """The member churn of every full month."""
        return self.churned[:-1]

    @property
    def mrr(self) -> int:
        return self.months[-1].end

    @property
    def highest(self) -> int:
        return max(month.end for month in self.months)


@dataclass(frozen=True, slots=True)
class _Moved:
    """What moved in one month, by kind; how many more pay, and how many members of its start have left."""

    amounts: dict[str, int]
    people: int = 0
    left: int = 0


_AHEAD = "WHERE at >= $3 AND month <= date_trunc('month', $3 AT TIME ZONE $1)::date"
"""What a clock that was put back has still before it: of this month, and not yet."""
_CHOSEN = "($4::uuid IS NULL OR plan = $4) AND ($5::text = '' OR every = $5)"
_SQL = f"""{CHANGED}, by_month AS ({month_parts("month, kind", "amount people members_left")}),
by_cohort AS (SELECT cohort, month, sum(people)::bigint AS people, sum(mrr)::bigint AS mrr,
    sum(joined)::bigint AS joined, sum(opening)::bigint AS opening
  FROM ({cohort_parts("cohort, plan, every, month", "people mrr joined opening")}) c WHERE {_CHOSEN}
  GROUP BY cohort, month),
unchanged AS (SELECT * FROM figure_movement
  WHERE at >= $3 AND (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)),
ahead AS (
  SELECT cohort, -sum(people)::bigint AS people, -sum(mrr)::bigint AS mrr FROM (
    {counted.by_cohort(f"FROM fresh_joined {_AHEAD}")} UNION ALL
    {counted.by_cohort(f"FROM unchanged {_AHEAD}")}) one WHERE {_CHOSEN} GROUP BY cohort)
SELECT json_build_object(
  'months', (SELECT json_agg(json_build_array(month, kind, amount, people, members_left)) FROM by_month),
  'cohorts', (SELECT json_agg(json_build_array(cohort, month, people, mrr, joined, opening)) FROM by_cohort),
  'ahead', (SELECT json_object_agg(cohort, json_build_array(people, mrr)) FROM ahead))"""


def query(*, number: int | None = LEAST, plan: UUID | None = None, every: str = "") -> Query[Months]:
    """The last calendar months in the shop's time zone; with None, from the month of the first movement on.

    The cohorts are only of those who first paid for the plan, and so often, if one is named.
    """
    now = clock.now()
    return Query(_SQL, (*unrolled.args(), now, plan, every), lambda found: _months(found, number, now))


def _months(found: dict[str, Any], number: int | None, now: datetime) -> Months:
    moved = _by_month(found["months"] or ())
    first = datetime.combine(min(moved), datetime.min.time(), _zone()) if moved else now
    edges = month_edges(now, number or max(LEAST, months_since(first, now)))
    return Months(
        tuple(_periods(moved, edges)),
        tuple(_cohorts(found["cohorts"] or (), found["ahead"] or {}, edges)),
        tuple(_churned(moved, edges)),
    )


def _zone() -> ZoneInfo:
    return ZoneInfo(shop_settings.current().time_zone)


def _first_day(edge: datetime) -> date:
    return edge.astimezone(_zone()).date()


def _by_month(rows: Sequence[Sequence[Any]]) -> dict[date, _Moved]:
    amounts: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(KINDS, 0))
    people, left = defaultdict[date, int](int), defaultdict[date, int](int)
    for day, kind, amount, more, members_left in rows:
        month = date.fromisoformat(day)
        amounts[month][kind] += amount
        people[month] += more
        left[month] += members_left
    return {month: _Moved(amounts[month], people[month], left[month]) for month in sorted(amounts)}


def _periods(moved: dict[date, _Moved], edges: Sequence[datetime]) -> Iterator[MrrPeriod]:
    first = _first_day(edges[0])
    start = sum(sum(one.amounts.values()) for month, one in moved.items() if month < first)
    for from_at, until in pairwise(edges):
        one = moved.get(_first_day(from_at))
        period = MrrPeriod(from_at, until, start, one.amounts if one else dict.fromkeys(KINDS, 0))
        yield period
        start = period.end


def _churned(moved: dict[date, _Moved], edges: Sequence[datetime]) -> Iterator[Churned]:
    first = _first_day(edges[0])
    paying = sum(one.people for month, one in moved.items() if month < first)
    for from_at in edges[:-1]:
        one = moved.get(_first_day(from_at), _Moved({}))
        yield Churned(from_at, paying, one.left)
        paying += one.people


def _cohorts(
    rows: Sequence[Sequence[Any]], ahead: dict[str, Sequence[int]], edges: Sequence[datetime]
) -> Iterator[Cohort]:
    """The last cell is the current state; months without new members are left out."""
    months = [_first_day(edge).isoformat() for edge in edges[:-1]]
    found: dict[str, dict[str, Sequence[int]]] = defaultdict(dict)
    for cohort, month, *numbers in rows:
        found[cohort][month] = numbers
    for place, (month, from_at) in enumerate(zip(months, edges[:-1], strict=True)):
        _, _, joined, opening = found[month].get(month, (0, 0, 0, 0))
        if not joined:
            continue
        cells = [found[month].get(later, (0, 0)) for later in months[place:]]
        not_yet, its_mrr = ahead.get(month, (0, 0))
        paying = list(accumulate(cell[0] for cell in cells))
        mrr = list(accumulate(cell[1] for cell in cells))
        yield Cohort(
            from_at, joined, opening, (*paying[:-1], paying[-1] + not_yet), (*mrr[:-1], mrr[-1] + its_mrr)
        )  # fmt: skip
