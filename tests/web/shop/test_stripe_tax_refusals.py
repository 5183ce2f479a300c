"""What Stripe Tax refuses because of the shop is told to staff at once, and nothing is sold by another rate instead."""

from datetime import timedelta

from components.foundation import clock, database
from components.foundation.shop_settings import setting_rows
from components.payments.taxes.tables import TaxTrouble
from tests.support import buy_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_stripe_tax import SEATTLE, american, bought, shown

SOURCE = "/staff/settings/tax/source"
UNTAXED = "We can’t work out the tax at the moment"
REFUSED, UNKNOWN = "Stripe Tax has refused to work out tax since", "Stripe Tax doesn’t take the tax code"


async def owner(shop: Shop) -> Browser:
    return await shop.signed_in((await people.owner("iris@kiln.test")).email)


async def test_an_answer_that_does_not_come_to_its_own_total_sells_nothing_and_is_told(shop: Shop) -> None:
    guest, iris = await american(shop), await owner(shop)
    await setting_rows.change({"tax_fallback": "own"}, by=None)
    shop.stand_in.fault("tax_untold")
    page = await shown(guest, **SEATTLE)
    assert page.status == 503 and UNTAXED in page.alerts()
    assert await buy_products.count("orders") == await buy_products.count("tax_answer") == 0
    for where in ("/staff", SOURCE):
        assert "did not come to its own total" in (await iris.get(where)).words, where
    shop.stand_in.fault("tax_untold", times=0)
    await bought(shop, guest, **SEATTLE)
    assert (await buy_products.the_order()).total == 2206 and await TaxTrouble.count() == 0
    assert REFUSED not in (await iris.get("/staff")).words


async def test_an_account_that_became_inactive_is_on_today_until_it_is_mended(shop: Shop) -> None:
    guest, iris = await american(shop), await owner(shop)
    shop.stand_in.fault("tax_inactive")
    assert REFUSED not in (await iris.get("/staff")).words
    await shown(guest, **SEATTLE)
    today = await iris.get("/staff")
    assert REFUSED in today.words and "You must have a valid head office address" in today.words
    assert "nothing is sold by your own rates instead" in today.words
    shop.stand_in.fault("tax_inactive", times=0)
    await iris.get(SOURCE)
    assert REFUSED not in (await iris.get("/staff")).words, "the settings page has asked"


async def test_it_is_said_for_a_day_and_only_while_the_shop_asks(shop: Shop) -> None:
    guest, iris = await american(shop), await owner(shop)
    shop.stand_in.fault("tax_inactive")
    await shown(guest, **SEATTLE)
    now = clock.now()
    clock.set_everywhere(now + timedelta(seconds=1))
    await setting_rows.change({"tax_source": "own"}, by=None)
    assert REFUSED not in (await iris.get("/staff")).words
    clock.set_everywhere(now + timedelta(seconds=2))
    await setting_rows.change({"tax_source": "stripe"}, by=None)
    assert REFUSED in (await iris.get("/staff")).words
    await database.execute("UPDATE tax_trouble SET last_at = last_at - interval '25 hours'")
    assert REFUSED not in (await iris.get("/staff")).words


async def test_a_tax_code_that_stripe_does_not_know_is_named_and_over_once_another_is_set(shop: Shop) -> None:
    guest, iris = await american(shop), await owner(shop)
    page = await iris.get(SOURCE)
    page = await iris.submit(page, f"{SOURCE}/codes", category="standard", code="txcd_99999990")
    for _ in range(2):
        assert (await shown(guest, **SEATTLE)).status == 503
    for where in ("/staff", SOURCE):
        said = (await iris.get(where)).words
        assert f"{UNKNOWN} txcd_99999990." in said and "No such tax code" in said and REFUSED not in said, where
    await iris.submit(page, f"{SOURCE}/codes", category="standard", code="txcd_10000000")
    assert UNKNOWN not in (await iris.get("/staff")).words
    await bought(shop, guest, **SEATTLE)


async def test_of_delivery_the_code_is_named_too_and_other_answers_do_not_end_it(shop: Shop) -> None:
    guest, iris = await american(shop), await owner(shop)
    page = await iris.submit(await iris.get(SOURCE), f"{SOURCE}/codes", category="delivery", code="txcd_99999990")
    await shown(guest, **SEATTLE)
    await database.execute("UPDATE delivery_method SET fee = 0")
    await shown(guest, **SEATTLE)
    assert f"{UNKNOWN} txcd_99999990." in (await iris.get("/staff")).words
    await iris.submit(page, f"{SOURCE}/codes", category="delivery", code="")
    assert UNKNOWN not in (await iris.get("/staff")).words


async def test_a_key_that_may_not_use_stripe_tax_is_no_silence(shop: Shop) -> None:
    """Stripe has answered: own rates are for when it does not."""
    from components.payments import stripe_connection

    guest = await american(shop)
    await setting_rows.change({"tax_fallback": "own"}, by=None)
    known = stripe_connection._Connection.client
    stripe_connection._Connection.client = stripe_connection.StripeClient(
        "rk_test_without_tax", http_client=shop.stand_in.http_client(), max_network_retries=0
    )
    try:
        page = await shown(guest, **SEATTLE)
    finally:
        stripe_connection._Connection.client = known
    assert page.status == 503 and UNTAXED in page.alerts()
