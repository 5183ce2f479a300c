"""A setting that is changed anywhere is on the pages of two web processes, and in what a worker writes, at once."""

import asyncio
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import httpx

from benchmarks import servers
from benchmarks.shopper import Shopper
from components.foundation.shop_settings.shop_settings import NAMES
from tests.operate.conftest import PRODUCT
from tests.operate.served import Served
from tests.support import demos

SECONDS = 2.0
LOOKS = 24
"""So many new connections reach both processes."""
CHANGE = "INSERT INTO shop_setting (id, name, value, at) VALUES (gen_random_uuid(), 'shop_name', $1, now())"
COLOUR = "INSERT INTO shop_setting (id, name, value, at) VALUES (gen_random_uuid(), 'brand_accent', '#553a9c', now())"
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


def names_seen(shop: Served, name: str) -> int:
    return sum(name in httpx.get(f"{shop.address}/basket").text for _ in range(LOOKS))


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


async def test_it_is_heard_by_every_process(unserved: Served) -> None:
    unserved.start("--workers", "2", "--without-worker")
    with worker_that_was_told_nothing(unserved):
        assert await asyncio.to_thread(names_seen, unserved, "Kiln") == LOOKS
        connection = await unserved.connect()
        await connection.execute(CHANGE, "Northline")
        await connection.execute(COLOUR)
        await asyncio.sleep(SECONDS)
        assert await asyncio.to_thread(names_seen, unserved, "Northline") == LOOKS
        assert await asyncio.to_thread(coloured, unserved, "#553a9c") == LOOKS
        shopper = Shopper(unserved.address)
        await shopper.buy(PRODUCT)
        await shopper.close()
        written = await the_confirmation(connection)
        await connection.close()
    assert "#553a9c" in written and "Northline" in written and "Kiln" not in written and "My Shop" not in written
