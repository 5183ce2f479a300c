"""`python -m benchmarks.pictures [PICTURES]`: the pictures of an imported shop, from a server at its worst.

A thousand unless said: slow, redirecting, lying about types, answering 429 and 502, too large, missing, pointing into a
private network, and four in ten named twice. The process that fetches them is killed with -9 again and again. Told are
the seconds, how many are shown, what was asked twice, and whether the private machine was asked anything.
"""

import asyncio
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from components.foundation import database
from tests.support import databases, picture_server
from tests.support.picture_server import PictureServer

KILLS, BETWEEN = 3, 6.0
PATIENCE = 3600
GOOD = ("good", "slow", "redirect", "elsewhere", "odd", "busy", "flaky", "good", "slow", "same")
BAD = ("lies", "missing", "inwards", "bomb", "chain", "huge", "cut", "file")
FETCHING = """
import asyncio, sys
from components.catalog.pictures import picture_fetcher
from components.foundation import database
from tests.support.picture_server import PictureServer

async def main():
    await database.connect(sys.argv[1], pool_size=4)
    while await database.fetch_value("SELECT EXISTS (SELECT FROM picture_fetch WHERE state = 'waiting')"):
        await picture_fetcher.run(rules=PictureServer(port=int(sys.argv[2])).rules())
        await asyncio.sleep(0.5)
    await database.disconnect()

asyncio.run(main())
"""


def paths(many: int) -> tuple[list[str], list[str]]:
    """Different addresses: nine in ten are good."""
    good, bad = many * 9 // 10, many - many * 9 // 10
    return (
        [f"{GOOD[number % len(GOOD)]}/{number + 1}" for number in range(good)],
        [f"{BAD[number % len(BAD)]}/{number + 1}" for number in range(bad)],
    )


async def fill(server: PictureServer, many: int) -> tuple[int, int]:
    """Products that name each picture, and four in ten of them a second time. How many good and bad ones that are."""
    from tests.support import make_products

    good, bad = paths(many * 6 // 10)
    named = [*good, *bad, *good, *bad][:many]
    for first in range(0, len(named), 20):
        product = await make_products.product(f"Piece {first}", price=900)
        for path in named[first : first + 20]:
            await make_products.picture(product.id, server.address(path), alt=path)
    return sum(path in set(good) for path in named), sum(path in set(bad) for path in named)


async def fetch(dsn: str, server: PictureServer) -> int:
    """Kill it a few times, then let it finish. Returns how many were killed in the middle."""
    killed, until = 0, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        fetching = await asyncio.create_subprocess_exec(sys.executable, "-c", FETCHING, dsn, str(server.port))
        try:
            await asyncio.wait_for(fetching.wait(), BETWEEN if killed < KILLS else until - time.monotonic())
            return killed
        except TimeoutError:
            os.kill(fetching.pid, signal.SIGKILL)
            await fetching.wait()
            killed += 1
    raise TimeoutError


SHOWN = """
SELECT count(*) FILTER (WHERE p.width > 0) AS shown, count(*) FILTER (WHERE f.state = 'refused') AS refused
FROM picture p
JOIN picture_fetch f ON f.id = p.source"""


async def run(folder: Path, many: int) -> int:
    dsn = await asyncio.to_thread(databases.own, folder, "pictures")
    await database.connect(dsn, pool_size=4)
    async with picture_server.serving() as server:
        good, bad = await fill(server, many)
        began = time.monotonic()
        killed = await fetch(dsn, server)
        seconds = time.monotonic() - began
        (found,) = await database.fetch(SHOWN)
        asked_again = sum(count - 1 for path, count in server.asked.items() if path.split("/")[0] in ("good", "slow"))
        print(f"{many} pictures at {len(set(server.asked))} addresses in {seconds:.0f} s, killed {killed} times")
        print(f"good {good}, shown {found['shown']}; bad {bad}, refused {found['refused']}")
        print(f"requests {server.asked.total()}, good ones asked again {asked_again}, at once of a host {server.most}")
        print(f"connections into the private network: {server.inside}")
    await database.disconnect()
    return int(found["shown"] != good or found["refused"] != bad or server.inside > 0 or server.most > 2)


def main() -> int:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory(prefix="clubfront-pictures-") as folder:
        os.environ["CLUBFRONT_DATA"], os.environ["LOG_LEVEL"] = f"{folder}/data", "error"
        try:
            return asyncio.run(run(Path(folder), many))
        finally:
            databases.forget(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
