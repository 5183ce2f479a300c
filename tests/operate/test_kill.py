"""`kill -9` of the whole shop in the middle of checkouts: it starts again by itself, and nothing paid is missing.

The shop runs as it is served, on a data folder of its own; only its own process group is ended.
"""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import asyncpg
import httpx
import pytest

from benchmarks import servers
from benchmarks.shopper import Shopper
from tests.conftest import keep_templates
from tests.support import demos

PRODUCT, IN_STOCK = "mug", 400
SHOPPERS = 4
PAID = """SELECT count(*) FROM objects WHERE kind = 'payment_intent' AND status = 'succeeded'"""

pytestmark = pytest.mark.xdist_group("served")


class Served:
    """A shop on its own data folder that can be killed and started again."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, servers.free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = data.parent / "shop.log"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        return demos.environment(self.data, PORT=str(self.port), BASE_URL=self.address, LOG_LEVEL="error")

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [*demos.PROGRAM, "serve"],
                env=self.environment,
                cwd=demos.ROOT,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        servers.await_answer(self.address, self.process, self.log)

    def kill(self) -> None:
        """Every process of the shop at once, its embedded database too, without a word."""
        assert self.process is not None
        pid_file = self.data / "postgres" / "postmaster.pid"
        database = int(pid_file.read_text().split()[0])
        os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(ProcessLookupError):
            os.kill(database, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            servers.stop(self.process)

    def command(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*demos.PROGRAM, *words],
            env=self.environment,
            cwd=demos.ROOT,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Not pytest's own: another run of it would close that folder to the database's user."""
    with tempfile.TemporaryDirectory(prefix="clubfront-served-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def data(folder: Path) -> Path:
    return folder / "data"


@pytest.fixture
def served(data: Path) -> Iterator[Served]:
    data.mkdir(exist_ok=True)
    keep_templates(data / "template-cache")
    shop = Served(data)
    if not (data / "postgres").exists():
        filled = subprocess.run(
            [sys.executable, "-m", "tests.operate.stocking", PRODUCT, str(IN_STOCK)],
            env=shop.environment, cwd=demos.ROOT, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert filled.returncode == 0, filled.stderr
    shop.start()
    try:
        yield shop
    finally:
        shop.stop()


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
    """The stand-in's webhooks and the worker bring what was cut off to its end by themselves."""
    socket = (shop.data / "postgres" / "postmaster.pid").read_text().splitlines()[4]
    connection = await asyncpg.connect(host=socket, user="postgres", database="postgres")
    try:
        for _ in range(120):
            if await connection.fetchval("SELECT count(*) FROM orders WHERE paid_at IS NOT NULL") >= wanted:
                return
            await asyncio.sleep(0.25)
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
