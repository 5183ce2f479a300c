"""Where prices are shown first, the shop says whether tax is in them and that delivery is extra, where its law asks."""

from components.content.pages import page_editing
from components.content.pages.page_editing import PageDraft
from components.content.site import site_content
from components.foundation.shop_settings import setting_rows
from tests.support import make_plans, make_products
from tests.support.pages import Browser
from tests.support.shops import Shop

LISTS = ("/", "/products", "/search?q=moon")
FEES = ("/join", "/join/annual")


async def words(browser: Browser, path: str) -> str:
    return (await browser.get(path)).words.replace("\N{NO-BREAK SPACE}", " ")


async def test_lists_and_fees_say_it_in_the_language_of_the_page(goods: Shop) -> None:
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await make_products.product()
    await make_plans.club()
    guest, german = goods.browser(), goods.browser()
    german.client.cookies.set("language", "de")
    for path in LISTS:
        assert "Prices include VAT, plus delivery." in await words(guest, path), path
        assert "Preise inkl. MwSt., zzgl. Versand." in await words(german, path), path
    for path in FEES:
        assert "Membership fees include VAT." in await words(guest, path), path
        assert "Mitgliedsbeiträge inkl. MwSt." in await words(german, path), path


async def test_it_leads_to_the_page_about_delivery_once_that_is_published(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    assert "/pages/delivery" not in (await guest.get("/products")).links()
    draft = PageDraft(slug="delivery", title="Delivery", summary="", body="By post.", kind="delivery")
    await page_editing.create(draft, by=None, publish=True)
    await site_content.refresh()
    page = await guest.get("/products")
    assert '<a href="/pages/delivery">delivery</a>' in page.text


async def test_prices_without_tax_and_sellers_without_tax_say_so(goods: Shop) -> None:
    await make_products.product()
    guest = goods.browser()
    await setting_rows.change({"prices_include_tax": "no"}, by=None)
    assert "Prices plus VAT and delivery." in await words(guest, "/products")
    await setting_rows.change({"small_business": "yes", "small_business_note": "No VAT: small business."}, by=None)
    assert "No VAT: small business. Prices plus delivery." in await words(guest, "/products")
    await setting_rows.change({"small_business": "no", "tax_source": "stripe", "prices_include_tax": "yes"}, by=None)
    assert "Prices include VAT, plus delivery." in await words(guest, "/products")


async def test_a_shop_whose_law_does_not_ask_says_nothing(goods: Shop) -> None:
    await setting_rows.change({"country": "US"}, by=None)
    await make_products.product()
    await make_plans.club()
    guest = goods.browser()
    for path in (*LISTS, *FEES):
        assert "plus delivery" not in await words(guest, path) and "fees include" not in await words(guest, path), path
