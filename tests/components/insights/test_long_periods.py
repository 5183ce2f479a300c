"""Long and long-gone periods: what each part costs, and which cohorts are shown. Nothing of it asks the database."""

import cProfile
from datetime import UTC, date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta

from components.insights.metrics.retention import Cohort
from components.insights.periods import chosen_period, period_figures, programme
from components.insights.periods.plan_flows import Flow, Flows
from components.insights.periods.programme import Programme
from components.insights.periods.sold_flows import SoldFlows
from components.insights.rollups.month_figures import Months

ZONE, NOW = ZoneInfo("Europe/London"), datetime(2026, 11, 30, 11, tzinfo=UTC)
PLANS = [uuid4() for _ in range(2)]


def made(asked: dict[str, str], cohorts: tuple[Cohort, ...] = ()) -> Programme:
    """In each part two plans had somebody new, and one lost somebody."""
    chosen = chosen_period.parse(asked, now=NOW, began=None, zone=ZONE)
    edges = tuple(sorted(set(programme._edges(chosen, NOW))))
    rows = [
        Flow(place, plan, "1 month", kind, "", "", amount, people, left, 0, 0, 0)
        for place in range(len(edges))
        for plan, kind, amount, people, left in (
            (PLANS[0], "new", 450, 1, 0), (PLANS[1], "new", 900, 1, 0), (PLANS[0], "churn", -450, -1, 1),
        )
    ]  # fmt: skip
    flows = Flows(edges, tuple(rows))
    midnights = tuple(sorted(set(programme._midnights(chosen))))
    sold = SoldFlows(midnights, tuple((place, "order", "member", 1, 100) for place in range(len(midnights) + 1)))
    return Programme(chosen, NOW, flows, flows, sold, Months((), cohorts))


def calls(key: str, years: int) -> int:
    """How many functions are called for all months of so many years."""
    found = made({"from": f"{2026 - years}-01-01", "compare": "none"})
    counted = cProfile.Profile()
    with counted:
        for part in found.chosen.days.parts():
            period_figures.of_part(period_figures.BY_KEY[key], found, part)
    return sum(one.callcount for one in counted.getstats())


@pytest.mark.parametrize("key", ["mrr", "members", "member-churn", "net-mrr-churn", "churned-mrr", "sales"])
def test_twice_as_long_a_period_is_twice_the_work_for_its_parts(key: str) -> None:
    assert calls(key, 24) < 2.6 * calls(key, 12)


def test_an_index_by_place_adds_up_to_the_rows() -> None:
    found = made({"from": "2025-01-01", "compare": "none"})
    flows = found.flows.of(plan=PLANS[0])
    for n, edge in enumerate(flows.edges):
        before = [one for one in flows.rows if one.place <= n]
        assert (flows.mrr(edge), flows.members(edge)) == (
            sum(one.amount for one in before), sum(one.people for one in before),
        )  # fmt: skip
    assert flows.moved(flows.edges[1], flows.edges[3]) == {"new": 900, "churn": -900}
    assert flows.left(flows.edges[0], flows.edges[-1]) == 0, "of those who paid for this plan then"
    assert found.flows.left(flows.edges[0], flows.edges[-1]) == len(flows.edges) - 1
    assert found.sold_in(found.chosen.days).orders == len(found.sold.edges) - 1


def since(year: int) -> tuple[Cohort, ...]:
    """One cohort of each month from January of that year on."""
    first, found = date(year, 1, 1), list[Cohort]()
    while first <= NOW.date():
        found.append(Cohort(datetime(first.year, first.month, 1, tzinfo=ZONE), 10, 4500, (10,), (4500,)))
        first += relativedelta(months=1)
    return tuple(found)


@pytest.mark.parametrize(
    ("asked", "oldest", "latest", "left_out"),
    [
        ({"from": "2021-01-01", "to": "2021-12-31"}, "2021-01", "2021-12", 0),
        ({"from": "2021-12-01", "to": "2021-12-31"}, "2021-01", "2021-12", 0),
        ({"from": "2020-01-01", "to": "2023-12-31"}, "2021-01", "2023-12", 12),
        ({"from": "2021-01-01"}, "2023-12", "2026-11", 35),
        ({"from": "2023-12-01"}, "2023-12", "2026-11", 0),
        ({}, "2025-12", "2026-11", 0),
        ({"period": "last-month"}, "2025-11", "2026-10", 0),
        ({"period": "this-month"}, "2025-12", "2026-11", 0),
    ],
)
def test_cohorts_are_those_of_the_period_back_from_its_end(
    asked: dict[str, str], oldest: str, latest: str, left_out: int
) -> None:
    found = made(asked, since(2020))
    shown, older = found.cohorts()
    assert (f"{shown[0].from_at:%Y-%m}", f"{shown[-1].from_at:%Y-%m}", older) == (oldest, latest, left_out)
