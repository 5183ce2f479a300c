"""`python -m benchmarks.memory [visits] [data folder] [kind …]`: visits of one kind after another to one process.

Each kind three times as many visits: the first lot fills caches, the second and the third are compared. What grows by
as much in the third as in the second is kept for ever; what grows less is a cache that fills.
"""

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psutil

from benchmarks import servers
from benchmarks.soak import Traffic

TRACED = Path(__file__).parent / "traced"
LOTS = 3
MOST_LINES = 8
AT_ONCE = 4
PATIENCE = 60


async def _visits(traffic: Traffic, kind: str, count: int) -> None:
    chance, left = random.Random(kind), iter(range(count))

    async def hand() -> None:
        for _ in left:
            try:
                await traffic.kinds[kind](chance)
            except Exception as trouble:
                traffic.troubles[f"{kind}: {type(trouble).__name__} {str(trouble)[:80]}"] += 1

    await asyncio.gather(*(hand() for _ in range(AT_ONCE)))


class Traced:
    """The process that answers, and what it tells when it is asked."""

    def __init__(self, folder: Path, parent: int) -> None:
        self.folder = folder
        self.process = next(one for one in psutil.Process(parent).children() if "postgres" not in one.name()
                            and "resource_tracker" not in " ".join(one.cmdline()))  # fmt: skip

    def ask(self, words: str) -> dict[str, Any]:
        (self.folder / "ask").write_text(words)
        until, path = time.monotonic() + PATIENCE, self.folder / f"told-{self.process.pid}.json"
        while time.monotonic() < until:
            if path.exists() and (told := json.loads(path.read_text()))["asked"] == words:
                return {**told, "rss": self.process.memory_info().rss}
            time.sleep(0.1)
        raise RuntimeError(f"process {self.process.pid} does not tell: {self.process.cmdline()}")


async def _run(shop: servers.Served, folder: Path, count: int, chosen: list[str]) -> None:
    traffic, traced = Traffic(shop.address, 0), Traced(folder, shop.process)
    await traffic.look_round()
    before = traced.ask("the beginning")
    for kind in chosen or list(traffic.kinds):
        for lot in range(LOTS):
            requests = sum(traffic.answers.values())
            await _visits(traffic, kind, count)
            await asyncio.sleep(1)
            after = traced.ask(f"{kind} {lot}")
            made = sum(traffic.answers.values()) - requests
            grown, rss = after["bytes"] - before["bytes"], (after["rss"] - before["rss"]) / 1e6
            print(f"{kind:12} lot {lot + 1}: {made:6} requests  {grown / 1000:+9.0f} kB  "
                  f"{grown / max(made, 1):+8.0f} B a request  RSS {rss:+.1f} MB", flush=True)  # fmt: skip
            before = after
        for line, size, number in after["lines"][:MOST_LINES]:
            print(f"      {size / 1000:+8.1f} kB {number:+6}  {line.replace(str(servers.ROOT), '')}")
        print("      " + ", ".join(f"{name} {number:+}" for name, number in after["types"][:MOST_LINES]))
    print("\n".join(f"  {times} × {words}" for words, times in (traffic.troubles + traffic.refused).most_common(8)))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory(prefix="clubfront-memory-") as folder:
        data, told = Path(folder) / "data", Path(folder) / "told"
        told.mkdir()
        if len(sys.argv) > 2:
            subprocess.run(["cp", "-a", sys.argv[2], str(data)], check=True)
        print("Filling the demo shop and starting it …", flush=True)
        path = os.pathsep.join(filter(None, (str(TRACED), str(servers.ROOT), os.environ.get("PYTHONPATH"))))
        traced = {"CLUBFRONT_TRACE": str(told), "PYTHONPATH": path, "TRUSTED_PROXIES": "127.0.0.1"}
        with servers.shop(data, workers=1, log_level="error", **traced) as shop:
            asyncio.run(_run(shop, told, count, sys.argv[3:]))


if __name__ == "__main__":
    main()
