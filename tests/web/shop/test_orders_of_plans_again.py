"""The button of a checkout pressed again after they went to join without the order: what is paid for is what was
ordered, at its price, and nothing stays held for what nobody can pay any more."""

import pytest

from components.checkout.placement.payment_page import open_page
from components.foundation import database
from components.memberships.editing import plans
from tests.support import buy_products
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes_paid_once import term
from tests.web.shop.test_fee_codes_with_orders import club, pays, shopping
from tests.web.shop.test_pages_of_terms import dear, held_plans, places_held
from tests.web.shop.test_terms_with_orders import PAGES, all_is_well, places, term_club

__all__ = ["club"]

PAID = "SELECT count(*) FROM orders WHERE paid_at IS NOT NULL AND flagged_at IS NULL"


@pytest.mark.parametrize("turn", [("once", "dear", 2000, 2160), ("dear", "once", 50000, 2795)])
async def test_the_plan_that_was_ordered_at_its_price(club: Shop, turn: tuple[str, str, int, int]) -> None:
    ordered, other, fee, goods = turn
    await term_club()
    await dear()
    await database.execute("UPDATE plan SET places = 5")
    await club.refresh()
    maya = await shopping(club)
    await places(maya, f"/checkout?join={ordered}")
    await maya.submit(await maya.get(f"/join/{other}"), f"/join/{other}")
    await club.catch_up()
    assert await places_held() == [other]
    page = await places(maya, f"/checkout?join={ordered}")
    assert f"£{fee // 100}.00" in page.words, page.words
    await club.catch_up()
    assert await places_held() == [ordered]
    await pays(club, maya, page)
    assert await held_plans() == [ordered] and (await term())["net_amount"] == round(fee / 1.2)
    assert (await database.fetch_values(PAGES))[-1] == f"term complete {goods + fee} {goods}"
    assert await database.fetch_value(PAID) == 1
    await all_is_well()


async def test_the_page_of_an_order_is_for_its_plan_where_another_tab_was_quicker(club: Shop) -> None:
    """They pressed both buttons at once: the term waits for the other plan when the page of the order is opened."""
    await term_club()
    await dear()
    maya = await shopping(club)
    await places(maya)
    await maya.submit(await maya.get("/join/dear"), "/join/dear")
    order = await buy_products.the_order()
    paying = await open_page(order)
    assert paying.pay_url
    page = await maya.get(paying.pay_url)
    assert "Once" in page.words and "Dear" not in page.words
    await pays(club, maya, page)
    assert await held_plans() == ["once"] and (await term())["net_amount"] == 1667
    await all_is_well()


async def test_of_plans_that_renew_too(club: Shop) -> None:
    await plans.create(slug="more", name="More", summary="", price=30000, interval="year", interval_count=1, by=None)
    maya = await shopping(club)
    await places(maya, "/checkout?join=annual")
    await maya.submit(await maya.get("/join/more"), "/join/more")
    page = await places(maya, "/checkout?join=annual")
    await pays(club, maya, page)
    assert await held_plans() == ["annual"] and await database.fetch_value(PAID) == 1
    assert await database.fetch_value("SELECT count(*) FROM orders WHERE cancelled_at IS NOT NULL") == 1
    await all_is_well()
