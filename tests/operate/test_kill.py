"""`kill -9` of the whole shop in the middle of checkouts: it starts again by itself, and nothing paid is missing.

The shop runs as it is served, on a data folder of its own; only its own process group is ended.
"""

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from pathlib import Path

import httpx
import psutil

from benchmarks import servers
from benchmarks.shopper import Shopper
from components.keeping.backup_commands import INCONSISTENT
from tests.operate.served import Served
from tests.operate.stocked import PRODUCT

SHOPPERS = 4
BACK_SECONDS = 5.0
CAUGHT_UP_SECONDS = 15.0
"""A dead worker's job is taken up after some five seconds, an event that the practice bank was delivering at once; that
machines that run tests have other work too is allowed for."""
PAID = """SELECT count(*) FROM objects WHERE kind = 'payment_intent' AND status = 'succeeded'"""


async def buy_until_it_breaks(shop: Served, paid: list[str]) -> None:
    while True:
        shopper = Shopper(shop.address)
        try:
            paid.append(await shopper.buy(PRODUCT))
        finally:
            await shopper.close()


async def checkouts_cut_off(shop: Served, after: float) -> list[str]:
    """Several shoppers buy at once; so many seconds after the first was shown an order as paid everything is killed.
    The orders they were shown as paid."""
    paid: list[str] = []
    shoppers = [asyncio.create_task(buy_until_it_breaks(shop, paid)) for _ in range(SHOPPERS)]
    for _ in range(1200):
        if paid:
            break
        await asyncio.sleep(0.05)
    await asyncio.sleep(after)
    shop.kill()
    await asyncio.gather(*shoppers, return_exceptions=True)
    return paid


async def paid_at_the_bank(shop: Served) -> int:
    with closing(sqlite3.connect(shop.data / "stand-in.sqlite")) as bank:
        return int(bank.execute(PAID).fetchone()[0])


def paid_in_the_shop(shop: Served) -> int:
    told = shop.command("check-invariants")
    assert told.returncode == 0, told.stdout + told.stderr
    counted = subprocess.run(
        [sys.executable, "-m", "tests.operate.counting"],
        env=shop.environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert counted.returncode == 0, counted.stderr
    return int(counted.stdout)


async def until_as_many_are_paid_here(shop: Served, wanted: int) -> None:
    """The stand-in's webhooks and the worker bring what was cut off to its end by themselves.

    See `CAUGHT_UP_SECONDS`.
    """
    began = time.monotonic()
    connection = await shop.connect()
    try:
        while await connection.fetchval("SELECT count(*) FROM orders WHERE paid_at IS NOT NULL") < wanted:
            assert time.monotonic() - began < CAUGHT_UP_SECONDS, shop.log.read_text()[-2000:]
            await asyncio.sleep(0.1)
    finally:
        await connection.close()


async def test_killed_in_the_middle_of_checkouts_no_paid_order_is_missing(served: Served) -> None:
    dice = random.Random(4)
    shown: list[str] = []
    for _ in range(3):
        shown += await checkouts_cut_off(served, after=dice.uniform(0.3, 1.8))
        served.start()
    assert shown, served.log.read_text()[-2000:]
    bank = await paid_at_the_bank(served)
    assert bank >= len(shown)
    assert await asyncio.to_thread(paid_in_the_shop, served) <= bank
    await until_as_many_are_paid_here(served, bank)
    assert await asyncio.to_thread(paid_in_the_shop, served) == bank
    async with httpx.AsyncClient(base_url=served.address) as client:
        for address in shown:
            page = await client.get(address)
            assert page.status_code == 200 and "K-1" in page.text


async def test_a_killed_process_is_replaced_before_anybody_gives_up(served: Served) -> None:
    """It is forked with all code in it: importing that for itself took most of the time."""
    assert served.process is not None
    (answering,) = psutil.Process(served.process.pid).children()
    async with httpx.AsyncClient(base_url=served.address, timeout=BACK_SECONDS) as client:
        before = await client.get(f"/products/{PRODUCT}")
        answering.kill()
        began = time.monotonic()
        while time.monotonic() - began < BACK_SECONDS:
            with suppress(httpx.HTTPError):
                if (await client.get(f"/products/{PRODUCT}")).status_code == before.status_code == 200:
                    return
            await asyncio.sleep(0.02)
    raise AssertionError(f"no page within {BACK_SECONDS} s: {served.log.read_text()[-2000:]}")


async def test_a_second_start_says_that_the_first_runs(served: Served) -> None:
    second = served.command("serve", "--port", str(servers.free_port()))
    assert second.returncode != 0
    assert "already running" in second.stderr and "Traceback" not in second.stderr
    async with httpx.AsyncClient(base_url=served.address) as client:
        assert (await client.get("/health/ready")).status_code == 200


async def test_a_port_in_use_is_one_sentence(served: Served, tmp_path: Path) -> None:
    other = Served(tmp_path)
    other.port = served.port
    refused = other.command("serve")
    assert refused.returncode != 0 and f"Port {served.port}" in refused.stderr and "Traceback" not in refused.stderr


async def test_what_was_backed_up_while_people_buy_comes_back(served: Served, folder: Path) -> None:
    """Taken under writes, restored elsewhere, it keeps every promise and has the orders of that moment."""
    paid: list[str] = []
    file = folder / "shop.tar"
    buying = [asyncio.create_task(buy_until_it_breaks(served, paid)) for _ in range(2)]
    await asyncio.sleep(1)
    kept = await asyncio.to_thread(served.command, "backup", str(file))
    for task in buying:
        task.cancel()
    await asyncio.gather(*buying, return_exceptions=True)
    assert kept.returncode == 0, kept.stdout + kept.stderr
    refused = served.command("restore", str(file), "--yes")
    assert refused.returncode != 0 and "Stop it before restoring" in refused.stderr
    elsewhere = Served(folder / "elsewhere" / "data")
    elsewhere.data.mkdir(parents=True)
    restored = elsewhere.command("restore", str(file), "--yes")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert await asyncio.to_thread(paid_in_the_shop, elsewhere) > 0
    assert (elsewhere.data / "install-id").read_text() == (served.data / "install-id").read_text()
    connection = await served.connect()
    await connection.execute("UPDATE variant SET on_hand = on_hand + 1")
    await connection.close()
    broken = folder / "broken.tar"
    kept = await asyncio.to_thread(served.command, "backup", str(broken))
    assert kept.returncode == INCONSISTENT and broken.exists() and "It is complete" in kept.stderr
    restored = await asyncio.to_thread(elsewhere.command, "restore", str(broken), "--yes")
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert "The shop is as it was" in restored.stdout and "1 inconsistency was found" in restored.stderr
