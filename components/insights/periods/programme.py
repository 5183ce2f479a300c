"""All that a page or a program reads of one period, and of the one it is compared with: in one statement."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from components.foundation import clock, database
from components.foundation.database import Query
from components.foundation.intervals import months_later
from components.foundation.shop_settings import shop_settings
from components.insights.metrics.retention import Cohort
from components.insights.movements.month_edges import months_since
from components.insights.periods import buyers, chosen_period, plan_flow_queries, sold_flows
from components.insights.periods.buyers import Buyers
from components.insights.periods.chosen_period import BadPeriod, ChosenPeriod
from components.insights.periods.period_days import Days, midnight_of, month_of
from components.insights.periods.plan_flows import Flows
from components.insights.periods.sold_flows import Sold, SoldFlows
from components.insights.rollups import month_figures
from components.insights.rollups.month_figures import Months
from components.memberships.plans import plan_catalogue

INSTANT = timedelta(microseconds=1)
COHORTS, MOST_COHORTS = 12, 36
"""Months of cohorts up to the end of a period that are shown of a short one, and of a long one at most."""


@dataclass(frozen=True)
class Programme:
    """`flows` are those of the chosen plan and interval, `all_flows` of everybody."""

    chosen: ChosenPeriod
    now: datetime
    flows: Flows
    all_flows: Flows
    sold: SoldFlows
    months: Months

    def end_of(self, days: Days) -> datetime:
        return _end(days, self.now)

    def is_under_way(self, days: Days) -> bool:
        return days.until > self.now

    def mrr(self, days: Days) -> int:
        """At its end."""
        return self.flows.mrr(self.end_of(days))

    def mrr_at_start(self, days: Days) -> int:
        return self.flows.mrr(days.from_at)

    def members(self, days: Days) -> int:
        return self.flows.members(self.end_of(days))

    def moved(self, days: Days) -> dict[str, int]:
        return self.flows.moved(days.from_at, self.end_of(days))

    def churned_members(self, month: date) -> tuple[int, int]:
        """Of a whole month: members at its start, and those of them who left in it."""
        from_at, until = _edges_of(month, self.chosen.days.zone)
        return self.flows.members(from_at), self.flows.left(from_at, until)

    def churn_months(self, days: Days) -> list[date]:
        return _churn_months(days, self.now)

    @cached_property
    def full_months(self) -> frozenset[date]:
        """Those of the chosen period, worked out once for all its parts."""
        return frozenset(self.churn_months(self.chosen.days))

    def cohorts(self) -> tuple[list[Cohort], int]:
        """Of the chosen period, of a short one those of twelve months up to its end; and how many are left out, because
        they are older than the last 36 months of a long one."""
        days = self.chosen.days
        first, last = _cohort_months(days, self.now)
        asked = [one for one in self.months.cohorts if midnight_of(first, days.zone) <= one.from_at < self.end_of(days)]
        oldest = midnight_of(months_later(last, 1 - MOST_COHORTS), days.zone)
        shown = [one for one in asked if one.from_at >= oldest]
        return shown, len(asked) - len(shown)

    def sold_in(self, days: Days) -> Sold:
        return self.sold.between(days.from_at, days.until)


async def load(chosen: ChosenPeriod) -> Programme:
    (found,) = await load_with(chosen)
    return found  # type: ignore[no-any-return]


async def load_of_members(chosen: ChosenPeriod) -> Programme:
    """Of the memberships of one country or segment; what is sold, and cohorts, are in it of everybody. Raises
    `BadPeriod`."""
    if not chosen.is_of_buyers:
        return await load(chosen)
    now = clock.now()
    some = await buyers.members_of(chosen)
    edges = plan_flow_queries.query_of(_edges(chosen, now), some.whom)
    flows, sold, months = await some.batch(edges, *queries(chosen, now)[1:])
    return Programme(chosen, now, _chosen(flows, chosen), flows, sold, months)


async def load_with(chosen: ChosenPeriod, *others: Query[Any]) -> tuple[Any, ...]:
    """The programme, and the answers to others, of one statement."""
    now = clock.now()
    some = await buyers.of(chosen)
    flows, sold, months, *rest = await database.batch(*queries(chosen, now, some), *others)
    return Programme(chosen, now, _chosen(flows, chosen), flows, sold, months), *rest


def queries(
    chosen: ChosenPeriod, now: datetime, some: Buyers | None = None
) -> tuple[Query[Flows], Query[SoldFlows], Query[Months]]:
    number = months_since(midnight_of(_cohort_months(chosen.days, now)[0], chosen.days.zone), now)
    return (
        plan_flow_queries.query(_edges(chosen, now)),
        sold_flows.query(_midnights(chosen), now=now, some=some),
        month_figures.query(number=max(number, month_figures.LEAST), plan=plan_of(chosen), every=chosen.every),
    )


def plan_of(chosen: ChosenPeriod) -> UUID | None:
    """Raises `BadPeriod`."""
    found = {plan.slug: plan.id for plan in plan_catalogue.all_plans()}
    if chosen.plan and chosen.plan not in found:
        raise BadPeriod({"plan": "There is no such plan. Choose one of those listed."})
    return found.get(chosen.plan)


async def choose(asked: Mapping[str, str], *, is_of_some: bool = False) -> ChosenPeriod:
    """What an address asks for, today; only of what `is_of_some` it may be a country or a segment. Raises
    `BadPeriod`."""
    if not is_of_some:
        buyers.refuse_where_not_kept(asked)
    zone = ZoneInfo(shop_settings.current().time_zone)
    began = await database.fetch_value(_BEGAN) if asked.get("period") == "all" or asked.get("to") else None
    chosen = chosen_period.parse(asked, now=clock.now(), began=began, zone=zone)
    plan_of(chosen)
    return chosen


_BEGAN = "SELECT least((SELECT min(at) FROM movement), (SELECT min(paid_at) FROM insights_orders))"


def _chosen(flows: Flows, chosen: ChosenPeriod) -> Flows:
    return flows.of(plan=plan_of(chosen), every=chosen.every)


def _end(days: Days, now: datetime) -> datetime:
    return max(days.from_at, min(days.until, now + INSTANT))


def _edges_of(month: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return midnight_of(month, zone), midnight_of(months_later(month, 1), zone)


def _churn_months(days: Days, now: datetime) -> list[date]:
    """Those that are whole in the period and over; without one, the last before its end."""
    whole = [month for month in days.months() if _edges_of(month, days.zone)[1] <= now]
    return whole or [months_later(month_of(min(days.last, now.astimezone(days.zone).date())), -1)]


def _cohort_months(days: Days, now: datetime) -> tuple[date, date]:
    """The first and the last of which cohorts are asked for."""
    last = month_of(min(days.last, now.astimezone(days.zone).date()))
    return min(month_of(days.first), months_later(last, 1 - COHORTS)), last


def _edges(chosen: ChosenPeriod, now: datetime) -> list[datetime]:
    found = list[datetime]()
    for days in (chosen.days, *chosen.days.parts(), chosen.compared):
        if days is not None:
            found += [days.from_at, _end(days, now)]
    for days in (chosen.days, chosen.compared or chosen.days):
        for month in _churn_months(days, now):
            found += _edges_of(month, days.zone)
    return found if len(set(found)) > 1 else [*found, found[0] + INSTANT]


def _midnights(chosen: ChosenPeriod) -> list[datetime]:
    parts = [chosen.days, *chosen.days.parts(), *([chosen.compared] if chosen.compared else [])]
    return [edge for days in parts for edge in (days.from_at, days.until)]
