"""Figures open: from the chart to the month, from the month to its rows."""

from datetime import timedelta

import pytest

from components.foundation import clock
from components.insights.movements import movements
from components.memberships.grants import imported_memberships
from components.memberships.plans import plan_catalogue
from tests.conftest import NOON
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop


@pytest.fixture
async def owner(shop: Shop) -> Browser:
    """Theo was a member from November 2026 to the middle of February 2027."""
    with clock.frozen(NOON - timedelta(days=800)):
        await make_plans.club(price=450, interval="month", slug="monthly")
    theo = await people.customer("theo@kiln.test", name="Theo Marsh")
    began, ended = NOON - timedelta(days=107), NOON - timedelta(days=15)
    with clock.frozen(began):
        plan = plan_catalogue.by_slug("monthly", began)
        await imported_memberships.import_membership(theo.id, plan, started_at=began, ended_at=ended, reason="price")
    await movements.record(theo.id, at=began + timedelta(minutes=1))
    await movements.record(theo.id, at=ended + timedelta(minutes=1))
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_the_table_ends_every_month_with_its_start_and_what_moved(owner: Browser) -> None:
    page = await owner.get("/staff/metrics")
    assert page.status == 200
    assert "November 2026" in page.words and "February 2027" in page.words
    assert "all recurring fees, each divided by its interval in months, excluding tax." in page.words
    assert "Over these 24 months: start £0.00 + movements £0.00 = end £0.00." in page.words
    assert {"4.50", "-4.50"} <= set(page.prices())
    assert "100%" in page.words


async def test_a_month_opens_to_the_people_who_moved_it(owner: Browser) -> None:
    page = await owner.get("/staff/metrics/2027-02")
    assert "Theo Marsh" in page.words and "Churn" in page.words and "cancelled" in page.words
    assert "No movements" in (await owner.get("/staff/metrics/2027-01")).words


@pytest.mark.parametrize("month", ["2027-13", "1999-01", "soon"])
async def test_a_month_without_a_page_is_not_found(owner: Browser, month: str) -> None:
    assert (await owner.get(f"/staff/metrics/{month}")).status == 404


async def test_figures_are_for_those_who_may(shop: Shop) -> None:
    await people.staff("sam@kiln.test", ["orders"])
    assert (await (await shop.signed_in("sam@kiln.test")).get("/staff/metrics")).status == 403


async def test_every_figure_opens_to_its_definition_formula_and_rows(shop: Shop, owner: Browser) -> None:
    await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    page = await owner.get("/staff/metrics")
    ways = [href for href in page.links() if href.startswith("/staff/metrics/figures/")]
    assert len(set(ways)) >= 10
    for href in set(ways):
        assert (await owner.get(href)).status == 200, href
    mrr = await owner.get("/staff/metrics/figures/mrr")
    assert "Maya" in mrr.words and "Sum of the monthly fees below = £4.50" in mrr.words and "Theo" not in mrr.words
    assert "£4.50 ÷ 1 = £4.50" in (await owner.get("/staff/metrics/figures/arpu")).words
    assert "Sum of the yearly fees below = £54.00" in (await owner.get("/staff/metrics/figures/arr")).words
    assert (await owner.get("/staff/metrics/figures/ltv")).heading == "Fee LTV: —", "one member says nothing"
    assert (await owner.get("/staff/metrics/figures/magic")).status == 404


async def test_cohorts_say_who_of_a_month_still_pays(owner: Browser) -> None:
    page = await owner.get("/staff/metrics")
    assert "Nov 2026 1 100% 100%" in page.words and "Share of members still paying" in page.words
