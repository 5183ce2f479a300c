"""What is created without an address gets one from its name, spelt as in the shop's language."""

import pytest

from components.content import article_editing
from components.content.article_editing import Draft
from components.content.pages import page_editing
from components.content.pages.page_editing import PageDraft
from components.foundation.shop_settings import made_addresses, setting_rows
from components.memberships.plans import plan_catalogue
from tests.support import fill_basket, people
from tests.support.pages import Browser
from tests.support.shops import Shop


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await fill_basket.ways()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def test_umlauts_are_spelt_out_in_a_german_shop(shop: Shop) -> None:
    for language, made in (("en", "wanderfuhrer-sachsische-schweiz"), ("de", "wanderfuehrer-saechsische-schweiz")):
        await setting_rows.change({"shop_language": language}, by=None)
        assert made_addresses.from_title("Wanderführer Sächsische Schweiz") == made
        assert made_addresses.from_title("Wanderfu\u0308hrer").endswith("fuehrer") is (language == "de")
        assert made_addresses.from_title("Straße new") == "strasse-new" and made_addresses.from_title("!") == ""


async def test_a_plan_needs_no_address_and_a_product_and_a_page_get_theirs(shop: Shop, iris: Browser) -> None:
    await setting_rows.change({"shop_language": "de"}, by=None)
    typed = {"name": "Waldläufer Jahr", "price": "49.00", "count": "1", "interval": "month", "slug": ""}
    made = await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", **typed)
    assert made.path == "/staff/plans/waldlaeufer-jahr", made.alerts()
    again = await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", **typed)
    assert again.status == 422 and "Another plan already uses this address." in again.words
    named = await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", **{**typed, "slug": "Jahr"})
    assert named.path == "/staff/plans/jahr"
    nothing = await iris.submit(await iris.get("/staff/plans/new"), "/staff/plans", **{**typed, "name": "!"})
    assert nothing.path == "/staff/plans/plan" and len(plan_catalogue.all_plans()) == 3
    page = await iris.get("/staff/products/new")
    sold = await iris.submit(page, "/staff/products", title="Führer", price="9.00", on_hand="1")
    assert sold.path == "/staff/products/fuehrer", sold.alerts()
    await page_editing.create(PageDraft(slug="", title="Über uns", body=""), by=None)
    await article_editing.create(Draft(slug="", title="Öl", teaser="", body=""), by=None)
    assert (await page_editing.by_slug("ueber-uns")).title == "Über uns"
    assert (await article_editing.by_id("oel"))[1].title == "Öl"


async def test_how_invoices_are_numbered_in_the_country_is_said(shop: Shop, iris: Browser) -> None:
    for country, usual in (("IT", "begin anew each year, with the year in the number"), ("DE", "count on for ever")):
        await setting_rows.change({"country": country}, by=None)
        page = await iris.get("/staff/settings/invoices")
        assert f"As usual in your country: {usual}" in page.words, page.words
