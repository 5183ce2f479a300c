"""One sentence on whether the programme is healthy: growing, shrinking or steady."""

import pytest

from components.insights.periods.plan_flows import Flow
from tests.components.insights.test_long_periods import PLANS, made, since
from web.staff.reports.programme import glance, retention_charts


def verdict(*moved: tuple[int, str, int]) -> tuple[str, str]:
    """Of this month, with what moved in places counted from its end: -1 is its last part, -9 long before it."""
    found = made({"period": "this-month", "compare": "none"})
    last = len(found.flows.edges)
    rows = tuple(
        Flow(max(0, last + place), PLANS[0], "1 month", kind, "", "", amount, 0, 0, 0) for place, kind, amount in moved
    )
    flows = type(found.flows)(found.flows.edges, rows)
    shown = glance.verdict(type(found)(found.chosen, found.now, flows, flows, found.sold, found.months))
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


def test_cohorts_that_are_left_out_are_told() -> None:
    for asked, says in (
        ({"from": "2020-01-01"}, "Only the last 36 months of the period: 47 older cohorts are left out."),
        ({"from": "2023-11-01"}, "1 older cohort is left out."),
        ({"from": "2023-12-01"}, ""),
    ):
        for chart in (retention_charts.cohort_map, retention_charts.retention):
            note = chart(made(asked, since(2020))).note
            assert says in note and ("left out" in note) == bool(says)
