"""Whether joining pays, with the store credit that last year's orders would have earned: as orders earn it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest

from components.memberships.editing import plan_benefits, plans
from components.memberships.plans import plan_cache, plan_catalogue
from components.orders import order_list, queries
from components.orders.refunds import refund_requests, refunds
from components.people import customer_accounts
from tests.support import buy_products, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

BACK: dict[str, Any] = {"rate": 300, "cap": 0, "each": "year", "days": 365}


@pytest.fixture
async def club(goods: Shop) -> Shop:
    """A mug is £24.00, £21.60 for members and £18.00 of that before tax; delivery is £3.95."""
    await make_products.product(on_hand=200)
    await make_plans.club()
    await people.customer("noor@kiln.test")
    return goods


async def with_back(slug: str = "annual", **answers: Any) -> None:
    back = await make_plans.benefit("cashback", "3% back", **BACK | answers)
    await plan_benefits.attach(plan_catalogue.by_slug(slug).id, back, by=None)
    await plan_cache.refresh()


async def bought(shop: Shop, *quantities: int) -> Browser:
    noor = await shop.signed_in("noor@kiln.test")
    for quantity in quantities:
        await buy_products.buy(shop, noor, quantity=quantity)
    await shop.catch_up()
    return noor


async def said(browser: Browser) -> str:
    return (await browser.get("/join")).words


async def test_credit_that_the_orders_would_have_earned_is_in_the_year_and_named(club: Shop) -> None:
    await with_back()
    noor = await bought(club, 1)
    words = await said(noor)
    assert "you would have saved £6.89, of which £0.54 in store credit; a year costs £39.00." in words
    assert "£6.89 saved, of which £0.54 in store credit, £32.11 less than the £39.00 it costs for a year." in words


async def test_it_can_be_what_makes_a_year_pay(club: Shop) -> None:
    """Fourteen mugs: £33.60 off and no delivery to save; the rest comes as credit."""
    await with_back()
    noor = await bought(club, 7, 7)
    words = await said(noor)
    assert "you would have saved £41.16, of which £7.56 in store credit; a year costs £39.00" in words
    assert "Annual pays for itself." in words and "Don’t join" not in words


async def test_a_plan_without_it_is_said_without_it(club: Shop) -> None:
    plan = await plans.create(slug="monthly", name="Monthly", summary="", price=400, interval="month", by=None)
    await plan_benefits.attach(plan, await make_plans.benefit("member_price", "Tenth", **make_plans.TENTH_OFF), by=None)
    await with_back()
    noor = await bought(club, 1)
    words = await said(noor)
    assert "£6.89 saved, of which £0.54 in store credit" in words
    assert "£2.40 saved, £45.60 less than the £48.00 it costs for a year" in words


async def test_a_plan_by_the_month_counts_it_against_twelve_fees(club: Shop) -> None:
    plan = await plans.create(slug="monthly", name="Monthly", summary="", price=200, interval="month", by=None)
    await plan_benefits.attach(plan, await make_plans.benefit("member_price", "Tenth", **make_plans.TENTH_OFF), by=None)
    await with_back("monthly")
    noor = await bought(club, 1)
    assert "£2.94 saved, of which £0.54 in store credit, £21.06 less than the £24.00 it costs" in await said(noor)


@pytest.mark.parametrize(("each", "cap"), [("year", 100), ("month", 100)])
async def test_no_more_than_its_cap_whatever_was_bought(club: Shop, each: str, cap: int) -> None:
    await with_back(cap=cap, each=each)
    noor = await bought(club, 1, 1, 1)
    assert "of which £1.00 in store credit" in await said(noor)


async def test_what_was_given_back_earned_nothing(club: Shop) -> None:
    await with_back()
    noor = await bought(club, 2)
    assert "of which £1.08 in store credit" in await said(noor)
    order = await the_order()
    some = refund_requests.for_units(order, {order.lines[0].id: 1}, restocks=True)
    await refunds.create(order.id, some, by=None, key=order.id)
    await club.catch_up()
    assert "of which £0.54 in store credit" in await said(noor)


async def test_what_a_plan_gives_beside_it_is_named_as_not_counted(club: Shop) -> None:
    await with_back()
    gift = await make_plans.benefit("periodic_credit", "A cup a year", **CREDIT)
    await plan_benefits.attach(plan_catalogue.by_slug("annual").id, gift, by=None)
    await plan_cache.refresh()
    words = await said(await bought(club, 1))
    assert "Not counted: A cup a year." in words and "Not counted: 3% back" not in words


async def test_of_a_basket_alone_credit_is_named_as_not_counted(club: Shop) -> None:
    await with_back()
    noor = await club.signed_in("noor@kiln.test")
    await buy_products.put_in(noor)
    assert "Not counted: 3% back." in await said(noor)


CREDIT: dict[str, Any] = {"amount": 300, "each": "period", "expiry": "period", "days": 0}


async def the_order() -> Any:
    found = await customer_accounts.by_email("noor@kiln.test")
    assert found is not None
    rows: Sequence[Any] = (await order_list.of_person(UUID(str(found.id)))).rows
    return await queries.by_id(rows[0].id)
