"""What programs are told of a page's language, and what others show in it: crawlers, Stripe, the last resort."""

from xml.etree import ElementTree

import pytest

from components.foundation import database, json
from components.foundation.languages import language
from components.foundation.postal import part_names, postal_forms, postal_regions
from components.foundation.shop_settings import setting_rows
from components.payments.checkout_sessions import stripe_locales
from components.payments.stripe_calls import decline_words
from tests.support import buy_products, make_products
from tests.support.shops import Shop
from web import countries
from web.edge import error_texts

XHTML = "{http://www.w3.org/1999/xhtml}link"


@pytest.fixture
async def bilingual(goods: Shop) -> Shop:
    await make_products.product("Moon mug", on_hand=5)
    await setting_rows.change({"shop_languages": "de"}, by=None)
    return goods


async def test_each_page_names_its_language_and_its_own_address(bilingual: Shop) -> None:
    for prefix, code in (("", "en-GB"), ("/de", "de")):
        page = await bilingual.browser().get(f"{prefix}/products/moon-mug")
        own = f"http://shop.test{prefix}/products/moon-mug"
        assert page.headers["content-language"] == code
        assert f'<link rel="canonical" href="{own}">' in page.text and f'"url":"{own}"' in page.text
    missing = await bilingual.browser().get("/de/nowhere")
    assert missing.headers["content-language"] == "de" and missing.heading == "Seite nicht gefunden"
    assert "content-language" not in (await bilingual.browser().get("/sitemap.xml")).headers


async def test_the_sitemap_names_each_page_in_every_language(bilingual: Shop) -> None:
    guest = bilingual.browser()
    found = ElementTree.fromstring((await guest.get("/sitemap.xml")).text)
    german = next(each for each in found if each[0].text == "http://shop.test/de/products/moon-mug")
    assert {link.get("hreflang"): link.get("href") for link in german.iter(XHTML)} == {
        "en": "http://shop.test/products/moon-mug",
        "de": "http://shop.test/de/products/moon-mug",
    }
    assert "Disallow: /de/checkout" in (await guest.get("/robots.txt")).text


async def test_stripe_s_page_is_in_the_shopper_s_language(bilingual: Shop) -> None:
    guest = bilingual.browser()
    guest.client.cookies.set("language", "de")
    await buy_products.put_in(guest)
    wrong = await buy_products.check_out(guest, city="", postcode="1")
    assert "„Ort“ ist ein Pflichtfeld." in wrong.alerts()
    assert "Geben Sie eine Postleitzahl wie" in wrong.alerts()
    await buy_products.check_out(guest)
    request = json.load(await database.fetch_value("SELECT request FROM checkout_session"))
    assert request["locale"] == "de"


async def test_what_is_not_said_by_the_shop_itself_is_said_in_the_language_too(db: None) -> None:
    assert countries.choices()[0][0] == "GB" and stripe_locales.current() == "en-GB"
    await setting_rows.change({"shop_languages": "de"}, by=None)
    with language.speaking("de"):
        names = [name for _, name in countries.choices()]
        assert names.index("Oman") < names.index("Österreich") < names.index("Pakistan")
        assert countries.name("AT") == "Österreich" and stripe_locales.current() == "de"
        american = postal_forms.of_country("US")
        assert (american.label("region"), american.label("postcode")) == ("Bundesstaat", "ZIP-Code")
        assert american.wrong({})["region"] == "Wählen Sie einen Bundesstaat."
        assert part_names.like("Postcode", "10115") == "Geben Sie eine Postleitzahl wie 10115 ein."
        assert decline_words.said("Your card has expired.") == "Ihre Karte ist abgelaufen."
        assert decline_words.said("Something new.") is None
        assert b'lang="de"' in error_texts.brief_page("x") and b"Startseite" in error_texts.brief_page("x")
    assert decline_words.said("Something new.") == "Something new."
    spanish = [name for _, name in postal_regions.of_country("ES")]
    assert spanish.index("Ávila") < spanish.index("Badajoz")
