"""Pages kept for all who see the same are sent by the edge, and are what would have been drawn."""

from typing import TYPE_CHECKING

from components.catalog.snapshot import snapshot_refresh
from components.foundation import database
from tests.support import make_products
from web.shop import page_cache

if TYPE_CHECKING:
    from tests.support.shops import Shop

OF_ONE_ANSWER = ("x-request-id", "content-length")


def _said(headers: object) -> dict[str, str]:
    return {name: value for name, value in dict(headers).items() if name not in OF_ONE_ANSWER}  # type: ignore[call-overload]


async def test_the_kept_page_is_the_drawn_one_to_the_byte(shop: "Shop") -> None:
    await make_products.product("Moon mug", price=2400)
    for address in ("/products", "/products?sort=price-down", "/collections"):
        drawn, kept = [await shop.browser().get(address) for _ in range(2)]
        assert (kept.status, kept.text, _said(kept.headers)) == (200, drawn.text, _said(drawn.headers))
        head = await shop.browser().client.head(address)
        assert (head.status_code, head.text, head.headers["content-length"]) == (
            200, "", kept.headers["content-length"],
        )  # fmt: skip
        again = await shop.browser().client.get(address, headers={"if-none-match": kept.headers["etag"]})
        assert (again.status_code, again.text) == (304, "")


async def test_a_kept_page_is_drawn_anew_when_something_has_changed(shop: "Shop") -> None:
    mug = await make_products.product("Moon mug", price=2400)
    browser = shop.browser()
    assert (await browser.get("/products")).prices() == (await browser.get("/products")).prices() == ["24.00"]
    await database.execute("UPDATE variant SET price = 2000 WHERE product = $1", mug.id)
    await snapshot_refresh.refresh()
    assert (await browser.get("/products")).prices() == ["20.00"]


async def test_who_has_a_notice_to_read_gets_a_page_of_her_own(shop: "Shop") -> None:
    await make_products.product("Moon mug", price=2400)
    browser = shop.browser()
    plain = await browser.get("/products")
    browser.client.cookies.set("flash", "nothing we have sealed")
    page_cache._pages.clear()
    assert (await browser.get("/products")).text == plain.text
    assert not page_cache._pages


async def test_somebody_we_could_not_look_up_is_told_so_instead_of_being_a_stranger(shop: "Shop") -> None:
    await make_products.product("Moon mug", price=2400)
    await shop.browser().get("/products")
    browser = shop.browser()
    browser.client.cookies.set("session", "somebody's")
    pool, database.DB.pool = database.DB.pool, None
    try:
        page = await browser.get("/products")
    finally:
        database.DB.pool = pool
    assert page.status == 503
