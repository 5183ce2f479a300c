"""The ways of a shopper through the shop, and the look into the books afterwards."""

from typing import Any
from uuid import UUID

from components.catalog import invariants as catalog_invariants
from components.checkout import invariants as checkout_invariants
from components.foundation import database
from components.insights import order_invariants
from components.memberships import invariants as membership_invariants
from components.memberships.grants import complimentary
from components.memberships.plans import plan_cache
from components.orders import queries
from components.orders.views import OrderView
from tests.support import fill_basket, make_plans
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
IN_GERMANY = {"city": "Berlin", "postcode": "10115", "country": "DE"}


async def put_in(browser: Browser, slug: str = "moon-mug", quantity: int = 1) -> Page:
    return await browser.submit(await browser.get(f"/products/{slug}"), "/basket", quantity=str(quantity))


async def check_out(browser: Browser, **typed: Any) -> Page:
    """Fill in the checkout and send it; the hosted page when all is well."""
    return await browser.submit(await browser.get("/checkout"), "/checkout", **{**TYPED, **typed})


async def buy(shop: Shop, browser: Browser, slug: str = "moon-mug", quantity: int = 1, **typed: Any) -> Page:
    """From the product to the page that says thank you."""
    await put_in(browser, slug, quantity)
    checkout_session = await check_out(browser, **typed)
    assert is_pay_page(checkout_session), checkout_session.alerts()
    outcome = await shop.pay(checkout_session)
    return await browser.get(outcome.url)


def is_pay_page(page: Page) -> bool:
    return page.path.startswith("/offline-payments/")


async def member(shop: Shop, email: str = "maya@kiln.test") -> Browser:
    """Somebody with a tenth off everything and free delivery, signed in."""
    maya = await fill_basket.person(email, "Maya Lindqvist")
    await complimentary.grant(maya, await make_plans.club(), until=None, by=maya)
    await plan_cache.refresh()
    return await shop.signed_in(email)


async def the_order() -> OrderView:
    """The only order there is."""
    (row,) = await database.fetch("SELECT id FROM orders")
    return await order(row["id"])


async def order(order_id: UUID) -> OrderView:
    found = await queries.by_id(order_id)
    assert found is not None
    return found


async def count(table: str, where: str = "true") -> int:
    return int(await database.fetch_value(f"SELECT count(*) FROM {table} WHERE {where}"))


async def is_sound() -> bool:
    broken = [*await order_invariants.of_orders(), *await checkout_invariants.invariants()]
    broken += [*await catalog_invariants.invariants(), *await membership_invariants.invariants()]
    assert broken == []
    return True
