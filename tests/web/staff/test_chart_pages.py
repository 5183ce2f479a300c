"""Charts as they are read: from the index to each chart, of any period, as a table, as a file, and with a key."""

import re
from datetime import timedelta

import pytest

from components.foundation import database
from components.insights.rollups import figure_rolls
from components.memberships.plans.plan_catalogue import PlanView
from tests.components.insights.test_kept_figures import PEOPLE, History
from tests.components.insights.test_kept_plans import paid, plans
from tests.conftest import NOON
from tests.support import people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.staff.reports.programme.chart_pages import CHARTS

__all__ = ["plans"]
DAY = timedelta(days=1)


@pytest.fixture
async def owner(shop: Shop, plans: list[PlanView]) -> Browser:
    """Four joined in autumn and winter for two plans; one of them left in February, another changed plan."""
    history = History()
    for who, days, plan in ((0, 150, 0), (1, 120, 0), (2, 80, 1), (3, 40, 0)):
        await paid(PEOPLE[who], plans[plan], NOON - days * DAY)
        await history.pays(who, (450, 900)[plan], NOON - days * DAY)
    await history.pays(1, 0, NOON - 15 * DAY)
    await paid(PEOPLE[3], plans[1], NOON - 10 * DAY)
    await history.pays(3, 900, NOON - 10 * DAY)
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


def marks(page: Page, size: str = "wide") -> list[str]:
    """What is read at each column of the page's first chart."""
    drawing = page.text.split(f"chart__drawing--{size}", 1)[1].split("</svg>", 1)[0]
    found = re.findall(r'<g class="chart__mark" tabindex="0" role="img" aria-label="([^"]*)"', drawing)
    return [one.replace("&#39;", "'") for one in found]


async def test_the_index_says_whether_the_programme_is_healthy_and_why(owner: Browser) -> None:
    page = await owner.get("/staff/metrics")
    assert "The programme is growing: MRR rose from nothing, when the period began, to £22.50." in page.words
    assert "£4.50 was lost to members who left." in page.words and "New members (£22.50)" in page.words
    month = await owner.get("/staff/metrics?from=2027-02-01&to=2027-02-28")
    assert (
        "MRR is steady at £22.50, compared with when the period began. "
        "Dearer plans and prices brought £4.50; £4.50 was lost to members who left." in month.words
    )
    assert "Member churn" in month.words and "1 February 2027 – 28 February 2027" in month.words
    assert "compared with 1 January 2027 – 31 January 2027" in month.words


async def test_worse_is_told_in_words_and_by_meaning(owner: Browser) -> None:
    page = await owner.get("/staff/metrics/charts/churn?from=2027-02-01&to=2027-02-28")
    assert "25% Worse" not in page.words
    assert re.search(
        r"Member churn 25% in February 2027 ▲ 25.0 points more than in the period before \(0%\) Worse", page.words
    )
    assert re.search(r"Churned MRR £4.50 ▲ £4.50 more than in the period before \(£0.00\) Worse", page.words)
    calmer = await owner.get("/staff/metrics/charts/churn?from=2027-03-01&to=2027-03-01")
    assert re.search(r"Churned MRR £0.00 = Same as in the period before \(£0.00\)", calmer.words)
    better = await owner.get("/staff/metrics/charts/churn?from=2027-02-20&to=2027-03-01")
    assert re.search(r"Churned MRR £0.00 ▼ £4.50 less than in the period before \(£4.50, −100%\) Better", better.words)
    calm = await owner.get("/staff/metrics/charts/churn?from=2027-02-01&to=2027-02-28&compare=none")
    assert "Worse" not in calm.words and "than in the period before" not in calm.words


async def test_every_figure_at_a_glance_leads_to_its_chart_with_its_definition(owner: Browser) -> None:
    page = await owner.get("/staff/metrics?period=this-month")
    ways = {href for href in page.links() if href.startswith("/staff/metrics/charts/") and "/export" not in href}
    assert len(ways) == len(CHARTS) and all(href.endswith("?period=this-month") for href in ways)
    for href in ways:
        chart = await owner.get(href)
        assert chart.status == 200, href
        assert "This month" in chart.words
        assert "all recurring fees" in chart.words or "/mrr?" not in href


@pytest.mark.parametrize("size", ["wide", "middle", "narrow"])
async def test_each_column_is_read_with_a_key_and_says_what_the_table_says(owner: Browser, size: str) -> None:
    page = await owner.get("/staff/metrics/charts/mrr?from=2026-12-01&to=2027-03-01")
    read = marks(page, size)
    assert [one.partition(":")[0] for one in read] == [
        "December 2026", "January 2027", "February 2027", "March 2027, so far",
    ]  # fmt: skip
    assert re.match(r"February 2027: £22.50.*Better £18.00.*Monthly £4.50", read[2])
    assert "February 2027 £18.00 £4.50 £22.50" in page.words


