"""The figures of a period: what each means, how it is worked out, and whether more of it is better."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from components.insights.metrics.figures import DEFINITIONS
from components.insights.periods.period_days import Days
from components.insights.periods.programme import Programme

Unit = Literal["money", "count", "share"]
Better = Literal["more", "less", "neither"]
OF_MOVEMENTS = {
    "new": "MRR of members who paid for the first time in the period, excluding tax.",
    "expansion": "MRR that members who stayed pay more than before: a dearer plan, or a higher price.",
    "contraction": "What members who stayed pay a month less than before: a cheaper plan, or a lower price.",
    "churn": "MRR of members whose paid service ended in the period, whether they cancelled or a payment failed.",
}


@dataclass(frozen=True, slots=True)
class PeriodFigure:
    """`of` works it out for the chosen period or the one it is compared with; None where it has no value.

    Of "share" the value is in hundredths of a per cent. `chart` is the page it is drawn on. `of_plans`: it can be of
    one plan or interval; what is sold cannot.
    """

    key: str
    title: str
    definition: str
    unit: Unit
    better: Better
    chart: str
    of: Callable[[Programme, Days], int | None]
    of_plans: bool = True
    is_of_full_months: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """From the period it is compared with. `share` in hundredths of a per cent, None from nothing."""

    before: int
    by: int
    share: int | None
    is_good: bool | None


def change(figure: PeriodFigure, found: Programme) -> Change | None:
    """None where one of the two has no value, nothing is compared, or both would be of the same full months."""
    compared = found.chosen.compared
    if compared and figure.is_of_full_months and is_same_month(found):
        return None
    now = figure.of(found, found.chosen.days)
    before = figure.of(found, compared) if compared else None
    if now is None or before is None:
        return None
    by = now - before
    good = None if not by or figure.better == "neither" else (by > 0) == (figure.better == "more")
    return Change(before, by, round(by * 10_000 / abs(before)) if before else None, good)


def is_same_month(found: Programme) -> bool:
    """Neither the period nor the one it is compared with has a full month of its own: the last one is all there is."""
    compared = found.chosen.compared
    return compared is not None and found.churn_months(found.chosen.days) == found.churn_months(compared)


def of_part(figure: PeriodFigure, found: Programme, part: Days) -> int | None:
    """Of a day or a month of the chosen period; what is of full months only has none elsewhere."""
    if figure.is_of_full_months and found.full_months.isdisjoint(part.months()):
        return None
    return figure.of(found, part)


def _arpu(found: Programme, days: Days) -> int | None:
    members = found.members(days)
    return round(found.mrr(days) / members) if members else None


def _member_churn(found: Programme, days: Days) -> int | None:
    months = [found.churned_members(month) for month in found.churn_months(days)]
    members = sum(one for one, _ in months)
    return round(sum(left for _, left in months) * 10_000 / members) if members else None


def _lost(found: Programme, days: Days, *gained: str) -> int | None:
    start, moved = found.mrr_at_start(days), found.moved(days)
    lost = -moved.get("churn", 0) - moved.get("contraction", 0) - sum(moved.get(kind, 0) for kind in gained)
    return round(lost * 10_000 / start) if start > 0 else None


def _moved(kind: str) -> Callable[[Programme, Days], int]:
    return lambda found, days: found.moved(days).get(kind, 0)


def _less(kind: str) -> Callable[[Programme, Days], int]:
    """Of what takes away from the MRR: how much, as a positive amount."""
    return lambda found, days: -found.moved(days).get(kind, 0)


def _members_share(found: Programme, days: Days) -> int | None:
    sold = found.sold_in(days)
    return round(sold.members_sales * 10_000 / sold.sales) if sold.sales else None


CHURN = (
    "Members at the start of a month who left during it ÷ members at the start, over the full months of the period. "
    "A period without a full month shows the last one before its end. Members leave when their paid period ends, not "
    "when they cancel."
)
FIGURES = (
    PeriodFigure("mrr", "MRR", DEFINITIONS["MRR"], "money", "more", "mrr", Programme.mrr),
    PeriodFigure(
        "members", "Paying members", DEFINITIONS["paying members"], "count", "more", "members", Programme.members
    ),
    PeriodFigure(
        "member-churn", "Member churn", CHURN, "share", "less", "churn", _member_churn, is_of_full_months=True
    ),
    PeriodFigure("arpu", "ARPU", DEFINITIONS["ARPU"], "money", "more", "members", _arpu),
    PeriodFigure(
        "sales", "Sales", DEFINITIONS["sales"], "money", "more", "sales",
        lambda found, days: found.sold_in(days).sales, of_plans=False,
    ),
    PeriodFigure(
        "members-share", "Members’ share of sales",
        "Sales to people who were members when they ordered ÷ all sales. Members hold a plan that is paid, given or a "
        "gift; a free plan does not count.", "share", "neither", "sales", _members_share, of_plans=False,
    ),
    PeriodFigure(
        "orders", "Orders", DEFINITIONS["orders"], "count", "more", "orders",
        lambda found, days: found.sold_in(days).orders, of_plans=False,
    ),
    PeriodFigure(
        "average-order", "Average order", DEFINITIONS["average order"], "money", "more", "average-order",
        lambda found, days: found.sold_in(days).average, of_plans=False,
    ),
    PeriodFigure(
        "refunds", "Refunds", DEFINITIONS["refunds"], "money", "less", "sales",
        lambda found, days: found.sold_in(days).refunds, of_plans=False,
    ),
    PeriodFigure("new-mrr", "New MRR", OF_MOVEMENTS["new"], "money", "more", "movements", _moved("new")),
    PeriodFigure(
        "expansion-mrr", "Expansion", OF_MOVEMENTS["expansion"], "money", "more", "movements", _moved("expansion")
    ),
    PeriodFigure(
        "contraction-mrr", "Contraction", OF_MOVEMENTS["contraction"], "money", "less", "movements",
        _less("contraction"),
    ),
    PeriodFigure("churned-mrr", "Churned MRR", OF_MOVEMENTS["churn"], "money", "less", "churn", _less("churn")),
    PeriodFigure(
        "gross-mrr-churn", "Gross MRR churn", "(Churn + contraction) ÷ MRR at the start of the period. Of "
        "more than a month it also has the churn of members who joined since, so it is not 1 − gross revenue "
        "retention, which is only of those who paid at the start.", "share",
        "less", "movements", lambda found, days: _lost(found, days),
    ),
    PeriodFigure(
        "net-mrr-churn", "Net MRR churn",
        "(Churn + contraction − expansion − reactivation) ÷ MRR at the start of the period. Below zero, those who "
        "stayed or came back brought in more than was lost.", "share", "less", "movements",
        lambda found, days: _lost(found, days, "expansion", "reactivation"),
    ),
)  # fmt: skip
"""The first six answer at a glance whether the programme is healthy."""
GLANCE = 6
BY_KEY = {one.key: one for one in FIGURES}
