"""What a code for a fee leaves behind: nothing in the basket once it was paid with, and no use that nobody can pay."""

from datetime import timedelta

from components.foundation import clock, database
from components.memberships.billing import subscriptions
from components.memberships.billing.states import unpaid_joinings
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.orders import completion, queries
from components.payments.checkout_sessions import pages
from tests.support import buy_products, join_members
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import code, states
from tests.web.shop.test_fee_codes_with_orders import MAYA, all_is_well, club, enters, pays, places, shopping

__all__ = ["club"]
MEMBER = "SPRING is for a new membership, and you already have one."
PAID = "SELECT amount FROM paid_period"
FEE_COUPON = "SELECT fee_coupon FROM basket"


async def test_paid_with_an_order_it_leaves_the_basket_with_the_goods(club: Shop) -> None:
    await code("SPRING")
    maya = await shopping(club, "SPRING")
    paying = await places(maya)
    await maya.get((await club.pay(paying, "4242424242424242")).url)
    assert await database.fetch_value(FEE_COUPON) is None, "at once, before any job"
    await club.catch_up()
    await buy_products.put_in(maya)
    for path in ("/basket", "/checkout"):
        assert "SPRING" not in (await maya.get(path)).words
    await all_is_well()


async def test_paid_with_a_trial_it_leaves_the_basket_once_that_has_begun(club: Shop) -> None:
    await database.execute("UPDATE plan SET trial_days = 14")
    await club.refresh()
    await code("SPRING")
    maya = await shopping(club, "SPRING")
    await pays(club, maya, await places(maya))
    assert await states() == ["used"] and await database.fetch_value(FEE_COUPON) is None


async def test_paid_on_the_page_of_the_plan_it_leaves_the_basket_too(club: Shop) -> None:
    await code("SPRING")
    maya = await shopping(club, "SPRING")
    await pays(club, maya, await maya.submit(await maya.get("/join/annual?code=SPRING"), "/join/annual"))
    assert MEMBER not in (await maya.get("/basket")).words
    assert "Moon mug" in (await maya.get("/basket")).words, "the goods stay"


async def test_an_order_without_the_membership_keeps_it_for_later(club: Shop) -> None:
    await code("SPRING")
    maya = await shopping(club, "SPRING")
    await pays(club, maya, await maya.submit(await maya.get("/checkout"), "/checkout", **MAYA))
    assert await database.fetch_value(FEE_COUPON) is not None
    person = await join_members.person()
    await complimentary.grant(person, plan_catalogue.by_slug("annual"), until=None, by=person)
    await club.catch_up()
    await buy_products.put_in(maya)
    assert MEMBER in (await maya.get("/basket")).words, "they have not used it, and are told why it takes nothing off"


async def statuses() -> list[str]:
    return [str(one) for one in await database.fetch_values("SELECT status FROM subscription ORDER BY created_at")]


async def test_an_order_whose_page_was_never_opened_gives_it_back_when_it_ends(club: Shop) -> None:
    await code("LAST", limit_total=1)
    maya = await shopping(club, "LAST")
    page = await maya.get("/checkout?join=annual")
    club.stand_in.fault("unavailable", times=500)
    assert (await maya.submit(page, "/checkout", **MAYA)).status == 503
    club.stand_in.fault("unavailable", times=0)
    assert await states() == ["reserved"] and await statuses() == ["pending"]
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    await completion.expire_overdue()
    for _ in range(2):
        await club.catch_up()
    assert await states() == ["returned"] and await statuses() == ["lapsed"]
    noor = await shopping(club, "LAST", "noor@kiln.test")
    await pays(club, noor, await places(noor, email="noor@kiln.test"))
    assert sorted(await states()) == ["returned", "used"]
    await all_is_well()


async def test_the_end_of_an_earlier_page_takes_nothing_from_the_order_that_came_after_it(club: Shop) -> None:
    """Its news is read after the next order is placed, and before that has a page."""
    await code("LAST", value=2000, limit_total=1)
    maya = await shopping(club, "LAST")
    assert buy_products.is_pay_page(await places(maya))
    first = await pages.for_order((await buy_products.the_order()).id)
    assert first is not None
    await buy_products.put_in(maya)
    clock.set_everywhere(clock.now() + timedelta(seconds=5))
    page = await maya.get("/checkout?join=annual")
    await pages.expire(first)
    club.stand_in.fault("unavailable", times=500)
    assert (await maya.submit(page, "/checkout", **MAYA)).status == 503
    club.stand_in.fault("unavailable", times=0)
    await club.catch_up()
    assert await states() == ["returned", "reserved"] and await statuses() == ["pending"]
    noor = await enters(await shopping(club, "", "noor@kiln.test"), "LAST")
    assert noor.status == 422 and "LAST has reached its usage limit." in noor.words
    await pays(club, maya, await places(maya))
    assert await states() == ["returned", "used"] and await database.fetch_values(PAID) == [400]
    await all_is_well()


async def test_the_page_of_a_plan_that_cannot_be_opened_reserves_nothing(club: Shop) -> None:
    await code("LAST", limit_total=1)
    await subscriptions.price_of(plan_catalogue.by_slug("annual"))  # as with every member after the first
    maya = await shopping(club)
    page = await maya.get("/join/annual?code=LAST")
    club.stand_in.fault("unavailable", times=500)
    assert (await maya.submit(page, "/join/annual")).status == 503
    club.stand_in.fault("unavailable", times=0)
    assert await states() == ["returned"] and await database.fetch_value("SELECT used FROM coupon") == 0
    await pays(club, maya, await maya.submit(page, "/join/annual"))
    assert sorted(await states()) == ["returned", "used"]
    await all_is_well()


async def test_an_earlier_order_that_ends_takes_nothing_from_a_later_one_without_a_page(club: Shop) -> None:
    await code("LAST", limit_total=1)
    maya = await shopping(club, "LAST")
    await places(maya)
    earlier = await buy_products.the_order()
    clock.set_everywhere(clock.now() + timedelta(seconds=5))
    await buy_products.put_in(maya)
    assert buy_products.is_pay_page(await places(maya))
    await database.execute("DELETE FROM checkout_session")
    for _ in range(2):
        await unpaid_joinings.order_expired(earlier.joins, earlier.joining_discount, placed_at=earlier.placed_at)  # type: ignore[arg-type]
    assert await states() == ["returned", "reserved"] and await statuses() == ["pending"]


async def test_what_a_process_left_behind_is_given_back_once_no_page_can_be_paid(club: Shop) -> None:
    await code("LAST", limit_total=1)
    maya = await shopping(club, "LAST")
    await places(maya)
    order = await buy_products.the_order()
    await unpaid_joinings.give_back()
    await database.execute("DELETE FROM checkout_session")
    await database.execute("UPDATE orders SET cancelled_at = now()")
    clock.set_everywhere(clock.now() + timedelta(hours=24))
    await unpaid_joinings.give_back()
    assert await states() == ["reserved"], "a page lives for a day"
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    for _ in range(2):
        await unpaid_joinings.give_back()
    assert await states() == ["returned"] and await statuses() == ["lapsed"]
    assert (await queries.by_id(order.id)).is_paid is False  # type: ignore[union-attr]
