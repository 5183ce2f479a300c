"""`python -m benchmarks.backups N`: back up while people buy, restore into an empty folder, compare row by row.

The backup is of one instant, so the restored shop is compared with the backup's own dump, loaded beside it: the same
tables, as many rows in each, the same checksum of them. Then the restored shop is served, and sells.
"""

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from benchmarks import actors
from benchmarks.actors import Traffic
from benchmarks.shopper import Shopper
from benchmarks.small_shop import PRODUCT
from components.foundation.database import embedded
from components.foundation.operations import backup as backups
from tests.operate.served import Served
from tests.support import demos

TABLES = "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
SUM = """
SELECT count(*), md5(coalesce(string_agg(row_text, '|' ORDER BY row_text), ''))
FROM (SELECT t::text AS row_text FROM {} t) rows
"""
A_SHOP, BUYING_A_ROUND = 10, 40
Sums = dict[str, tuple[int, str]]


@dataclass(frozen=True)
class Tried:
    """One backup: how long it took, what it holds, and what differs after it was restored."""

    backup_seconds: float
    restore_seconds: float
    tables: int
    rows: int
    paid_meanwhile: int
    differences: tuple[str, ...]


async def of_one_shop(folder: Path, times: int) -> AsyncIterator[Tried]:
    """Its backups one after the other, while people buy in it."""
    shop, traffic = Served(folder / "data"), Traffic()
    shop.data.mkdir(parents=True)
    await asyncio.to_thread(_stock, shop)
    await asyncio.to_thread(shop.start)
    buying = [asyncio.create_task(actors.for_ever(actors.buy, traffic, shop.address, pause=0.1)) for _ in range(3)]
    try:
        for number in range(times):
            yield await _once(folder / f"backup-{number}", shop, traffic)
    finally:
        for task in buying:
            task.cancel()
        await asyncio.gather(*buying, return_exceptions=True)
        await asyncio.to_thread(shop.stop)


async def _once(folder: Path, shop: Served, traffic: Traffic) -> Tried:
    folder.mkdir()
    file, elsewhere, wanted_first = folder / "shop.tar", Served(folder / "elsewhere" / "data"), traffic.bought + 3
    traffic.allow(BUYING_A_ROUND)
    await _until(lambda: traffic.bought >= wanted_first)
    before, began = traffic.bought, time.monotonic()
    kept = await asyncio.to_thread(shop.command, "backup", str(file))
    backup_seconds, meanwhile = time.monotonic() - began, traffic.bought - before
    if kept.returncode:
        raise RuntimeError(kept.stdout + kept.stderr)
    elsewhere.data.mkdir(parents=True)
    began = time.monotonic()
    restored = await asyncio.to_thread(elsewhere.command, "restore", str(file), "--yes")
    if restored.returncode:
        raise RuntimeError(restored.stdout + restored.stderr)
    restore_seconds = time.monotonic() - began
    wanted, found = await _compare(file, elsewhere)
    differences = tuple(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    await _sells(elsewhere)
    await asyncio.to_thread(shutil.rmtree, folder)
    rows = sum(count for count, _ in found.values())
    return Tried(backup_seconds, restore_seconds, len(found), rows, meanwhile, differences)


def _stock(shop: Served) -> None:
    filling = [sys.executable, "-m", "benchmarks.small_shop"]
    subprocess.run(filling, env=shop.environment, cwd=demos.ROOT, check=True, timeout=300)


async def _compare(file: Path, shop: Served) -> tuple[Sums, Sums]:
    """What the file holds, loaded into a database of its own beside the shop's, and what the restored shop holds."""
    dsn = embedded.start(shop.data)
    try:
        found = await _sums(dsn)
        connection = await asyncpg.connect(dsn)
        try:
            await connection.execute("CREATE DATABASE beside")
            beside = dsn.replace("/postgres?", "/beside?", 1)
            with backups.open_backup(file) as (work, kept):
                await asyncio.to_thread(backups.load_database, work, dsn=beside, server=kept.server)
            wanted = await _sums(beside)
            await connection.execute("DROP DATABASE beside WITH (FORCE)")
        finally:
            await connection.close()
        return wanted, found
    finally:
        embedded.stop(shop.data)


async def _sums(dsn: str) -> Sums:
    connection = await asyncpg.connect(dsn)
    try:
        names = [row["relname"] for row in await connection.fetch(TABLES)]
        return {name: tuple(await connection.fetchrow(SUM.format(f'"{name}"'))) for name in names}
    finally:
        await connection.close()


async def _sells(shop: Served) -> None:
    await asyncio.to_thread(shop.start)
    one = Shopper(shop.address)
    try:
        await one.buy(PRODUCT)
    finally:
        await one.close()
        await asyncio.to_thread(shop.stop)


async def _until(is_so: Callable[[], bool]) -> None:
    for _ in range(1200):
        if is_so():
            return
        await asyncio.sleep(0.1)
    raise RuntimeError("nobody could buy anything")


def _words(tried: Tried) -> str:
    outcome = "equal" if not tried.differences else f"different: {', '.join(tried.differences)}"
    return (
        f"backup {tried.backup_seconds:.1f} s ({tried.paid_meanwhile} paid meanwhile), restored in "
        f"{tried.restore_seconds:.1f} s; {tried.tables} tables, {tried.rows} rows, {outcome}; it sells"
    )


async def _run(times: int) -> int:
    """How many differences were found."""
    ill = number = 0
    while number < times:
        with tempfile.TemporaryDirectory(prefix="clubfront-backups-") as folder:
            async with aclosing(of_one_shop(Path(folder), min(A_SHOP, times - number))) as backups_made:
                async for tried in backups_made:
                    number, ill = number + 1, ill + len(tried.differences)
                    print(f"{number}: {_words(tried)}", flush=True)
    return ill


def main() -> None:
    ill = asyncio.run(_run(int(sys.argv[1]) if len(sys.argv) > 1 else 3))
    sys.exit(1 if ill else 0)


if __name__ == "__main__":
    main()
