"""The page of patterns: for those who work here, and well made."""

from tests.support import people
from tests.support.shops import Shop


async def test_staff_see_every_pattern_on_a_well_made_page(shop: Shop) -> None:
    await people.staff()
    page = await (await shop.signed_in("sam@kiln.test")).get("/staff/patterns")
    assert page.status == 200
    assert page.heading == "Patterns"
    assert "£20.40 with the Kiln Club" in page.words
    assert "Page: staff home" in page.words


async def test_customers_do_not(shop: Shop) -> None:
    await people.customer()
    page = await (await shop.signed_in("noor@kiln.test")).get("/staff/patterns")
    assert page.status == 403
    assert "You don’t have permission" in page.words


async def test_a_missing_page_looks_like_the_shop_and_leads_on(shop: Shop) -> None:
    page = await shop.browser().get("/nowhere")
    assert page.status == 404
    assert page.heading == "Page not found"
    assert "/products" in page.links()


async def test_a_missing_pages_title_names_the_shop_once_in_the_shop_and_for_staff(shop: Shop) -> None:
    await people.owner()
    for browser, path in ((shop.browser(), "/nowhere"), (await shop.signed_in("iris@kiln.test"), "/staff/nowhere")):
        page = await browser.get(path)
        assert page.tree.findtext(".//title") == "Page not found · Kiln", path
