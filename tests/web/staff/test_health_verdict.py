"""One sentence on whether the programme is healthy: growing, shrinking or steady."""

from datetime import timedelta

import pytest

from components.insights.periods.period_figures import BY_KEY, Change
from components.insights.periods.plan_flows import Flow, Flows
from tests.components.insights.test_long_periods import PLANS, made, since
from tests.conftest import NOON
from web.staff.reports.programme import glance, health_verdict, retention_charts, today_glance


def verdict(*moved: tuple[int, str, int]) -> tuple[str, str]:
    """Of this month, with what moved in places counted from its end: -1 is its last part, -9 long before it."""
    found = made({"period": "this-month", "compare": "none"})
    last = len(found.flows.edges)
    rows = tuple(
        Flow(max(0, last + place), PLANS[0], "1 month", kind, "", "", amount, 0, 0, 0, 0, 0)
        for place, kind, amount in moved
    )
    flows = type(found.flows)(found.flows.edges, rows)
    shown = health_verdict.of_period(type(found)(found.chosen, found.now, flows, flows, found.sold, found.months))
    return shown.words, shown.mood


BEFORE = (-99, "new", 100_000)


@pytest.mark.parametrize(
    ("moved", "words", "mood"),
    [
        (
            [(-2, "new", 1000), (-1, "churn", -1000)],
            "MRR is steady at £0.00, compared with when the period began.",
            "even",
        ),
        (
            [BEFORE, (-2, "new", 1000), (-1, "churn", -1000)],
            "MRR is steady at £1,000.00, compared with when the period began.",
            "even",
        ),
        ([BEFORE, (-1, "churn", -1000)], "MRR is steady at £990.00, compared with when the period began.", "even"),
        (
            [BEFORE, (-1, "churn", -1001)],
            "The programme is shrinking: MRR fell by £10.01 from when the period began, to £989.99.",
            "bad",
        ),
        (
            [BEFORE, (-1, "new", 1001)],
            "The programme is growing: MRR rose by £10.01 from when the period began, to £1,010.01.",
            "good",
        ),
        ([(-1, "new", 1)], "The programme is growing: MRR rose from nothing, when the period began, to £0.01.", "good"),
        (
            [BEFORE, (-1, "churn", -100_000)],
            "The programme is shrinking: MRR fell by £1,000.00 from when the period began, to £0.00.",
            "bad",
        ),
        ([BEFORE], "MRR is steady at £1,000.00, compared with when the period began.", "even"),
        ([], "No fees were paid in this period.", "even"),
    ],
)
def test_the_sentence_says_what_happened_to_the_penny(moved: list[tuple[int, str, int]], words: str, mood: str) -> None:
    assert verdict(*moved) == (words, mood)


@pytest.mark.parametrize(
    ("key", "change", "words", "is_small"),
    [
        ("member-churn", Change(252, 2, 79, False), "About the same as in the period before (2.5%)", True),
        ("member-churn", Change(260, 21, 808, False), "0.2 points more than in the period before (2.6%)", False),
        ("members-share", Change(3256, 84, 258, None), "0.8 points more than in the period before (32.6%)", False),
        ("arpu", Change(375, 2, 53, True), "About the same as in the period before (£3.75, +£0.02)", True),
        ("arpu", Change(375, -3, -80, False), "About the same as in the period before (£3.75, −£0.03)", True),
        ("arpu", Change(375, 4, 107, True), "£0.04 more than in the period before (£3.75, +1.1%)", False),
        ("members", Change(400, 1, 25, True), "1 more than in the period before (400, +0.2%)", False),
    ],
)
def test_what_is_about_the_same_is_neither_better_nor_worse(
    key: str, change: Change, words: str, is_small: bool
) -> None:
    assert glance.told(BY_KEY[key], change) == words
    assert glance.is_small(BY_KEY[key], change) == is_small


def test_churn_of_a_month_under_way_is_not_compared_with_itself() -> None:
    found = made({"period": "this-month"}, since(2020))
    tile = glance.tile(BY_KEY["member-churn"], found)
    under_way = f"{found.now:%B %Y}"
    assert (tile.change, tile.arrow, tile.mood) == (
        f"Nothing to compare with: {under_way} is not full yet", "", "even",
    )  # fmt: skip
    whole = glance.tile(BY_KEY["member-churn"], made({"period": "last-month"}, since(2020)))
    assert "not full yet" not in whole.change


def test_cohorts_that_are_left_out_are_told() -> None:
    for asked, says in (
        ({"from": "2020-01-01"}, "Only the last 36 months of the period: 47 older cohorts are left out."),
        ({"from": "2023-11-01"}, "1 older cohort is left out."),
        ({"from": "2023-12-01"}, ""),
    ):
        for chart in (retention_charts.cohort_map, retention_charts.retention):
            note = chart(made(asked, since(2020))).note
            assert says in note and ("left out" in note) == bool(says)


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [
        (10_000, 10_050, "In the last 30 days it hardly changed: MRR was £100.00 then."),
        (10_000, 12_000, "In the last 30 days MRR rose by £20.00."),
        (10_000, 0, "In the last 30 days MRR fell by £100.00."),
    ],
)
def test_today_says_how_the_last_month_went_whatever_the_year_was_like(before: int, now: int, words: str) -> None:
    year, month, end = (NOON - timedelta(days=days) for days in (300, 30, 0))
    edges = (year, month, end + today_glance.INSTANT)
    rows = [(0, "new", 20_000, 2), (1, "churn", before - 20_000, -1), (2, "new", now - before, now - before)]
    flows = Flows(edges, tuple(Flow(place, PLANS[0], "1 month", kind, "", "", by, people, 0, 0, 0, 0)
                               for place, kind, by, people in rows))  # fmt: skip
    seen = today_glance.of_flows(flows, year, end)
    assert seen.lately == words and seen.verdict is not None
    assert seen.tiles[1].change.startswith(
        f"£{abs(now - before) / 100:.2f} {'more' if now > before else 'less'} than 30"
    )


def test_before_the_first_fee_today_has_no_verdict() -> None:
    edges = (NOON - timedelta(days=300), NOON - timedelta(days=30), NOON + today_glance.INSTANT)
    seen = today_glance.of_flows(Flows(edges, ()), edges[0], NOON)
    assert seen.verdict is None and [one.change for one in seen.tiles] == ["Same as 30 days ago"] * 2
