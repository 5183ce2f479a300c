"""Who may still withdraw finds the way there on their own pages, and reads there that it was received."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.messaging.notices import settled_withdrawals
from components.people import customer_accounts
from tests.scenarios.test_38_gift_refunds import with_one_gift
from tests.scenarios.test_38_term_refunds import with_a_term
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE, CANCEL, GIVEN = "/account/membership", "/account/membership/cancellation", "/account/given"
MAY, RECEIVED = "without giving a reason", "We received your withdrawal from"


async def withdraws(browser: Browser, where: str) -> None:
    second = await browser.submit(await browser.get(where), "/withdraw", name="Maya", email="maya@kiln.test")
    await browser.submit(second, "/withdraw/confirm")
    assert await database.fetch_value("SELECT count(*) FROM withdrawal") == 1


async def seen_to(outcome: str) -> None:
    (id,) = await database.fetch_values("SELECT id FROM withdrawal")
    by = (await people.owner("noor@kiln.test")).id
    await settled_withdrawals.settle(id, outcome=outcome, by=by, anyway=True)


async def later(**span: int) -> None:
    clock.set_everywhere(clock.now() + timedelta(**span))


@pytest.mark.parametrize("country", ["GB", "US"])
async def test_of_a_subscription_for_fourteen_days_where_the_law_gives_them(shop: Shop, country: str) -> None:
    await setting_rows.change({"country": country, "withdrawal_page": "country"}, by=None)
    maya = await join_members.joins(shop, await make_plans.club())
    way = f"/withdraw?{urlencode({'membership': 'Annual'})}"
    for page in (await maya.get(HERE), await maya.get(CANCEL)):
        assert (way in page.links()) is (country == "GB"), page.words
        assert ("Until 15 March 2027 you can withdraw from Annual" in page.words) is (country == "GB")
    await later(days=15)
    for page in (await maya.get(HERE), await maya.get(CANCEL)):
        assert MAY not in page.words


@pytest.mark.parametrize("outcome", ["", "done", "refused"])
async def test_the_page_says_that_it_was_received_until_staff_have_seen_to_it(shop: Shop, outcome: str) -> None:
    maya = await join_members.joins(shop, await make_plans.club())
    assert MAY in (await maya.get(HERE)).words
    await withdraws(maya, "/withdraw?membership=Annual")
    if outcome:
        await seen_to(outcome)
    for page in (await maya.get(HERE), await maya.get(CANCEL)):
        assert (f"{RECEIVED} Annual on 1 March 2027" in page.words) is (outcome == ""), page.words
        assert MAY not in page.words, "it is not asked for twice"


async def test_of_a_plan_paid_once_and_of_a_gift_by_whoever_paid(shop: Shop) -> None:
    await with_a_term(shop, "4242424242424242")
    maya = await shop.signed_in("maya@kiln.test")
    page = await maya.get(HERE)
    assert "/withdraw?membership=Year%20pass" in page.links(), page.links()
    await withdraws(maya, "/withdraw?membership=Year%20pass")
    assert f"{RECEIVED} Year pass" in (await maya.get(HERE)).words


async def test_of_a_gift_by_its_buyer_on_the_page_of_their_gifts(shop: Shop) -> None:
    await with_one_gift(shop, "4242424242424242")
    buyer = await database.fetch_value("SELECT buyer FROM gift_membership")
    person = await customer_accounts.by_id(buyer)
    assert person is not None
    noor = await shop.signed_in(str(person.email))
    page = await noor.get(GIVEN)
    (way,) = [link for link in page.links() if link.startswith("/withdraw?membership=Gift")]
    assert MAY in page.words and MAY not in (await noor.get(HERE)).words
    second = await noor.submit(await noor.get(way), "/withdraw", name="Noor")
    await noor.submit(second, "/withdraw/confirm")
    assert RECEIVED in (await noor.get(GIVEN)).words


async def test_a_stranger_who_types_the_address_of_somebody_unconfirmed_changes_no_page(shop: Shop) -> None:
    maya = await join_members.joins(shop, await make_plans.club())
    await database.execute("UPDATE person SET email_confirmed_at = NULL")
    await withdraws(maya, "/withdraw?membership=Annual")
    assert RECEIVED not in (await maya.get(HERE)).words


@pytest.mark.parametrize("country", ["GB", "US"])
async def test_of_an_order_from_its_placing_until_fourteen_days_after_it_came(goods: Shop, country: str) -> None:
    await make_products.product(on_hand=5)
    maya = goods.browser()
    thanks = await buy_products.buy(goods, maya, email="maya@kiln.test")
    await goods.catch_up()
    await database.execute("UPDATE orders SET address = replace(address::text, '\"GB\"', $1)::jsonb", f'"{country}"')
    order = await buy_products.the_order()
    way = f"/withdraw?order={order.number}"
    assert (way in (await maya.get(thanks.path)).links()) is (country == "GB")
    if country == "US":
        return
    await withdraws(maya, way)
    page = await maya.get(thanks.path)
    assert "We received your withdrawal from this order on 1 March 2027." in page.words and way not in page.links()
