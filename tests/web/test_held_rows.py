"""Somebody holds rows for ever: pages that need them say so within ten seconds, all others answer at once."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import asyncpg

from components.catalog.tables import Variant
from components.foundation import database
from components.foundation.database import pool_shares, time_limits
from tests.support import fill_basket, make_products
from tests.support.buy_products import TYPED
from tests.support.cells import every_cell
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from web.shop import page_cache

WORDS = "The shop is busy at the moment"
AT_ONCE = ("/", "/products/moon-mug", "/products/tall-jug", "/basket", "/checkout", "/sign-in", "/search?q=mug")


@asynccontextmanager
async def held(dsn: str, statement: str) -> AsyncIterator[None]:
    """By another connection, as a worker that hangs or somebody's psql would."""
    other = await asyncpg.connect(dsn)
    try:
        async with other.transaction():
            await other.execute(statement)
            yield
    finally:
        await other.close()


async def wait_for(variant_id: UUID) -> None:
    with time_limits.of_a_request():
        async with database.transaction():
            await database.locked(Variant, Variant.id == variant_id)


async def timed(browser: Browser, path: str) -> tuple[str, int, float]:
    page_cache._pages.clear()
    began = time.monotonic()
    answer = await browser.client.get(path)
    took = time.monotonic() - began
    if answer.status_code == 503 and not path.startswith("/health"):
        assert WORDS in answer.text and answer.headers["retry-after"] == "5", path
    return path, answer.status_code, took


async def buy(browser: Browser) -> Page:
    page = await browser.get("/checkout")
    return await browser.post("/checkout", {**page.form("/checkout").given, **TYPED, "email": "noor@kiln.test"})


async def test_a_held_row_stops_nobody_who_does_not_need_it(shop: Shop, dsn: str) -> None:
    mug = await make_products.product("Moon mug", price=2400, on_hand=9)
    await make_products.product("Tall jug", price=2400, on_hand=9)
    await fill_basket.ways()
    await shop.refresh()
    browser = shop.browser()
    await browser.submit(await browser.get("/products/moon-mug"), "/basket")
    variant_id = (await Variant.select(Variant.id).where(Variant.product == mug.id))[0]["id"]
    async with held(dsn, f"SELECT FROM variant WHERE id = '{variant_id}' FOR UPDATE"):
        waiting = [asyncio.create_task(wait_for(variant_id)) for _ in range(20)]
        await asyncio.sleep(0.1)
        looked = [await timed(browser, path) for path in AT_ONCE]
        assert {(path, status) for path, status, _ in looked} == {(path, 200) for path in AT_ONCE}
        assert max(took for *_, took in looked) < 1.5, looked
        assert "does not answer" not in (await browser.client.get("/health/ready")).text
        began = time.monotonic()
        bought = await buy(browser)
        assert time.monotonic() - began < 10
        assert bought.status == 503 and WORDS in bought.words, bought.words
        ended = await asyncio.gather(*waiting, return_exceptions=True)
    assert {type(one) for one in ended} <= {asyncpg.LockNotAvailableError, TimeoutError}
    assert (await buy(browser)).status == 200


async def test_a_held_table_is_answered_in_words_within_ten_seconds(shop: Shop, dsn: str) -> None:
    await make_products.product("Moon mug", price=2400, on_hand=9)
    await shop.refresh()
    browsers = [shop.browser() for _ in range(len(AT_ONCE) * 4)]
    await asyncio.gather(*[b.submit(await b.get("/products/moon-mug"), "/basket") for b in browsers[:4]])
    async with held(dsn, "LOCK TABLE variant, basket, basket_line IN ACCESS EXCLUSIVE MODE"):
        looked = await asyncio.gather(*[timed(b, AT_ONCE[n % len(AT_ONCE)]) for n, b in enumerate(browsers)])
    assert max(took for *_, took in looked) < 10, looked
    assert {status for _, status, _ in looked} <= {200, 404, 503}
    assert (await timed(browsers[0], "/basket"))[1] == 200


async def test_the_limits_are_given_when_connecting_and_only_an_update_has_others(db: None) -> None:
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    shown = [await database.fetch_value(f"SHOW {name}") for name in names]
    assert shown == ["3s", "35s", "1min"]


@every_cell(
    ("sql", "is_read"),
    [
        ("SELECT 1", True),
        ("\n  with one AS (SELECT 1) SELECT * FROM one", True),
        ("WITH one AS (INSERT INTO a VALUES (1) RETURNING id) SELECT * FROM one", False),
        ("WITH one AS (SELECT 1) UPDATE basket b SET note = '' FROM one", False),
        ("UPDATE basket SET note = ''", False),
        ("INSERT INTO basket VALUES (1)", False),
    ],
)
def test_places_for_readers_are_given_to_queries_only(sql: str, is_read: bool) -> None:
    assert pool_shares.only_reads(sql) is is_read
