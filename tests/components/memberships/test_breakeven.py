"""The honest sum before joining."""

from dataclasses import replace
from uuid import UUID

from components.foundation.money import Money
from components.memberships.plans.breakeven import TrialTerms, verdict
from components.memberships.plans.plan_catalogue import PlanView
from tests.support.cells import every_cell

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


@every_cell(
    ("saved", "named", "pays"),
    [(399, "monthly", False), (400, "monthly", True), (5000, "monthly", True), (0, "monthly", False)],
)
def test_the_cheapest_plan_that_pays_for_itself_is_named(saved: int, named: str, pays: bool) -> None:
    found = verdict([TrialTerms(YEARLY, saved), TrialTerms(MONTHLY, saved), TrialTerms(FREE, 10_000)])
    assert found is not None and (found.best.plan.slug, found.pays) == (named, pays)


def test_baskets_are_rounded_up_and_never_promised_for_nothing() -> None:
    assert TrialTerms(YEARLY, 635).baskets == 7
    assert TrialTerms(YEARLY, 3900).baskets == 1
    assert TrialTerms(YEARLY, 0).baskets is None


def test_without_a_paid_plan_there_is_nothing_to_advise() -> None:
    assert verdict([TrialTerms(FREE, 100)]) is None and verdict([]) is None


def test_a_year_is_compared_with_the_cheapest_way_to_have_one() -> None:
    """Twelve months at £4.00 are £48.00; the yearly plan is £39.00, and a term of six months is no year."""
    half = replace(YEARLY, slug="half", price=Money(2000, "GBP"), interval="month", interval_count=6, is_once=True)
    found = verdict([TrialTerms(MONTHLY, 500, 1665), TrialTerms(YEARLY, 500, 1665), TrialTerms(half, 500, 1665)])
    assert found is not None and (found.best.plan.slug, found.year.plan.slug) == ("monthly", "yearly")
    assert found.year.year_fee == 3900


@every_cell(("saved", "is_urged"), [(400, False), (499, False), (500, True)])
def test_nobody_is_urged_to_join_for_less_than_a_pound(saved: int, is_urged: bool) -> None:
    found = verdict([TrialTerms(MONTHLY, saved)])
    assert found is not None and found.pays and found.is_worth_urging is is_urged


@every_cell(("saved", "is_urged"), [(4094, False), (4095, True)])
def test_nor_for_less_than_a_twentieth_of_the_fee(saved: int, is_urged: bool) -> None:
    found = verdict([TrialTerms(YEARLY, saved)])
    assert found is not None and found.is_worth_urging is is_urged
