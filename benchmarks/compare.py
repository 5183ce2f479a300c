"""Compares the same pages of two checkouts in alternating rounds: `python -m benchmarks.compare OTHER_CHECKOUT`.

Both serve the demo from an empty folder with this Python, one process each. Prints, for each page, the speed of this
checkout relative to the other: above 1 is faster.
"""

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import load, servers
from benchmarks.servers import Served
from benchmarks.shopper import Shopper

ROUNDS, SECONDS = 5, 2
GUESTS = ("/", "/products", "/products/morning-mug", "/search?q=mug", "/join", "/journal", "/basket")
MEMBERS = ("/products", "/products/morning-mug", "/account", "/account/membership", "/account/savings", "/basket")
STAFF = ("/staff", "/staff/orders", "/staff/members", "/staff/metrics")
WHO = (("guest", "", GUESTS), ("member", "maya@kiln.test", MEMBERS), ("staff", "iris@kiln.test", STAFF))


def main(other: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-compare-") as folder, contextlib.ExitStack() as open_servers:
        print("Filling two demo shops …", flush=True)
        here = open_servers.enter_context(_shop(servers.ROOT, Path(folder) / "here"))
        there = open_servers.enter_context(_shop(other, Path(folder) / "there"))
        print(f"{'page':38}{'here/s':>10}{'there/s':>10}{'ratio':>8}   (medians of {ROUNDS} rounds in turn)")
        for who, email, paths in WHO:
            cookies = [asyncio.run(_session(shop.address, email)) if email else "" for shop in (here, there)]
            for path in paths:
                _tell(f"{who} {path}", *_measured(path, (here, there), cookies))


def _measured(path: str, shops: tuple[Served, Served], cookies: list[str]) -> tuple[list[float], list[float]]:
    rates: tuple[list[float], list[float]] = ([], [])
    for shop, cookie in zip(shops, cookies, strict=True):
        load.ask(shop.address + path, seconds=1, cookie=cookie)
    for number in range(ROUNDS):
        order = (0, 1) if number % 2 else (1, 0)
        for which in order:
            found = load.ask(shops[which].address + path, seconds=SECONDS, cookie=cookies[which])
            rates[which].append(found.rate)
    return rates


def _tell(page: str, here: list[float], there: list[float]) -> None:
    ratio = statistics.median(one / other if other else 1 for one, other in zip(here, there, strict=True))
    print(f"{page:38}{statistics.median(here):10,.0f}{statistics.median(there):10,.0f}{ratio:8.2f}", flush=True)


async def _session(address: str, email: str) -> str:
    shopper = Shopper(address)
    cookies = await shopper.sign_in(email)
    await shopper.close()
    return "; ".join(f"{name}={value}" for name, value in cookies.items() if name != "flash")


@contextlib.contextmanager
def _shop(checkout: Path, folder: Path) -> Iterator[Served]:
    folder.mkdir()
    port = servers.free_port()
    environment = {**os.environ, "CLUBFRONT_DATA": str(folder / "data"), "PORT": str(port), "LOG_LEVEL": "error"}
    command = [sys.executable, "-m", "web.command", "serve", "--demo"]
    with servers.running(command, environment, folder / "log", port, cwd=checkout) as served:
        yield served


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
