"""The pages in a real browser: no accessibility faults, light and dark, narrow and wide, and usable without script.

The browser's requests are answered straight from the application; nothing listens on a port.
"""

import shutil
from collections.abc import AsyncIterator

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Route, async_playwright

from tests.web.standin.desk import CHALLENGED_ONCE, DECLINED, SHOP, Desk

CHROMIUM = next((found for name in ("chromium", "chromium-browser") if (found := shutil.which(name))), None)


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        await browser.close()


async def opened(
    chromium: Browser, desk: Desk, *, width: int = 1280, scheme: str = "light", script: bool = True
) -> Page:
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=desk.standin.pages), base_url=SHOP)

    async def answer(route: Route) -> None:
        request = route.request
        if not request.url.startswith(f"{SHOP}/offline-payments"):
            await route.fulfill(body="<!doctype html><title>Shop</title><h1>The shop</h1>", content_type="text/html")
            return
        headers = await request.all_headers()
        kept = {name: value for name, value in headers.items() if not name.startswith(":")}
        given = await client.request(request.method, request.url, content=request.post_data_buffer, headers=kept)
        location = given.headers.get("location")
        if location:  # a fulfilled redirect is not followed by the browser: take it there
            to = str(given.url.join(location))
            await route.fulfill(
                body=f'<!doctype html><meta http-equiv="refresh" content="0;url={to}">', content_type="text/html"
            )
            return
        await route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.content)

    context = await chromium.new_context(
        base_url=SHOP,
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=script,
        viewport={"width": width, "height": 900},
    )
    await context.route("**/*", answer)
    return await context.new_page()


async def must_be_accessible(page: Page) -> None:
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    overflow = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_in_every_state(desk: Desk, chromium: Browser, width: int, scheme: str) -> None:
    page = await opened(chromium, desk, width=width, scheme=scheme)
    monthly = await desk.price(500)
    session = await desk.session((monthly, 1), (2500, 2), cancel_url=f"{SHOP}/basket", allow_promotion_codes=True)
    await page.goto(session.url)
    await must_be_accessible(page)
    await page.get_by_role("button", name="Declined …0002").click()
    await must_be_accessible(page)  # the e-mail address is missing
    await page.get_by_label("E-mail").fill("maya@kiln.test")
    await page.get_by_role("button", name="Declined …0002").click()
    await page.get_by_role("alert").wait_for()
    await must_be_accessible(page)
    await page.get_by_role("button", name="3-D Secure once").click()
    await page.get_by_role("heading", name="Confirm it’s you").wait_for()
    await must_be_accessible(page)
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_role("heading", name="The shop").wait_for()
    await page.goto(session.url)
    await must_be_accessible(page)  # closed
    subscription = (await desk.v1.subscriptions.list_async()).data[0]
    portal = await desk.v1.billing_portal.sessions.create_async(
        {"customer": subscription.customer, "return_url": f"{SHOP}/account"}
    )
    await page.goto(portal.url)
    await must_be_accessible(page)
    await desk.bought(1900)
    await desk.bought(1900, "4000000000000259")
    desk.standin.fault("duplicate")
    for path in ("control", "nowhere"):
        await page.goto(f"/offline-payments/{path}")
        await must_be_accessible(page)
    await page.context.close()


async def test_paying_without_script(desk: Desk, chromium: Browser) -> None:
    page = await opened(chromium, desk, script=False)
    session = await desk.session((2500, 1), mode="payment")
    await page.goto(session.url)
    await page.get_by_label("E-mail").fill("maya@kiln.test")
    await page.get_by_label("Card number").fill(DECLINED)
    await page.get_by_role("button", name="Pay £25.00").click()
    assert await page.get_by_role("alert").inner_text() == "Your card was declined."
    await page.get_by_label("Card number").fill(CHALLENGED_ONCE)
    await page.get_by_role("button", name="Pay £25.00").click()
    await page.get_by_role("button", name="Approve").click()
    await page.get_by_role("heading", name="The shop").wait_for()
    assert (await desk.v1.checkout.sessions.retrieve_async(session.id)).payment_status == "paid"
    await page.context.close()
