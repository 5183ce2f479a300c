"""What is kept of a page in one language is no part of the same page in another."""

import re

import pytest

from components.catalog.snapshot import snapshot_refresh
from components.foundation.shop_settings import setting_rows
from components.memberships.plans import plan_cache
from tests.support import make_plans, make_products
from tests.support.pages import Browser
from tests.support.shops import Shop

PARTIAL = {"hx-request": "true", "hx-request-type": "partial"}
PAGES = (
    "/", "/products", "/products?sort=price", "/products/moon-mug", "/collections", "/journal", "/join",
    "/search?q=moon", "/sitemap.xml", "/robots.txt", "/feed.xml", "/products/feed.xml", "/contact",
    "/api/v1/products", "/api/v1/plans",
)  # fmt: skip
_OF_ONE_ANSWER = re.compile(r'nonce="[^"]*"|nonce-[\w-]+|<updated>[^<]*</updated>|value="[\w-]{30,}"')


def asking(shop: Shop, language: str) -> Browser:
    browser = shop.browser()
    browser.client.cookies.set("language", language)
    return browser


async def read(browser: Browser) -> dict[str, str]:
    found = {}
    for path in PAGES:
        for headers in ({}, PARTIAL):
            answer = await browser.client.get(path, headers=headers)
            assert answer.status_code == 200, path
            found[f"{path} {len(headers)}"] = _OF_ONE_ANSWER.sub("", answer.text)
    return found


async def _anew() -> None:
    """Whatever is kept has the versions of what it shows in its key."""
    await snapshot_refresh.refresh()
    await plan_cache.refresh()


@pytest.mark.parametrize(("first", "second"), [("en", "de"), ("de", "en")])
async def test_the_second_is_answered_as_if_nobody_had_asked_before(goods: Shop, first: str, second: str) -> None:
    await make_plans.club()
    await make_products.product("Moon mug", on_hand=5)
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await goods.refresh()
    await _anew()
    alone = await read(asking(goods, second))
    await _anew()
    others = await read(asking(goods, first))
    after = await read(asking(goods, second))
    assert [address for address in alone if alone[address] != after[address]] == []
    assert alone["/products 0"] != others["/products 0"]
    told = [
        address for address in alone if address.startswith(("/robots", "/sitemap", "/feed", "/products/feed", "/api"))
    ]
    assert [address for address in told if alone[address] != others[address]] == [], "programs are answered alike"
