"""PostgreSQL is restarted under a shop that is busy: pages come back, and so does the worker, by itself."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import httpx
import pytest

from benchmarks import servers
from benchmarks.shopper import Shopper
from tests.operate.served import Served
from tests.operate.stocked import PRODUCT
from tests.support import demos

PATIENCE = 40
UNCONFIRMED = """
SELECT count(*) FROM orders o WHERE paid_at IS NOT NULL
AND NOT EXISTS (SELECT FROM email e WHERE e.key = 'order-confirmation:' || o.id)
"""


@contextmanager
def worker_apart(shop: Served) -> Iterator[None]:
    with shop.log.open("ab") as out:
        process = subprocess.Popen(
            [*demos.PROGRAM, "worker"],
            env=shop.environment,
            cwd=demos.ROOT,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        yield
    finally:
        servers.stop(process)


async def buy_whatever_happens(shop: Served, paid: list[str]) -> None:
    while True:
        shopper = Shopper(shop.address)
        try:
            paid.append(await shopper.buy(PRODUCT))
        except (httpx.HTTPError, AssertionError, StopIteration, LookupError):
            await asyncio.sleep(0.1)
        finally:
            await shopper.close()


async def until_bought(paid: list[str], count: int) -> None:
    until = time.monotonic() + PATIENCE
    while len(paid) < count:
        assert time.monotonic() < until, f"{len(paid)} of {count} bought"
        await asyncio.sleep(0.1)


async def until_one_works(shop: Served) -> None:
    """The worker has sent the first confirmation, so it is there."""
    until = time.monotonic() + PATIENCE
    connection = await shop.connect()
    try:
        while not await connection.fetchval("SELECT EXISTS (SELECT FROM email WHERE created_at > $1)", shop.started):
            assert time.monotonic() < until, shop.log.read_text()[-2000:]
            await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def until_all_are_confirmed(shop: Served) -> None:
    """Until every paid order has its e-mail."""
    began = time.monotonic()
    connection = await shop.connect()
    try:
        while missing := await connection.fetchval(UNCONFIRMED):
            jobs = await connection.fetch("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1")
            assert time.monotonic() - began < PATIENCE, (missing, jobs, shop.log.read_text()[-2000:])
            await asyncio.sleep(0.2)
    finally:
        await connection.close()


@pytest.mark.parametrize("is_apart", [False, True], ids=["in the shop's process", "in a process of its own"])
async def test_after_a_restart_of_the_database_the_next_order_is_confirmed(unserved: Served, is_apart: bool) -> None:
    shop = unserved
    shop.start(*(["--without-worker"] if is_apart else []))
    with worker_apart(shop) if is_apart else nullcontext():
        paid: list[str] = []
        buying = [asyncio.create_task(buy_whatever_happens(shop, paid)) for _ in range(2)]
        try:
            await until_one_works(shop)
            for length in (0.0, 3.0):
                await until_bought(paid, len(paid) + 2)
                stopped = await asyncio.to_thread(shop.stop_database)
                await asyncio.sleep(length)
                stopped.start_again()
            await until_bought(paid, len(paid) + 2)
        finally:
            for task in buying:
                task.cancel()
            await asyncio.gather(*buying, return_exceptions=True)
        await until_all_are_confirmed(shop)
        if not is_apart:
            async with httpx.AsyncClient(base_url=shop.address) as client:
                told = (await client.get("/health/ready")).json()
            assert told["status"] == "ready" and told["worker"] == "running" and told["worker_last_alive"] != "never"
            assert "the worker has ended and is started again" in shop.log.read_text()
