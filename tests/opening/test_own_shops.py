"""Three shops that sell no pots, each opened from an empty folder and followed to the first paid order of a member."""

import os
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Visits
from tests.browser.test_every_page import RULES
from tests.opening import own_shops
from tests.opening.own_shops import BOOKS, CLOTHES, FOOD, OwnShop
from tests.support.demo_words import of_the_demo

SHOTS = os.environ.get("SHOTS")
IS_WHOLE = os.environ.get("SHOPS") == "all"
OPENED = (BOOKS, CLOTHES, FOOD) if IS_WHOLE else (BOOKS,)
"""`make test` opens the first: each takes as long as starting a shop does. `make shops` opens all three."""
ENGLISH = re.compile(r"\b(?:the|your|you|and|with|for|of|is|are|until|from)\b", re.IGNORECASE)
PAGES = ("/", "/products", "/join", "/journal", "/contact", "/sign-in", "/account", "/account/membership",
         "/account/orders")  # fmt: skip
ROOMS = ("/staff", "/staff/products", "/staff/plans", "/staff/benefits", "/staff/pages", "/staff/emails",
         "/staff/settings", "/staff/settings/tax", "/staff/products/new", "/staff/delivery")  # fmt: skip


@pytest.mark.parametrize("shop", OPENED, ids=lambda shop: shop.trade)
def test_a_shop_of_ones_own_is_opened_and_sells(chromium: Browser, shop: OwnShop) -> None:
    with own_shops.begun() as served:
        visit = Visits(chromium, served.address)
        owner, guest = visit(), visit()
        assert own_shops.set_up(owner, served.link, shop, look=examine) <= 7
        assert all("503" in words for words in visit.complaints), visit.complaints
        visit.complaints.clear()  # the shop that was not open yet
        look(owner, f"{shop.trade}-today")
        own_shops.stock(owner, shop)
        own_shops.buy_and_join(guest, shop)
        words = own_shops.await_thanks(guest, shop)
        assert shop.paid in words.replace(" ", " ") and shop.tax in words, words
        look(guest, f"{shop.trade}-paid")
        for page, paths in ((guest, PAGES), (owner, ROOMS)):
            for path in paths:
                page.goto(path)
                assert of_the_demo(page.content()) == [], path
                if page is guest:
                    assert english_in(page, shop) == [], path
                look(page, f"{shop.trade}{path.replace('/', '-')}")
        assert of_the_demo(_emails(owner)) == []
        guest.goto("/account/membership")
        assert shop.said("Member since") in guest.locator("main").inner_text()
        visit.close()


@pytest.mark.skipif(not IS_WHOLE, reason="starts three programs; what it asks is asked without them in tests/web/setup")
def test_a_lost_link_is_made_anew_and_a_shop_of_ones_own_never_becomes_the_demo(chromium: Browser) -> None:
    with own_shops.begun() as served:
        visit = Visits(chromium, served.address)
        page = visit()
        newer = own_shops.link_in(served.command("setup-link").stdout)
        answer = page.goto(served.link)
        assert answer is not None and answer.status == 410 and "has been used" in page.locator("main").inner_text()
        answer = page.goto(newer)
        assert answer is not None and answer.status == 200
        visit.close()
        served.stop()
        refused = served.command("serve", "--demo")
        assert refused.returncode == 1 and "cannot become the demo" in refused.stderr, refused


def english_in(page: Page, shop: OwnShop) -> list[str]:
    """Words that only English has, on the page of a shop that speaks another language."""
    assert page.locator("html").get_attribute("lang", timeout=1000).startswith(shop.language)  # type: ignore[union-attr]
    return [] if shop.language == "en" else ENGLISH.findall(page.locator("body").inner_text())


def _emails(page: Page) -> str:
    """Every e-mail the shop has written, as its recipient sees it."""
    listed = set(re.findall(r"/mailbox/([0-9a-f-]{36})", page.request.get("/mailbox").text()))
    assert len(listed) >= 3, "a code, the order and the membership, at least"
    return "\n".join(page.request.get(f"/mailbox/{one}/sheet").text() for one in sorted(listed))


def examine(page: Page) -> None:
    """Everybody can use it, and it fits a phone."""
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url
    page.set_viewport_size({"width": 1280, "height": 900})


def look(page: Page, name: str) -> None:
    """Screenshots, where a folder for them is named."""
    if SHOTS is None:
        return
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=Path(SHOTS) / f"{name}-{width}.png", full_page=True)
