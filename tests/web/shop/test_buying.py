"""Buying, as a shopper does it: by links and plain forms, without script."""

import pytest

from components import orders
from components.foundation import database
from tests.components.catalog import making
from tests.components.checkout import shopping
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

TYPED = {
    "email": "noor@example.org",
    "name": "Noor Haddad",
    "line1": "4 Mill Lane",
    "city": "Leeds",
    "postcode": "ls1 4ab",
    "country": "GB",
}


@pytest.fixture
async def goods(shop: Shop) -> Shop:
    await shopping.ways()
    return shop


async def to_the_payment_page(browser: Browser, slug: str = "moon-mug", quantity: str = "1") -> Page:
    product = await browser.get(f"/products/{slug}")
    basket = await browser.submit(product, "/basket", quantity=quantity)
    assert basket.path == "/basket"
    return await browser.submit(await browser.get("/checkout"), "/checkout", **TYPED)


async def sound() -> bool:
    from components import catalog, checkout, memberships

    broken = [*await orders.invariants(), *await checkout.invariants(), *await catalog.invariants()]
    broken += await memberships.invariants()
    assert broken == []
    return True


async def test_a_guest_buys_without_script(goods: Shop) -> None:
    await making.product(on_hand=5)
    guest = goods.browser()
    pay_page = await to_the_payment_page(guest, quantity="2")
    assert "/offline-payments" in pay_page.path, pay_page.alerts() + pay_page.words
    outcome = await goods.pay(pay_page)
    thanks = await guest.get(outcome.url)
    assert thanks.heading == "Thank you, Noor."
    assert "51.95" in thanks.prices()
    await goods.catch_up()
    row = await database.fetch_one("SELECT on_hand, reserved FROM variant")
    assert row == {"on_hand": 3, "reserved": 0}
    assert "Your basket is empty" in (await guest.get("/basket")).words
    assert await sound()
