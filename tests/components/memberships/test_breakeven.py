"""The honest sum before joining."""

from dataclasses import replace
from uuid import UUID

import pytest

from components.foundation.money import Money
from components.memberships import PlanView
from components.memberships.breakeven import Trial, verdict

MONTHLY = PlanView(
    id=UUID(int=1),
    slug="monthly",
    name="Monthly",
    summary="",
    position=0,
    is_offered=True,
    version_id=UUID(int=2),
    price=Money(400, "GBP"),
    interval="month",
    interval_count=1,
    benefits=(),
)
YEARLY = replace(MONTHLY, slug="yearly", price=Money(3900, "GBP"), interval="year")
FREE = replace(MONTHLY, slug="free", price=Money(0, "GBP"))


@pytest.mark.parametrize(
    ("saved", "named", "pays"),
    [(399, "monthly", False), (400, "monthly", True), (5000, "monthly", True), (0, "monthly", False)],
)
def test_the_cheapest_plan_that_pays_for_itself_is_named(saved: int, named: str, pays: bool) -> None:
    found = verdict([Trial(YEARLY, saved), Trial(MONTHLY, saved), Trial(FREE, 10_000)])
    assert found is not None and (found.best.plan.slug, found.pays) == (named, pays)


def test_baskets_are_rounded_up_and_never_promised_for_nothing() -> None:
    assert Trial(YEARLY, 635).baskets == 7
    assert Trial(YEARLY, 3900).baskets == 1
    assert Trial(YEARLY, 0).baskets is None


def test_without_a_paid_plan_there_is_nothing_to_advise() -> None:
    assert verdict([Trial(FREE, 100)]) is None and verdict([]) is None
