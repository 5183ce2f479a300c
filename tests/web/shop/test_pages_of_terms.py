"""The page of a plan that is paid once pays what it was opened for, whatever is asked for before the shop hears of it;
and nothing is held for a page that could not be opened."""

import pytest

from components.foundation import database
from components.memberships.editing import plans
from components.payments import stripe_connection
from tests.support import join_members
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import states, visits
from tests.web.shop.test_fee_codes_paid_once import all_is_well, code, once, term


async def dear() -> None:
    await plans.create(
        slug="dear", name="Dear", summary="", price=50000, interval="life", interval_count=1, is_once=True, by=None
    )


async def held_plans() -> list[str]:
    return await database.fetch_values("SELECT p.slug FROM membership m JOIN plan p ON p.id = m.plan")


async def places_held() -> list[str]:
    """The plans on which a place is held for somebody who pays."""
    return await database.fetch_values(
        "SELECT p.slug FROM plan_place h JOIN plan p ON p.id = h.plan WHERE h.ended_at IS NULL ORDER BY 1"
    )


async def few_places(shop: Shop) -> None:
    await database.execute("UPDATE plan SET places = 5")
    await shop.refresh()


async def test_who_paid_for_a_cheap_plan_gets_that_one(shop: Shop) -> None:
    await once()
    await dear()
    await few_places(shop)
    maya = await visits(shop, join_members.MAYA)
    await shop.pay(await maya.submit(await maya.get("/join/once"), "/join/once"))
    answer = await maya.submit(await maya.get("/join/dear"), "/join/dear")
    assert "Once is active" in answer.words and "Dear" not in answer.words
    await shop.catch_up()
    assert await held_plans() == ["once"] and ((await term())["off"], (await term())["net_amount"]) == (0, 2000)
    assert "dear" not in await places_held()
    await all_is_well()


async def test_the_same_when_nobody_asks_stripe_until_the_shop_is_told(shop: Shop) -> None:
    """Two tabs: the other plan's page was being opened while the first one was paid."""
    await once()
    await dear()
    maya = await visits(shop, join_members.MAYA)
    await shop.pay(await maya.submit(await maya.get("/join/once"), "/join/once"))
    await database.execute(
        "UPDATE paid_term SET plan_version = (SELECT v.id FROM plan_version v JOIN plan p ON p.id = v.plan "
        "WHERE p.slug = 'dear')"
    )
    await shop.catch_up()
    assert await held_plans() == ["once"] and (await term())["off"] == 0
    await all_is_well()


async def test_another_plan_is_another_page_and_leaves_the_place_on_the_first(shop: Shop) -> None:
    await once()
    await dear()
    await few_places(shop)
    maya = await visits(shop, join_members.MAYA)
    await maya.submit(await maya.get("/join/once"), "/join/once")
    page = await maya.submit(await maya.get("/join/dear"), "/join/dear")
    assert await places_held() == ["dear"]
    assert await database.fetch_values("SELECT status FROM checkout_session ORDER BY attempt") == ["expired", "open"]
    await shop.pay(page)
    await shop.catch_up()
    assert await held_plans() == ["dear"] and (await term())["net_amount"] == 50000
    await all_is_well()


@pytest.mark.parametrize("then", ["?code=TWO", ""])
async def test_the_code_that_was_paid_with_counts(shop: Shop, then: str) -> None:
    await once()
    await code("ONE")
    await code("TWO", value=5000)
    maya = await visits(shop, join_members.MAYA)
    await shop.pay(await maya.submit(await maya.get("/join/once?code=ONE"), "/join/once"))
    await maya.submit(await maya.get(f"/join/once{then}"), "/join/once")
    await shop.catch_up()
    assert (await term())["off"] == 400
    paid = "SELECT d.code, u.state FROM fee_discount d JOIN coupon_use u ON u.fee = d.id ORDER BY 1"
    expected = [("ONE", "used"), ("TWO", "returned")] if then else [("ONE", "used")]
    assert [tuple(row.values()) for row in await database.fetch(paid)] == expected
    assert "less £4.00 with ONE" in (await maya.get("/account/membership")).words
    await all_is_well()


async def test_nothing_is_held_for_a_page_that_could_not_be_opened(shop: Shop) -> None:
    await once()
    await few_places(shop)
    await code("LAST", limit_total=1)
    maya = await visits(shop, join_members.MAYA)
    shown = await maya.get("/join/once?code=LAST")
    shop.stand_in.fault("unavailable", times=stripe_connection.RETRIES + 1)
    sent = await maya.submit(shown, "/join/once")
    assert sent.status == 503 and await states() == ["returned"] and await places_held() == []
