"""A setting that is changed anywhere is on the pages of two web processes, and in what a worker writes, at once."""

import asyncio
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import asyncpg
import httpx

from benchmarks import servers
from benchmarks.shopper import Shopper
from components.foundation.shop_settings.shop_settings import NAMES
from tests.operate.served import Served
from tests.operate.stocked import PRODUCT
from tests.support import demos

SECONDS = 2.0
LOOKS = 24
"""So many new connections reach both processes."""
CHANGE = "INSERT INTO shop_setting (id, name, value, at) VALUES (gen_random_uuid(), $1, $2, now())"
CHANGED = {
    "shop_name": "Northline",
    "brand_accent": "#553a9c",
    "announcement_text": "Closed on Monday.",
    "shop_languages": "de",
    "delivery_dates": "on",
}
ELSEWHERE = """
UPDATE delivery_method SET name = 'By bicycle', transit_least = 1, transit_most = 2;
UPDATE tax_rate SET name = 'Tax of today';
INSERT INTO menu_item (id, menu, position, label, target) VALUES (gen_random_uuid(), 'header', 0, 'Our mug', '/mug');
INSERT INTO page (id, slug, kind, title, body, version, published_at, created_at, changed_at)
  VALUES (gen_random_uuid(), 'terms', 'terms', 'Our terms', 'Sold by {shop name}.', 1, now(), now(), now());
INSERT INTO email_text_version (id, kind, language, number, subject, body, at) VALUES (gen_random_uuid(),
  'order_confirmation', 'de', 1, 'Danke', '# Danke, von {shop name}

{order number}

{order table}

{tax note?}

{vat number?}

{our vat number?}

{arrival?}

[Ansehen]({order link})', now());
"""
"""What is in tables of its own: a delivery method, a tax rate, a menu, a page, the text of an e-mail."""
CONFIRMED = "SELECT html FROM email WHERE key LIKE 'order-confirmation:%'"


@contextmanager
def worker_that_was_told_nothing(shop: Served) -> Iterator[None]:
    known = {name.upper() for name in NAMES}
    environment = {name: value for name, value in shop.environment.items() if name not in known}
    with shop.log.open("ab") as out:
        process = subprocess.Popen(
            [*demos.PROGRAM, "worker"], env=environment, cwd=demos.ROOT, stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield
    finally:
        servers.stop(process)


def seen(shop: Served, words: str, path: str = "/basket") -> int:
    """How many new connections find the words on that page."""
    return sum(words in unescape(httpx.get(f"{shop.address}{path}").text) for _ in range(LOOKS))


def coloured(shop: Served, colour: str) -> int:
    """How many pages lead to a style sheet with this colour."""
    found = 0
    for _ in range(LOOKS):
        (sheet,) = re.findall(r'href="(/brand/[0-9a-f]{12}\.css)"', httpx.get(f"{shop.address}/basket").text)
        found += colour in httpx.get(f"{shop.address}{sheet}").text
    return found


async def the_confirmation(connection: asyncpg.Connection) -> str:
    until = time.monotonic() + 40
    while time.monotonic() < until:
        if (found := await connection.fetchval(CONFIRMED)) is not None:
            return str(found)
        await asyncio.sleep(0.1)
    raise AssertionError("no confirmation was written")


def not_everywhere(shop: Served) -> list[str]:
    """What a look at some page did not show."""
    wanted = (
        ("/basket", "Northline"), ("/basket", "Closed on Monday."), ("/basket", "Our mug"), ("/basket", "Our terms"),
        ("/pages/terms", "Sold by Northline."), ("/de/basket", 'lang="de"'), ("/products/mug", "Arrives"),
        ("/products/mug", "By bicycle"),
    )  # fmt: skip
    return [f"{words} at {path}" for path, words in wanted if seen(shop, words, path) != LOOKS]


async def test_it_is_heard_by_every_process(unserved: Served) -> None:
    unserved.start("--workers", "2", "--without-worker")
    with worker_that_was_told_nothing(unserved):
        assert await asyncio.to_thread(seen, unserved, "Kiln") == LOOKS
        connection = await unserved.connect()
        for name, value in CHANGED.items():
            await connection.execute(CHANGE, name, value)
        await connection.execute(ELSEWHERE)
        await asyncio.sleep(SECONDS)
        assert await asyncio.to_thread(not_everywhere, unserved) == []
        assert await asyncio.to_thread(coloured, unserved, "#553a9c") == LOOKS
        shopper = Shopper(unserved.address)
        await shopper.client.get("/de/basket")
        receipt = (await shopper.client.get(await shopper.buy(PRODUCT))).text
        await shopper.close()
        written = await the_confirmation(connection)
        await connection.close()
    assert "Tax of today" in receipt and "By bicycle" in receipt and "Northline" in receipt
    assert "#553a9c" in written and "Danke, von Northline" in written and "Lieferung" in written
    assert "Kiln" not in written and "My Shop" not in written
