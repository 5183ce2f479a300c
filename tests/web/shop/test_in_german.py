"""The shop's pages for somebody who reads German: nothing kept for others is shown, and what is kept is in English."""

from datetime import UTC, datetime

import pytest

from components.foundation import clock, database, json
from components.foundation.languages import language, letter_case
from components.foundation.shop_settings import setting_rows
from components.memberships.plans import plan_cache
from components.pricing.traces import Step
from tests.support import buy_products, fill_basket, make_delivery, make_plans, make_products
from tests.support.cells import every_cell
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_line_why import bought, rules, whys


@pytest.fixture
async def bilingual(goods: Shop) -> Shop:
    """It has a mug at £24.00, ten of them, and speaks German too."""
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await make_products.product(on_hand=10)
    return goods


def german(browser: Browser) -> Browser:
    browser.client.cookies.set("language", "de")
    return browser


async def test_lists_and_cards_are_kept_for_each_language(bilingual: Shop) -> None:
    """Both are drawn once for everybody who sees the same."""
    guest = bilingual.browser()
    for _ in range(2):
        assert "1 product" in (await guest.get("/products")).words
        assert "1 Produkt" in (await german(bilingual.browser()).get("/products")).words


async def test_an_order_explains_its_prices_in_the_language_of_its_reader(bilingual: Shop) -> None:
    maya = german(await buy_products.member(bilingual))
    order = await maya.get(f"/orders/{await bought(bilingual, maya)}")
    (href,) = whys(order)
    assert order.heading.startswith("Vielen Dank") and "2 × 21,60 £" in order.words.replace("\N{NO-BREAK SPACE}", " ")
    said = rules(await maya.get(href))
    assert said[0].startswith("Normalpreis Ein anderer Preis ist niedriger.")
    assert said[-1].startswith("Gutschein FIRSTFIRE, vom Gesamtpreis der Position")
    maya.client.cookies.set("language", "en")
    assert rules(await maya.get(href))[-1].startswith("Coupon FIRSTFIRE, off the line total")
    kept = json.load(await database.fetch_value("SELECT trace FROM order_line"))
    assert next(one["reason"] for one in kept).startswith("Another price is lower"), "for staff, whoever bought it"


async def test_what_is_refused_is_refused_in_german_and_the_order_keeps_its_language(bilingual: Shop) -> None:
    guest = german(bilingual.browser())
    await buy_products.put_in(guest, quantity=12)
    basket = await guest.get("/basket")
    assert "Ihr Warenkorb" in basket.words and "inkl. MwSt. (20 %)" in basket.words.replace("\N{NO-BREAK SPACE}", " ")
    refused = await guest.submit(basket, "/basket/coupon", coupon="nothing")
    assert "Den Gutscheincode „nothing“ kennen wir nicht." in refused.words
    await buy_products.check_out(guest)
    assert await database.fetch_value("SELECT language FROM orders") == "de"


def test_a_step_is_said_whatever_signs_the_shop_writes() -> None:
    """As a benefit is called, and the words of an order from before they were kept in parts."""
    step = Step("10% off, 5%% more", 100, True, "It applies to other products.", (("code", "X%(y)s"),))
    assert step.said() == Step("10% off, 5% more", 100, True, "It applies to other products.")
    with language.speaking("de"):
        assert step.said().reason == "Gilt für andere Produkte."
        assert (
            Step("Coupon %(code)s, off the line total", 1, True, "", (("code", "A%"),))
            .said()
            .words.startswith("Gutschein A%")
        )


@every_cell(("code", "inside", "after"), [("en", "more mugs", "only 2 left"), ("de", "More Mugs", "Only 2 left")])
def test_german_nouns_keep_their_capitals_inside_a_sentence(code: str, inside: str, after: str) -> None:
    with language.speaking(code):
        assert (letter_case.inside("More Mugs"), letter_case.after_colon("Only 2 left")) == (inside, after)


async def test_what_orders_and_what_cancels_is_called_as_german_law_asks(bilingual: Shop) -> None:
    """§ 312j and § 312k BGB; the English words are as before."""
    await make_plans.club()
    await plan_cache.refresh()
    await fill_basket.person("maya@kiln.test", "Maya Lindqvist")
    maya = german(await bilingual.signed_in("maya@kiln.test"))
    await buy_products.put_in(maya)
    orders, ends = "Zahlungspflichtig bestellen", "Verträge hier kündigen"
    assert orders in (await maya.get("/checkout")).words and ends in (await maya.get("/products")).words
    assert "Zahlungspflichtig Mitglied werden" in (await maya.get("/join/annual")).words
    assert (await maya.get("/account/membership/cancellation")).path == "/account/membership", "nothing to cancel"
    maya.client.cookies.set("language", "en")
    assert "Continue to payment" in (await maya.get("/checkout")).words
    assert "Cancel contracts here" not in (await maya.get("/products")).words


async def test_a_month_with_a_full_stop_of_its_own_ends_a_sentence(shop: Shop) -> None:
    clock.set_everywhere(datetime(2027, 2, 1, 15, 30, tzinfo=UTC))
    promise = {"delivery_dates": "on", "handling_least": "1", "handling_most": "2", "order_cutoff": "14:00"}
    await setting_rows.change({**promise, "shop_languages": "de"}, by=None)
    await make_delivery.method("Post", "GB", fee=500, transit_least=1, transit_most=2)
    await make_products.product(price=2400)
    guest = german(shop.browser())
    for page in (await guest.get("/products/moon-mug"), await buy_products.put_in(guest)):
        assert "Feb." in page.words and "Feb.." not in page.words, page.path
