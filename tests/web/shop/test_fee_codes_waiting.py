"""A code that waits on one payment page of its owner is no dead end on another: the page in hand has it."""

from typing import Any

import pytest

from components.foundation import database
from components.memberships.plans import plan_catalogue
from tests.scenarios.test_60_delayed_methods import BANK_GOOD
from tests.support import join_members
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop import test_fee_codes_with_orders as with_orders
from tests.web.shop import test_terms_with_orders as terms_with_orders
from tests.web.shop.test_fee_codes import code, visits
from tests.web.shop.test_fee_codes_paid_once import once
from tests.web.shop.test_fee_codes_with_orders import club
from tests.web.shop.test_pages_of_terms import held_plans

__all__ = ["club"]

LIMITS: dict[str, dict[str, Any]] = {"once each": {"limit_each": 1}, "once in all": {"limit_total": 1}}
PAGES = "SELECT purpose || ' ' || status FROM checkout_session ORDER BY purpose"
USES = "SELECT u.state FROM coupon_use u ORDER BY u.at, u.id"


async def found(sql: str) -> list[str]:
    return await database.fetch_values(sql)


async def one_code(shop: Shop, limits: str) -> None:
    await once()
    await code("ONE", fee_plans=("once", "annual"), **LIMITS[limits])
    await shop.refresh()


async def joins(browser: Browser, plan: str) -> Page:
    """On the plan's page, without a code."""
    return await browser.post(f"/join/{plan}", {"version": str(plan_catalogue.by_slug(plan).version_id)})


@pytest.mark.parametrize("limits", LIMITS)
async def test_from_the_page_of_a_plan_paid_once_to_an_order(club: Shop, limits: str) -> None:
    await one_code(club, limits)
    maya = await with_orders.shopping(club, "ONE")
    await maya.submit(await maya.get("/join/once?code=ONE"), "/join/once")
    assert "Coupon ONE −£1.00" in (await maya.get("/checkout?join=annual")).words
    await with_orders.pays(club, maya, await with_orders.places(maya))
    assert await found(PAGES) == ["joining complete", "term expired"] and await found(USES) == ["returned", "used"]
    await with_orders.all_is_well()


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("first, then", [("once", "annual"), ("annual", "once")])
async def test_from_the_page_of_one_plan_to_that_of_another(club: Shop, first: str, then: str, limits: str) -> None:
    await one_code(club, limits)
    maya = await visits(club, join_members.MAYA)
    await maya.submit(await maya.get(f"/join/{first}?code=ONE"), f"/join/{first}")
    page = await maya.submit(await maya.get(f"/join/{then}?code=ONE"), f"/join/{then}")
    assert await found(USES) == ["returned", "reserved"], page.alerts()
    await club.pay(page, "4242424242424242")
    await club.catch_up()
    assert sorted(one.split()[1] for one in await found(PAGES)) == ["complete", "expired"]
    assert await found(USES) == ["returned", "used"]
    await with_orders.all_is_well()


@pytest.mark.parametrize("limits", LIMITS)
async def test_from_an_order_to_the_page_of_a_plan_paid_once(club: Shop, limits: str) -> None:
    """The order is given up: the code that its total counted on is taken off something else."""
    await one_code(club, limits)
    maya = await with_orders.shopping(club, "ONE")
    await with_orders.places(maya)
    page = await maya.submit(await maya.get("/join/once?code=ONE"), "/join/once")
    assert await found(USES) == ["returned", "reserved"], page.alerts()
    await club.pay(page, "4242424242424242")
    await club.catch_up()
    assert await found(PAGES) == ["joining expired", "term complete"] and await found(USES) == ["returned", "used"]
    assert await found("SELECT number FROM orders WHERE cancelled_at IS NULL") == []
    await with_orders.all_is_well()


async def test_one_that_is_being_paid_with_is_told_so_and_can_be_taken_off(club: Shop) -> None:
    await one_code(club, "once each")
    maya = await with_orders.shopping(club, "ONE")
    await club.pay(await maya.submit(await maya.get("/join/once?code=ONE"), "/join/once"))
    refused = await with_orders.places(maya)
    assert refused.status == 409 and "You have already joined with ONE in another window." in refused.words, (
        refused.words
    )
    await club.catch_up()
    assert await found(USES) == ["used"] and await found("SELECT id FROM orders") == []
    await with_orders.all_is_well()


@pytest.mark.parametrize("first, then", [("once", "annual"), ("annual", "once")])
@pytest.mark.parametrize("with_order", [False, True])
async def test_without_a_code_too_only_the_last_page_can_be_paid(
    club: Shop, first: str, then: str, with_order: bool
) -> None:
    """Nobody pays twice for the same time: on the page of a plan, and with an order, also from another device."""
    await one_code(club, "once each")
    maya = await with_orders.shopping(club)
    other = await club.signed_in(join_members.MAYA)
    await other.submit(await other.get(f"/join/{first}?code=ONE"), f"/join/{first}")
    if with_order:
        page = await terms_with_orders.places(maya, f"/checkout?join={then}")
    else:
        page = await joins(maya, then)
    assert sorted(one.split()[1] for one in await found(PAGES)) == ["expired", "open"], page.words
    assert await found(USES) == ["returned"]
    await with_orders.pays(club, maya, page)
    assert await held_plans() == [then]
    await with_orders.all_is_well()


@pytest.mark.parametrize("first, then", [("once", "annual"), ("annual", "once")])
@pytest.mark.parametrize("with_order", [False, True])
async def test_while_the_other_plan_is_being_paid_nothing_else_can_be(
    club: Shop, first: str, then: str, with_order: bool
) -> None:
    """A bank debit takes days."""
    await one_code(club, "once each")
    maya = await with_orders.shopping(club)
    await club.pay(await joins(maya, first), BANK_GOOD)
    await club.catch_up()
    if with_order:
        page = await terms_with_orders.places(maya, f"/checkout?join={then}")
    else:
        page = await joins(maya, then)
    said = "hasn’t gone through yet" if with_order else "Your payment is on its way"
    assert page.status == 409 and said in page.words, page.words
    assert len(await found(PAGES)) == 1 and await found("SELECT id FROM orders") == []


async def test_a_page_that_stripe_does_not_close_keeps_the_code_and_says_so(club: Shop) -> None:
    """Not that the code has been used up, which only they hold."""
    await one_code(club, "once in all")
    maya = await with_orders.shopping(club, "ONE")
    await maya.submit(await maya.get("/join/once?code=ONE"), "/join/once")
    shown = await maya.get("/checkout?join=annual")
    club.stand_in.fault("refused", times=5)
    refused = await maya.submit(shown, "/checkout", **with_orders.MAYA)
    assert refused.status == 409 and "couldn’t be closed just now" in refused.words, refused.words
    assert await found(PAGES) == ["term open"] and await found(USES) == ["reserved"]
    club.stand_in.fault("refused", times=0)
    await with_orders.pays(club, maya, await with_orders.places(maya))
    assert await found(USES) == ["returned", "used"]
    await with_orders.all_is_well()
