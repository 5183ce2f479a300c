"""Whether joining pays: this basket and her own last twelve months, said as it is."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from components.foundation import clock
from components.memberships.editing import plan_benefits, plans
from components.memberships.plans import plan_catalogue
from components.orders import order_list, queries
from components.orders.refunds import refund_requests, refunds
from components.people import customer_accounts
from tests.support import buy_products, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop


@pytest.fixture
async def club(goods: Shop) -> Shop:
    await make_products.product(on_hand=200)
    await make_plans.club()
    await people.customer("noor@kiln.test")
    return goods


async def bought(shop: Shop, *quantities: int) -> Browser:
    noor = await shop.signed_in("noor@kiln.test")
    for quantity in quantities:
        await buy_products.buy(shop, noor, quantity=quantity)
    await shop.catch_up()
    return noor


async def offered(browser: Browser) -> Sequence[str]:
    await buy_products.put_in(browser)
    return [(await browser.get(address)).words for address in ("/basket", "/join")]


async def test_a_year_of_orders_that_pays_names_the_plan_and_the_figures(club: Shop) -> None:
    noor = await bought(club, 1, 19)
    for words in await offered(noor):
        assert (
            "In the last 12 months you would have saved £51.95; a year costs £39.00. Annual pays for itself." in words
        )
    assert "Join and pay £60.60 now" in (await noor.get("/basket")).words
    assert "60.60" in (await noor.get("/checkout?join=annual")).prices()


async def test_a_year_that_does_not_pay_says_so_with_its_numbers(club: Shop) -> None:
    noor = await bought(club, 1)
    for words in await offered(noor):
        assert "Don’t join yet. In the last 12 months you would have saved £6.35; a year costs £39.00." in words
        assert "This basket alone would save £6.35." in words
    assert "Join and pay" not in (await noor.get("/basket")).words


async def test_the_join_page_needs_no_basket_for_it(club: Shop) -> None:
    noor = await bought(club, 1)
    assert "you would have saved £6.35" in (await noor.get("/join")).words


async def test_what_was_given_back_does_not_count(club: Shop) -> None:
    noor = await bought(club, 1, 19)
    row = next(row for row in (await order_list.of_person(await the_person())).rows if row.total > 10_000)
    order = await queries.by_id(row.id)
    assert order is not None
    units = {order.lines[0].id: 10}
    await refunds.create(order.id, refund_requests.for_units(order, units, restocks=True), by=None, key=order.id)
    await club.catch_up()
    assert "you would have saved £27.95; a year costs" in (await noor.get("/join")).words


async def test_a_year_later_it_is_forgotten(club: Shop) -> None:
    await bought(club, 19)
    clock.set_everywhere(clock.now() + timedelta(days=365))
    noor = await club.signed_in("noor@kiln.test")
    assert "In the last 12 months" in (await noor.get("/join")).words
    clock.set_everywhere(clock.now() + timedelta(seconds=1))
    noor = await club.signed_in("noor@kiln.test")
    assert "In the last 12 months" not in (await noor.get("/join")).words


async def test_the_cheapest_plan_that_pays_is_named(club: Shop) -> None:
    await plans.create(slug="monthly", name="Monthly", summary="", price=300, interval="month", by=None)
    noor = await bought(club, 1, 19)
    assert "a year costs £39.00. Annual pays for itself" in (await noor.get("/join")).words


async def test_a_basket_that_pays_for_a_month_says_so_and_what_a_year_costs(club: Shop) -> None:
    """She saved £6.35 in a year that costs £39.00; five mugs would save £12.00, and a month is £4.00."""
    await plans.create(slug="monthly", name="Monthly", summary="", price=400, interval="month", by=None)
    await plan_benefits.attach(
        (await _plan("monthly")), await make_plans.benefit("member_price", "Tenth", **make_plans.TENTH_OFF), by=None
    )
    noor = await bought(club, 1)
    await buy_products.put_in(noor, quantity=5)
    words = (await noor.get("/basket")).words
    assert (
        "It pays for itself for a month only: this basket alone saves £12.00, and Monthly costs £4.00 a month." in words
    )
    assert "In the last 12 months you would have saved £6.35 with Annual; a year of Annual costs £39.00." in words
    assert "Join now" not in words


async def _plan(slug: str) -> UUID:
    return plan_catalogue.by_slug(slug).id


async def the_person() -> UUID:
    found = await customer_accounts.by_email("noor@kiln.test")
    assert found is not None
    return UUID(str(found.id))


async def test_of_plans_with_different_discounts_the_basket_speaks_of_one(club: Shop) -> None:
    """£24.00 once: a tenth of it by the year, a fifth by the month; a plan that saves nothing is never named."""
    fifth = await make_plans.benefit("member_price", "20% off", **{**make_plans.TENTH_OFF, "percent": 2000})
    monthly = await plans.create(slug="monthly", name="Monthly", summary="", price=450, interval="month", by=None)
    await plan_benefits.attach(monthly, fifth, by=None)
    await plans.create(slug="reader", name="Reader", summary="", price=100, interval="month", by=None)
    browser = club.browser()
    for quantity, saved, said in ((1, "£4.80", "this basket alone saves £4.80, and Monthly costs £4.50 a month"), (
        9, "£48.00", "this basket alone saves £48.00, and Monthly costs £4.50 a month")):  # fmt: skip
        await buy_products.put_in(browser, quantity=quantity)
        words = (await browser.get("/basket")).words
        assert f"Save {saved} on this basket with" in words and said in words
        assert f"Member prices: {saved}" in words and "Monthly costs £4.50" in words
        assert f"{saved}" in words and "£2.40" not in words and "£24.00 with" not in words
    assert "Join and pay £196.50 now" in words