async def test_movements_lead_from_the_start_to_the_end(owner: Browser) -> None:
    page = await owner.get("/staff/metrics/charts/movements?from=2027-02-01&to=2027-02-28")
    assert marks(page) == ["MRR at the start: £22.50", "Expansion: +£4.50", "Churn: −£4.50", "MRR at the end: £22.50"]
    one = await owner.get("/staff/metrics/charts/movements?from=2027-02-01&to=2027-02-28&plan=monthly")
    assert marks(one) == [
        "MRR at the start: £13.50", "To other plans: −£4.50", "Churn: −£4.50", "MRR at the end: £4.50",
    ]  # fmt: skip
    assert "Only Monthly" in one.words


async def test_filters_stay_in_every_link_and_sales_are_of_no_plan(owner: Browser) -> None:
    page = await owner.get("/staff/metrics/charts/mrr?period=year&compare=year&plan=better&every=1+month")
    for href in page.links():
        if href.startswith("/staff/metrics/charts/") and "period=" not in href:
            assert {"plan=better", "every=1+month"} <= set(re.split(r"[?&]", href)) or "All plans" in page.words
    assert '<option value="better" selected' in page.text and '<option value="year" selected' in page.text
    sales = await owner.get("/staff/metrics/charts/sales?plan=better")
    assert "Only Better" not in sales.words and 'type="hidden" name="plan" value="better"' in sales.text


async def test_a_file_has_the_values_of_the_chart_in_plain_numbers(owner: Browser) -> None:
    answer = await owner.client.get("/staff/metrics/charts/mrr/export?from=2027-02-01&to=2027-02-02")
    assert answer.headers["content-disposition"] == 'attachment; filename="mrr-2027-02-01-2027-02-02.csv"'
    lines = answer.text.removeprefix("\ufeff").splitlines()
    assert lines == ["Day,Better,Monthly,All", "2027-02-02,9.00,13.50,22.50", "2027-02-01,9.00,13.50,22.50"]
    churn = await owner.client.get("/staff/metrics/charts/churn/export?from=2026-12-01&to=2027-02-28")
    assert churn.text.splitlines()[1] == "2027-02,4.50,0.00,0.00,4.50,25"


@pytest.mark.parametrize("way", ["/staff/metrics", "/staff/metrics/charts/mrr", "/staff/metrics/charts/mrr/export"])
@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?from=soon", "Write the day as year, month and day"),
        ("?from=2027-02-02&to=2027-02-01", "ends before it begins"),
        ("?from=2028-01-01&to=2028-02-01", "still to come"),
        ("?period=fortnight", "Choose one of these periods"),
        ("?plan=platinum", "no such plan"),
        ("?from=%F0%9F%8F%BA&compare=%F0%9F%8F%BA", "Write the day"),
    ],
)
async def test_a_period_that_cannot_be_is_refused_in_words(owner: Browser, way: str, query: str, says: str) -> None:
    page = await owner.get(f"{way}{query}")
    assert page.status == 422 and says in page.words


async def test_a_chart_that_is_not_there_is_not_found(owner: Browser) -> None:
    assert (await owner.get("/staff/metrics/charts/magic")).status == 404
    assert (await owner.get("/staff/metrics/charts/magic/export")).status == 404


async def test_retention_is_a_map_of_shades_with_numbers_in_it(owner: Browser) -> None:
    page = await owner.get("/staff/metrics/charts/cohorts")
    assert "Nov 2026 1 100% 100%" in page.words and "heat heat--10" in page.text and "heat heat--0" in page.text
    curve = marks(await owner.get("/staff/metrics/charts/retention"))
    assert curve[0].startswith("The month they joined") and "Members 100%" in curve[0]
    of_plan = await owner.get("/staff/metrics/charts/cohorts?plan=better")
    assert "Nov 2026" not in of_plan.words and "Dec 2026 1" in of_plan.words


async def test_the_index_asks_the_database_five_times_at_most(owner: Browser) -> None:
    await figure_rolls.roll_all()
    await owner.get("/staff/metrics")
    with database.counted() as sent:
        await owner.get("/staff/metrics?from=2026-10-01&to=2027-02-28&compare=year")
    assert sent.count <= 5, sent


async def test_a_shop_without_members_is_told_so(shop: Shop) -> None:
    await people.owner()
    browser = await shop.signed_in("iris@kiln.test")
    page = await browser.get("/staff/metrics")
    assert "No fees were paid in this period." in page.words and page.status == 200
    for key in CHARTS:
        assert (await browser.get(f"/staff/metrics/charts/{key}?period=all")).status == 200, key


async def test_retention_says_which_cohorts_it_is_of(owner: Browser) -> None:
    short = (await owner.get("/staff/metrics/charts/retention?period=30-days")).words
    assert "The chosen period is shorter: at least 12 months of cohorts are shown." in short
    assert "Of everybody who first paid from" in short and "in these months, the share" not in short
    assert "The chosen period is shorter" not in (await owner.get("/staff/metrics/charts/retention?period=all")).words


async def test_a_plan_is_paid_in_words_that_are_read_aloud(owner: Browser) -> None:
    assert "paid monthly" in (await owner.get("/staff/metrics?every=1+month")).words
