"""The database fails over: the machine dies, and another one answers at the same address with the same rows, in which
something was changed that nobody could hear of. The shop comes back by itself and believes nothing it remembered.
"""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress

import httpx
import pytest

from benchmarks import servers
from benchmarks.shopper import Shopper
from tests.operate import own_server
from tests.operate.own_server import WithOwnServer
from tests.operate.served import ENDURANCE, Served
from tests.operate.stocked import PRODUCT

pytestmark = [ENDURANCE, pytest.mark.xdist_group("served")]
BACK_SECONDS = 10.0
NUMBERS = "SELECT string_agg(number, ' ' ORDER BY paid_at) FROM orders WHERE paid_at IS NOT NULL"
UNCONFIRMED = """SELECT count(*) FROM orders o WHERE paid_at IS NOT NULL
AND NOT EXISTS (SELECT FROM email e WHERE e.key = 'order-confirmation:' || o.id)"""
UNHEARD = """UPDATE product SET title = 'Jug'; UPDATE variant SET price = 1900;
INSERT INTO shop_setting (id, name, value, at) VALUES (gen_random_uuid(), 'shop_name', 'Northline', now())"""


@pytest.fixture
def shop(unserved: Served) -> Iterator[WithOwnServer]:
    first = own_server.of(unserved)
    first.start()
    made = WithOwnServer(unserved.data, first)
    try:
        made.start()
        yield made
    finally:
        made.stop()
        made.server.kill()


async def test_after_a_fail_over_the_shop_goes_on_by_itself(shop: WithOwnServer) -> None:
    await bought(shop)
    first = shop.server
    seen: set[int] = set()
    looking = asyncio.create_task(look(shop, seen))
    await asyncio.to_thread(first.kill)
    second = await asyncio.to_thread(first.copied_to, shop.data.parent / "second-server")
    address, second.port = second.port, servers.free_port()
    await asyncio.to_thread(second.start)
    second.ask(UNHEARD)
    second.process.terminate()  # type: ignore[union-attr]
    await asyncio.to_thread(second.process.wait)  # type: ignore[union-attr]
    second.port, shop.server = address, second
    await asyncio.to_thread(second.start)
    await until_it_says(shop, "Jug", "19.00", "Northline")
    looking.cancel()
    assert seen <= {200, 503}, f"answered {seen} while there was no database"
    await bought(shop)
    await until_all_are_confirmed(shop)
    numbers = second.ask(NUMBERS).split()
    assert len(numbers) == len(set(numbers)) == 2, numbers


async def look(shop: Served, seen: set[int]) -> None:
    """Somebody looks at pages that ask the database, and somebody at one that is remembered."""
    async with httpx.AsyncClient(base_url=shop.address, timeout=15, cookies={"session": "somebody's"}) as client:
        while True:
            for path in (f"/products/{PRODUCT}", "/search?q=mug", "/basket", "/health/ready"):
                answer = await client.get(path)
                assert answer.status_code != 503 or answer.headers["retry-after"], path
                seen.add(answer.status_code)
            await asyncio.sleep(0.1)


async def until_it_says(shop: Served, *words: str) -> None:
    began = time.monotonic()
    async with httpx.AsyncClient(base_url=shop.address, timeout=15) as client:
        while time.monotonic() - began < BACK_SECONDS:
            with suppress(httpx.HTTPError):
                ready, page = await client.get("/health/ready"), await client.get(f"/products/{PRODUCT}")
                if ready.status_code == 200 and all(one in page.text for one in words):
                    return
            await asyncio.sleep(0.05)
    raise AssertionError(f"not within {BACK_SECONDS} s: {ready.text}\n{shop.log.read_text()[-2000:]}")


async def bought(shop: Served) -> None:
    shopper = Shopper(shop.address)
    try:
        await shopper.buy(PRODUCT)
    finally:
        await shopper.close()


async def until_all_are_confirmed(shop: WithOwnServer) -> None:
    began = time.monotonic()
    while await asyncio.to_thread(shop.server.ask, UNCONFIRMED) != "0":
        assert time.monotonic() - began < BACK_SECONDS, shop.log.read_text()[-2000:]
        await asyncio.sleep(0.1)
