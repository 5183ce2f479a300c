"""Every task of the timetable again and again in one process of a filled shop: does any of them keep memory?

`python -m benchmarks.periodic [runs] [events an hour] [data folder] [task …]`. Before each run the practice bank
announces as much as in an hour of a busy shop, so that the hourly comparison has something to read. Memory (USS) is
told after the first run and in the middle and the last third; what the last has more than the middle is kept for ever.
A data folder is one of a demo that was filled before and does not run; it is copied.
"""

import asyncio
import gc
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks import servers
from web.standin.standin import StandIn

MB = 1024 * 1024
MAY_GROW = 0.1
"""MB a run, from the middle third to the last."""
NEWS = {
    "charge": "charge.updated", "invoice": "invoice.paid", "payment_intent": "payment_intent.succeeded",
    "subscription": "customer.subscription.updated",
}  # fmt: skip
KNOWN = f"SELECT id FROM objects WHERE kind IN ({', '.join(map(repr, NEWS))}) ORDER BY random() LIMIT ?"


def memory() -> float:
    return float(psutil.Process().memory_full_info().uss) / MB


class Bank:
    """The practice bank, which announces again what it has: payments, invoices, subscriptions."""

    def __init__(self, stand_in: StandIn) -> None:
        self.stand_in = stand_in

    def announce(self, count: int) -> None:
        with self.stand_in.engine.changing() as books:
            known = books.connection.execute(KNOWN, (count,)).fetchall()
            for (name,) in itertools.islice(itertools.cycle(known), count):
                thing = books.peek(name)
                books.announce(NEWS[thing["object"]], thing)
            books.drop_changes()
            books.connection.execute("DELETE FROM deliveries")


async def _each(bank: Bank, runs: int, events: int, chosen: list[str]) -> int:
    from components import worker
    from components.foundation import database

    grown = []
    print(f"{'task':32}{'seconds a run':>14}{'before':>9}{'1st run':>9}{'middle':>9}{'last':>9}   MB")
    for name in dict.fromkeys(task for _, task in worker.TIMETABLE):
        if chosen and name not in chosen:
            continue
        before, seen, began = memory(), [], time.monotonic()
        for _ in range(runs):
            bank.announce(events)
            await worker.TASKS[name]()
            gc.collect()
            seen.append(memory())
        await database.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")
        third = max(1, runs // 3)
        middle, last = statistics.median(seen[third : 2 * third] or seen), statistics.median(seen[-third:])
        is_flat = (last - middle) / third <= MAY_GROW
        grown += [] if is_flat else [name]
        print(f"{name:32}{(time.monotonic() - began) / runs:14.2f}{before:9.1f}{seen[0]:9.1f}{middle:9.1f}{last:9.1f}"
              f"   {'' if is_flat else 'GROWS'}", flush=True)  # fmt: skip
    print(f"Grow: {', '.join(grown)}" if grown else "Flat, every one of them.")
    return int(bool(grown))


async def _run(data: Path, runs: int, events: int, chosen: list[str]) -> int:
    from components.foundation.database import embedded
    from web import app

    stand_in = app.make_stand_in()
    app.assemble(stand_in=stand_in, works=False)
    try:
        async with app.running(stand_in, dsn=embedded.start(data), works=False):
            return await _each(Bank(stand_in), runs, events, chosen)
    finally:
        embedded.stop(data)


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    events = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    with tempfile.TemporaryDirectory(prefix="clubfront-periodic-") as folder:
        data = Path(folder) / "data"
        if len(sys.argv) > 3 and sys.argv[3]:
            subprocess.run(["cp", "-a", sys.argv[3], str(data)], check=True)
        else:
            print("Filling the demo shop …", flush=True)
            with servers.shop(data):
                pass
        os.environ |= {"CLUBFRONT_DATA": str(data), "LOG_LEVEL": "error"}
        for name in ("DATABASE_URL", "STRIPE_SECRET_KEY", "ENVIRONMENT"):
            os.environ.pop(name, None)
        return asyncio.run(_run(data, runs, events, sys.argv[4:]))


if __name__ == "__main__":
    raise SystemExit(main())
