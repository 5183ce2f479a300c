"""Settings, Tax: own rates or Stripe Tax, checked at once; and the codes of the tax categories."""

from datetime import timedelta

from components.foundation import clock
from components.foundation.shop_settings import setting_rows, shop_settings
from components.payments import stripe_connection
from tests.support import buy_products, fill_basket
from tests.support.shops import Shop
from tests.web.staff.test_tax import owner_of

SOURCE = "/staff/settings/tax/source"


async def test_stripe_tax_is_chosen_once_the_account_is_ready_and_given_up_again(shop: Shop) -> None:
    owner = await owner_of(shop)
    listed = await owner.get("/staff/settings/tax")
    assert "Use Stripe Tax instead" in listed.words
    page = await owner.get(SOURCE)
    assert "Membership fees keep your own rates." in page.words
    shop.stand_in.fault("tax_inactive")
    refused = await owner.submit(page, SOURCE, tax_source="stripe")
    assert refused.status == 422
    assert "Stripe Tax is not set up yet: the address of your head office is missing." in refused.alerts()
    assert not shop_settings.current().asks_stripe_tax
    shop.stand_in.fault("tax_inactive", times=0)
    saved = await owner.submit(refused, SOURCE, tax_source="stripe", tax_fallback="own")
    assert "Baskets follow from now on." in saved.words and shop_settings.current().asks_stripe_tax
    assert "Stripe Tax works out the tax of orders." in (await owner.get("/staff/settings/tax")).words
    shop.stand_in.fault("tax_inactive")
    assert "Stripe Tax is not set up yet" in (await owner.get(SOURCE)).words, "also when it was chosen before"
    clock.set_everywhere(clock.now() + timedelta(seconds=1))  # what is saved later is what holds
    back = await owner.submit(saved, SOURCE, tax_source="own")
    assert "Saved." in back.words and not shop_settings.current().asks_stripe_tax


async def test_a_silent_stripe_a_poor_key_and_a_small_business_are_said_in_words(shop: Shop) -> None:
    owner = await owner_of(shop)
    page = await owner.get(SOURCE)
    shop.stand_in.fault("unavailable", times=20)
    assert "Stripe did not answer" in (await owner.submit(page, SOURCE, tax_source="stripe")).alerts()
    shop.stand_in.fault("unavailable", times=0)
    known = stripe_connection._Connection.client
    poor = "rk_test_without_tax"
    stripe_connection._Connection.client = stripe_connection.StripeClient(
        poor, http_client=shop.stand_in.http_client(), max_network_retries=0
    )
    try:
        refused = await owner.submit(page, SOURCE, tax_source="stripe")
    finally:
        stripe_connection._Connection.client = known
    assert "Your Stripe key may not use Stripe Tax." in refused.alerts()
    await setting_rows.change({"small_business": "yes"}, by=None)
    assert "below the limit for small businesses" in (await owner.submit(page, SOURCE, tax_source="stripe")).alerts()


async def test_categories_have_codes_of_stripes(shop: Shop) -> None:
    owner = await owner_of(shop)
    page = await owner.get(SOURCE)
    assert "txcd_99999999 (the usual one)" in page.words and "txcd_92010001 (the usual one)" in page.words
    as_ordinary = "txcd_99999999 (none chosen: taxed like ordinary goods)"
    assert (before := page.words.count(as_ordinary)) and page.words.count("txcd_99999999 (the usual one)") == 1
    for wrong in ("99999999", "txcd_1", "txcd_1234567x", "TXCD_35010000"):
        refused = await owner.submit(page, f"{SOURCE}/codes", category="reduced", code=wrong)
        assert refused.status == 422 and "txcd_ and eight digits" in refused.words, wrong
    assert (await owner.submit(page, f"{SOURCE}/codes", category="caviar", code="txcd_35010000")).status == 422
    done = await owner.submit(page, f"{SOURCE}/codes", category="reduced", code="txcd_35010000")
    assert "txcd_35010000" in done.words and done.words.count(as_ordinary) == before - 1
    assert await buy_products.count("tax_code") == 1
    assert await buy_products.count("audit_entry", "subject = 'tax category'") == 1
    await owner.submit(done, f"{SOURCE}/codes", category="reduced", code="")
    assert await buy_products.count("tax_code") == 0


async def test_only_who_may_change_settings_sees_it(shop: Shop) -> None:
    await fill_basket.person("noor@kiln.test", "Noor")
    noor = await shop.signed_in("noor@kiln.test")
    assert (await noor.get(SOURCE)).status in (403, 404)
