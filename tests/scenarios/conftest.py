"""A small Kiln for the numbered scenarios: five moon mugs, two plans, and people with browsers of their own."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx

from components import worker
from components.catalog import invariants as catalog_invariants
from components.catalog.snapshot import snapshot_refresh
from components.checkout import invariants as checkout_invariants
from components.foundation import clock, database, json, settings
from components.insights import order_invariants
from components.memberships import invariants as membership_invariants
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments import invariants as payment_invariants
from tests.support import fill_basket, make_plans, make_products, people, worlds
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

GOOD_CARD = "4242424242424242"
HOME = {
    "email": "noor@example.org",
    "name": "Noor Haddad",
    "line1": "4 Mill Lane",
    "city": "Leeds",
    "postcode": "LS1 4AB",
    "country": "GB",
}


class Kiln:
    """The whole shop by HTTP, the stand-in's clock in hand, and the webhooks to deliver as one likes."""

    def __init__(self, shop: Shop, monthly: PlanView, annual: PlanView) -> None:
        self.shop, self.monthly, self.annual = shop, monthly, annual
        self.stand_in = shop.stand_in

    # shoppers

    async def to_checkout(self, browser: Browser, slug: str = "moon-mug", quantity: int = 1) -> Page:
        await browser.submit(await browser.get(f"/products/{slug}"), "/basket", quantity=str(quantity))
        return await browser.get("/checkout")

    async def to_pay(self, browser: Browser, slug: str = "moon-mug", quantity: int = 1) -> str:
        """Basket, checkout, and on to the pay page; its session."""
        checkout_page = await self.to_checkout(browser, slug, quantity)
        return session_of(await browser.submit(checkout_page, "/checkout", **HOME))

    async def pay(self, session_id: str, card: str = GOOD_CARD, **how: Any) -> str:
        return (await self.stand_in.pay(session_id, card=card, **how)).state

    async def come_back(self, browser: Browser, session_id: str) -> Page:
        """To the address Stripe sends the browser to."""
        row = await database.fetch_one("SELECT request FROM checkout_session WHERE stripe_session_id = $1", session_id)
        assert row is not None
        path = urlsplit(json.load(row["request"])["success_url"])
        return await browser.get(f"{path.path}?session_id={session_id}")

    async def join(self, email: str = "maya@example.org", card: str = GOOD_CARD, plan: str = "monthly") -> Browser:
        """Somebody new joins, pays and comes back."""
        browser = self.shop.browser()
        asked = await browser.submit(await browser.get(f"/join/{plan}"), f"/join/{plan}", email=email)
        checkout_session = await browser.submit(await people.enters_code(self.shop, browser, asked), f"/join/{plan}")
        session_id = session_of(checkout_session)
        await self.pay(session_id, card)
        await self.come_back(browser, session_id)
        await self.work()
        return browser

    # time and news

    def later(self, **step: float) -> None:
        clock.set_everywhere(clock.now() + timedelta(**step))

    def at(self, moment: datetime) -> None:
        clock.set_everywhere(moment)

    async def work(self) -> None:
        """Everything that webhooks, jobs and reactions would have done by now."""
        await self.shop.catch_up()

    async def deliveries(self) -> list[tuple[bytes, dict[str, str]]]:
        """The webhooks that are due, taken out of the post instead of being delivered."""
        taken: list[tuple[bytes, dict[str, str]]] = []

        async def take(body: bytes, headers: dict[str, str]) -> int:
            taken.append((body, headers))
            return 200

        await self.stand_in.deliver_due(take)
        return taken

    async def post(self, body: bytes, headers: dict[str, str]) -> int:
        transport = httpx.ASGITransport(app=self.shop.app)
        async with httpx.AsyncClient(transport=transport, base_url=settings.current().base_url) as client:
            return (await client.post("/hooks/stripe", content=body, headers=headers)).status_code

    async def workers(self, count: int) -> None:
        """Several workers at once, until nothing is left."""
        await asyncio.gather(*(worker.catch_up(self.shop.dsn) for _ in range(count)))

    # what became of it

    async def orders(self) -> list[dict[str, Any]]:
        return await database.fetch("SELECT *, paid_at IS NOT NULL AS is_paid FROM orders ORDER BY number")

    async def stock(self, slug: str = "moon-mug") -> tuple[int, int]:
        """On hand and reserved."""
        product = snapshot_refresh.snapshot().product(slug)
        assert product is not None
        return await make_products.on_hand(product.variants[0].id)

    async def sales(self) -> int:
        return int(await database.fetch_value("SELECT count(*) FROM stock_movement WHERE kind = 'sold'"))

    async def letters(self, about: str) -> int:
        """Letters whose key names this."""
        return int(await database.fetch_value("SELECT count(*) FROM email WHERE key LIKE '%' || $1 || '%'", about))

    async def broken(self) -> list[str]:
        checks = (
            order_invariants.of_orders,
            checkout_invariants.invariants,
            catalog_invariants.invariants,
            membership_invariants.invariants,
        )
        return [words for check in (*checks, payment_invariants.invariants) for words in await check()]


def session_of(page: Page) -> str:
    assert "/offline-payments" in page.path, page.alerts() or page.words
    return page.path.rsplit("/", 1)[-1].split("?")[0]


async def _stock() -> None:
    await fill_basket.ways()
    await make_products.product("Moon mug", price=2400, on_hand=5)
    await make_plans.club(slug="monthly", price=450, interval="month")
    await make_plans.club(slug="annual", price=3900, interval="year")


async def stocked(shop: Shop) -> Kiln:
    await worlds.begin_with("a small Kiln", _stock)
    await shop.refresh()
    return Kiln(shop, plan_catalogue.by_slug("monthly"), plan_catalogue.by_slug("annual"))
