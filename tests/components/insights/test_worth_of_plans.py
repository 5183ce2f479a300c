"""What benefits lowered the order margin by is counted once: of the lines whose cost is known, and of no others."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from components.insights.metrics.plan_results import PlanResult
from components.insights.metrics.retention import Churned
from components.insights.programme import lifetime_value


def plan(*, costed: int, margin: int, in_margin: int) -> PlanResult:
    """Fees of £1,000 and member prices of £500, on a thousand lines."""
    return PlanResult(
        plan="A", fees=100_000, once=0, refunds=0, disputed=0, by_kind={"member_price": 50_000}, margin=margin,
        in_margin=in_margin, costed=costed, lines=1000,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("costed", "margin", "in_margin", "altogether", "benefits"),
    [(0, 0, 0, 50_000, 50_000), (1, 300, 50, 50_350, 49_950), (1000, 300_000, 50_000, 400_000, 0)],
)
def test_one_item_with_a_cost_moves_the_result_by_that_item_only(
    costed: int, margin: int, in_margin: int, altogether: int, benefits: int
) -> None:
    one = plan(costed=costed, margin=margin, in_margin=in_margin)
    assert one.altogether == altogether == one.left + one.full_margin
    months = [Churned(datetime(2027, month, 1, tzinfo=UTC), 100, 5) for month in range(1, 7)]
    found = lifetime_value._made(50_000, 100, months, [one], {"A": Fraction(1200)})
    assert (found.benefits, found.margin) == (benefits, margin)
