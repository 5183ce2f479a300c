"""The last use of a code, and two who want it: whoever comes second is told why, whatever the instant they lose at."""

import asyncio
import contextvars
from collections.abc import Awaitable
from typing import Any

import pytest

from components.foundation import database
from components.pricing.coupons import editing, queries
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, make_plans, make_products
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import code, states, visits
from tests.web.shop.test_fee_codes_paid_once import once

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"
WHERE = ("a plan that renews", "a plan paid once", "an order")


async def shown(shop: Shop, where: str) -> list[tuple[Browser, Page, str]]:
    """Two people, each with the page open on which LAST is taken off, and where its form goes."""
    if where == "an order":
        await editing.create(CouponDetails(code="LAST", words="Off", discount_type="percent", value=1000))
        await make_products.product(on_hand=20)
    elif where == "a plan paid once":
        await once()
        await code("LAST", fee_plans=("once",))
    else:
        await make_plans.club(slug="annual", price=500, interval="month")
        await code("LAST")
    await database.execute("UPDATE coupon SET limit_total = 1")
    found = []
    for name in ("maya", "noor"):
        browser = await visits(shop, f"{name}@kiln.test")
        if where == "an order":
            await buy_products.put_in(browser)
            await browser.submit(await browser.get("/basket"), "/basket/coupon", coupon="LAST")
            found.append((browser, await browser.get("/checkout"), "/checkout"))
        else:
            path = "/join/once" if where == "a plan paid once" else "/join/annual"
            found.append((browser, await browser.get(f"{path}?code=LAST"), path))
    return found


async def sends(browser: Browser, page: Page, path: str) -> Page:
    return await browser.submit(page, path, **(buy_products.TYPED if path == "/checkout" else {}))


async def one_waits_more(than: int) -> None:
    for _ in range(1000):
        if await database.fetch_value(WAITING) > than:
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


def begun(what: Awaitable[Page]) -> asyncio.Task[Page]:
    """Beside the test's own transaction."""
    return asyncio.create_task(what, context=contextvars.Context())  # type: ignore[arg-type]


async def lost(won: Page, refused: Page, said: str = "LAST has reached its usage limit.") -> None:
    assert buy_products.is_pay_page(won) and await states() == ["reserved"]
    assert refused.status == 422 and said in refused.words, refused.words
    assert "has ended or" not in refused.words, "there is one reason, and it is known"


@pytest.mark.parametrize("where", WHERE)
async def test_it_is_gone_before_it_is_looked_at(goods: Shop, where: str) -> None:
    first, second = await shown(goods, where)
    won = await sends(*first)
    await lost(won, await sends(*second))


@pytest.mark.parametrize("where", WHERE)
async def test_it_is_taken_after_it_was_looked_at(goods: Shop, where: str) -> None:
    """Both have been looked at, and wait for the coupon's row: whoever asked first has it."""
    first, second = await shown(goods, where)
    async with database.transaction():
        await database.execute("SELECT FROM coupon FOR UPDATE")
        winner = begun(sends(*first))
        await one_waits_more(than=0)
        loser = begun(sends(*second))
        await one_waits_more(than=1)
    await lost(await winner, await loser)


@pytest.mark.parametrize("where", WHERE)
async def test_it_is_withdrawn_after_it_was_looked_at(goods: Shop, where: str) -> None:
    first, _ = await shown(goods, where)
    (coupon_id,) = await database.fetch_values("SELECT id FROM coupon")
    async with database.transaction():
        await database.execute("SELECT FROM coupon FOR UPDATE")
        loser = begun(sends(*first))
        await one_waits_more(than=0)
        await editing.withdraw(coupon_id)
    refused: Any = await loser
    assert refused.status == 422 and "LAST is no longer available." in refused.words, refused.words
    assert "usage limit" not in refused.words
    assert await states() == [] and (await queries.by_id(coupon_id)).used == 0
