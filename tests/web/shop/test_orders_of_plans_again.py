"""The button of a checkout pressed again after they went to join without the order: what is paid for is what was
ordered, at its price, and nothing stays held for what nobody can pay any more."""

from datetime import timedelta

import pytest

from components.checkout.placement.payment_page import open_page
from components.foundation import clock, database
from components.memberships.editing import plans
from components.memberships.grants import fixed_term, term_pages
from components.memberships.plans import plan_catalogue
from components.memberships.promises import plan_places
from components.orders import completion
from tests.support import buy_products
from tests.support.meanwhile import Meanwhile
from tests.support.shops import Shop
from tests.web.shop import test_fee_codes_with_orders as with_orders
from tests.web.shop.test_fee_codes import states
from tests.web.shop.test_fee_codes_paid_once import term
from tests.web.shop.test_fee_codes_with_orders import club, pays, shopping
from tests.web.shop.test_pages_of_terms import dear, held_plans, places_held
from tests.web.shop.test_terms_with_orders import PAGES, all_is_well, places, term_club

__all__ = ["club"]

DEBIT_THAT_FAILS = "10880033333335"
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


@pytest.mark.parametrize("told", [True, False])
async def test_what_is_ordered_while_a_debit_is_on_its_way_holds_nothing_once_that_fails(
    club: Shop, told: bool
) -> None:
    """`told`: the shop knows of the debit already when they press the button again, with a code."""
    await term_club()
    await dear()
    await database.execute("UPDATE plan SET places = 5")
    await club.refresh()
    await with_orders.code("LAST", fee_plans=("dear",), limit_total=1)
    maya = await shopping(club)
    paying = await club.pay(await places(maya), DEBIT_THAT_FAILS)
    if told:
        await maya.get(paying.url)
        await club.catch_up()
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await buy_products.put_in(maya)
    await with_orders.enters(maya, "LAST")
    again = await places(maya, "/checkout?join=dear")
    assert again.status == 409 and "A payment of yours for a membership is on its way" in again.words, again.words
    assert "reserved" not in await states() and await places_held() == ["once"]
    assert (await term())["plan_version"] == plan_catalogue.by_slug("once").version_id
    for _day in range(5):
        clock.set_everywhere(clock.now() + timedelta(days=1))
        await club.catch_up()
        await completion.expire_overdue()
    assert (await term())["lapsed_at"] and await places_held() == []
    page = await places(maya, "/checkout?join=dear")
    await pays(club, maya, page)
    assert await held_plans() == ["dear"] and (await states())[-1] == "used"
    await all_is_well()


async def test_an_order_that_never_had_a_page_does_not_keep_what_an_earlier_payment_held(club: Shop) -> None:
    """The process ended before its page was opened, while a debit was on its way: that fails after the order's time."""
    await term_club()
    maya = await shopping(club)
    await club.pay(await places(maya), DEBIT_THAT_FAILS)
    await club.catch_up()
    kept, placed = await term(), clock.now() + timedelta(minutes=1)
    await database.execute("UPDATE paid_term SET ordered_at = $1", placed)
    await fixed_term.order_expired(kept["id"], placed_at=placed - timedelta(seconds=1))
    assert (await term())["ordered_at"] == placed
    await fixed_term.order_expired(kept["id"], placed_at=placed)
    clock.set_everywhere(clock.now() + timedelta(days=5))
    await club.catch_up()
    assert (await term())["lapsed_at"]


async def test_the_end_of_a_page_waits_for_who_starts_anew(club: Shop) -> None:
    """Each locks the person's place and their term, in another order."""
    await term_club()
    await database.execute("UPDATE plan SET places = 5")
    await club.refresh()
    maya = await shopping(club)
    await places(maya)
    kept, plan = await term(), plan_catalogue.by_slug("once")
    await database.execute("UPDATE checkout_session SET status = 'expired', expired_at = $1", clock.now())
    await database.execute("UPDATE paid_term SET ordered_at = NULL")
    begins = Meanwhile(fixed_term._waiting(kept["payer"], plan, ordered_at=None))
    async with database.transaction():
        await term_pages.locked(kept["id"])
        await begins.begins()
        await plan_places.release(plan.id, kept["payer"])
    await begins.task
    assert await places_held() == ["once"]
