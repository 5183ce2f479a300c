"""Cohorts, churn of members and fee LTV, by hand."""

from datetime import UTC, datetime
from uuid import UUID

from components.insights.metrics.retention import Churned, fee_ltv
from components.insights.movements.mrr import MrrChange
from tests.figures.ledger_walk import churned, cohorts
from tests.support.cells import every_cell

EDGES = [datetime(2027, n, 1, tzinfo=UTC) for n in range(1, 5)]


def change(person: int, day: tuple[int, int], amount: int, balance: int, kind: str) -> MrrChange:
    return MrrChange(UUID(int=person), datetime(2027, *day, tzinfo=UTC), amount, balance, kind)


LEDGER = [
    change(1, (1, 5), 450, 450, "new"),
    change(2, (1, 9), 450, 450, "new"),
    change(3, (2, 2), 900, 900, "new"),
    change(2, (2, 20), -450, 0, "churn"),
    change(1, (3, 3), 450, 900, "expansion"),
    change(2, (3, 25), 450, 450, "reactivation"),
]


def test_a_cohort_is_whoever_paid_first_in_a_month_and_its_cells_are_month_ends() -> None:
    january, february = cohorts(LEDGER, EDGES, datetime(2027, 3, 20, tzinfo=UTC))
    assert (january.size, january.paying, january.mrr, january.first) == (2, (2, 1, 1), (900, 450, 900), 900)
    assert (february.size, february.paying) == (1, (1, 1))
    assert january.kept(1) == 0.5 and january.kept_mrr(2) == 1.0
    later = cohorts(LEDGER, EDGES, datetime(2027, 3, 26, tzinfo=UTC))[0]
    assert later.paying == (2, 1, 2), "who came back is counted again"


def test_member_churn_is_of_those_who_paid_at_the_start() -> None:
    assert [(one.members, one.left) for one in churned(LEDGER, EDGES)] == [(0, 0), (2, 1), (2, 0)]
    gone_at_once = [change(4, (2, 3), 450, 450, "new"), change(4, (2, 9), -450, 0, "churn")]
    assert churned(gone_at_once, EDGES)[1].left == 0


@every_cell(("paying", "left", "ltv"), [(40, 2, 9000), (30, 2, 12000), (29, 2, None), (40, 0, None)])
def test_fee_ltv_is_arpu_over_mean_churn_and_unsaid_for_few_or_without_churn(
    paying: int, left: int, ltv: int | None
) -> None:
    months = [Churned(EDGES[0], 40, left)] * 6
    assert fee_ltv(18000, paying, months) == ltv
    assert fee_ltv(18000, paying, months[:5]) is None
