"""The work of a day in the shop of many members, and its longest file.

`python -m benchmarks.many_members_work FOLDER`, a folder that `benchmarks.many_members` has filled and kept. What is
sold and renewed within a day is written with the shop's triggers on, and brought into the figures; then all orders
are written as one file, and it is looked at whether what is kept is what it would be, worked out anew.
"""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil

from benchmarks import server_side, servers
from benchmarks.small_shop import OWNER, PASSWORD
from components.foundation import database
from components.foundation.database import embedded, time_limits
from components.insights.rollups import figure_rolls
from tests.support import demos

_COPY = "INSERT INTO {0} SELECT (jsonb_populate_record(c, jsonb_build_object({1}))).* FROM {0} c WHERE {2}"
DAY = (
    _COPY.format("orders", """'id', gen_random_uuid(), 'number', 'D-' || c.number, 'placed_at', now(),
      'paid_at', now(), 'fulfilled_at', NULL, 'payment_reference', 'elsewhere:' || c.id""",
      "paid_at > (SELECT max(paid_at) FROM orders) - interval '1 day'"),
    _COPY.format("paid_period", """'id', gen_random_uuid(), 'invoice', 'elsewhere:' || c.id, 'starts_at', ends_at,
      'ends_at', ends_at + (ends_at - starts_at), 'paid_at', now()""",
      """ends_at >= now() AND ends_at < now() + interval '1 day'
      AND subscription IN (SELECT id FROM subscription WHERE status = 'active')"""),
)  # fmt: skip
QUEUED = "SELECT (SELECT count(*) FROM figure_payer_change) + (SELECT count(*) FROM figure_day_change)"


async def day(data: Path) -> None:
    await database.connect(embedded.start(data), pool_size=2)
    try:
        with time_limits.of_an_update():
            for statement in DAY:
                print(f"  {await database.execute(statement):,} rows of {statement.split()[2]}", flush=True)
            queued, began, used = await database.fetch_value(QUEUED), time.monotonic(), server_side.used_ms(data)
            await figure_rolls.roll_all()
            print(f"a day: {queued:,} queued, {time.monotonic() - began:.1f} s, "
                  f"{(server_side.used_ms(data) - used) / 1000:.1f} s of processor", flush=True)  # fmt: skip
    finally:
        await database.disconnect()
        embedded.stop(data)


def file(shop: servers.Served) -> None:
    process, most, rows, size = psutil.Process(shop.process), 0, 0, 0
    with httpx.Client(base_url=shop.address, timeout=3600, follow_redirects=True) as owner:
        owner.post("/sign-in", data={"email": OWNER, "password": PASSWORD}).raise_for_status()
        before, began = _memory(process), time.monotonic()
        with owner.stream("GET", "/staff/orders/export.csv") as answer:
            for part in answer.iter_bytes(1 << 20):
                size, rows = size + len(part), rows + part.count(b"\n")
                most = max(most, _memory(process))
    seconds = time.monotonic() - began
    print(f"orders as a file: {answer.status_code}, {rows:,} lines, {size / 1e6:.1f} MB in {seconds:.0f} s; "
          f"memory {before / 1e6:.0f} MB, {most / 1e6:.0f} MB at most", flush=True)  # fmt: skip


def _memory(process: psutil.Process) -> int:
    """Of the shop's processes, without PostgreSQL's."""
    own = [process, *(one for one in process.children(recursive=True) if "postgres" not in one.name())]
    return sum(int(one.memory_full_info().uss) for one in own)


def main() -> None:
    folder = Path(sys.argv[1])
    data = folder / "data"
    asyncio.run(day(data))
    port = int(os.environ.get("PORT") or servers.free_port())
    environment = demos.environment(
        data, LOG_LEVEL="error", PORT=str(port), HOST="127.0.0.1", BASE_URL=f"http://127.0.0.1:{port}"
    )
    with servers.running([*demos.PROGRAM, "serve"], {**os.environ, **environment}, folder / "shop.log", port) as shop:
        file(shop)
    subprocess.run([*demos.PROGRAM, "figures", "compare"], env=environment, cwd=servers.ROOT, check=True)


if __name__ == "__main__":
    main()
