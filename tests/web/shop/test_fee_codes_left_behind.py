"""What a code for a fee leaves behind: nothing in the basket once it was paid with, and no use that nobody can pay."""

from components.foundation import database
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from tests.support import buy_products, join_members
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import code, states
from tests.web.shop.test_fee_codes_with_orders import MAYA, all_is_well, club, pays, places, shopping

__all__ = ["club"]
MEMBER = "SPRING is for a new membership, and you already have one."
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
