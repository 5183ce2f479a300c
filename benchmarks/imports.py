"""`python -m benchmarks.imports [rows [way]]`: what an import of so many rows takes, and what visitors wait meanwhile.

A shop is served by one process; the owner uploads a file made by `tests.support.made_files` (or `made_records`, with
`customers` or `orders` as the way), has it checked, imports it and imports it again, while a neighbour opens pages.
Then `clubfront export` writes the products' file, which Python's csv compares to the last cell. The aims for 25,000
rows on a machine that does nothing else: 60 s, 60 MB more than at its start, and 50 ms.
"""

import csv
import io
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import psutil

from benchmarks import servers
from benchmarks.attacks.neighbour import Neighbour
from benchmarks.servers import Served
from benchmarks.small_shop import OWNER, PASSWORD
from tests.support import demos, made_records
from tests.support.made_files import WAYS, Made

RECORDS = {"customers": made_records.customers, "orders": made_records.orders}
PATHS = ("/products/mug", "/health/live", "/products", "/sign-in")
MOST_SECONDS, MOST_MB, MOST_MS = 60, 60, 50
PATIENCE = 1800
LOADED = """
import psutil
import components.product_files.runs.import_process
print(psutil.Process().memory_full_info().uss / 1e6)"""
EMPTY_MB = float(subprocess.check_output([sys.executable, "-c", LOADED], cwd=servers.ROOT))


class Watch:
    """Use as a context: the memory of the process that imports, in MB: with its modules loaded, and the most."""

    def __init__(self, shop: Served) -> None:
        self.shop = psutil.Process(shop.process)
        self.first, self.most, self.processor = EMPTY_MB, 0.0, 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.05):
            for process in self.shop.children(recursive=True):
                try:
                    if "components.product_files.runs.import_process" not in process.cmdline():
                        continue
                    used = process.memory_full_info().uss / 1e6
                    times = process.cpu_times()
                except psutil.Error:
                    continue
                self.most = max(self.most, used)
                self.processor = times.user + times.system


def main() -> int:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 25_000
    way = sys.argv[2] if len(sys.argv) > 2 else "shopify"
    source = RECORDS[way](rows) if way in RECORDS else WAYS[way].file(rows)
    path = "/staff/members/imports" if way in RECORDS else "/staff/imports"
    with tempfile.TemporaryDirectory(prefix="clubfront-imports-") as folder:
        data = Path(folder) / "data"
        data.mkdir()
        environment = demos.environment(data, LOG_LEVEL="error")
        subprocess.run([sys.executable, "-m", "benchmarks.small_shop"], env=environment, cwd=servers.ROOT, check=True)
        port = servers.free_port()
        environment |= {"PORT": str(port), "HOST": "127.0.0.1", "BASE_URL": f"http://127.0.0.1:{port}"}
        program = [*demos.PROGRAM, "serve"]
        with servers.running(program, {**os.environ, **environment}, data.parent / "shop.log", port) as shop:
            print(f"{rows:,} rows of {way}, {len(source) / 1e6:.1f} MB; load {os.getloadavg()[0]:.1f}", flush=True)
            missed = _measure(shop, source, path)
            return missed if way in RECORDS else missed + _compare(environment, source, WAYS[way])


def _measure(shop: Served, source: bytes, path: str) -> int:
    missed = 0
    with httpx.Client(base_url=shop.address, timeout=120, follow_redirects=True) as owner:
        owner.post("/sign-in", data={"email": OWNER, "password": PASSWORD})
        with Neighbour(shop.address, PATHS) as before:
            time.sleep(5)
        _tell("nothing, for comparison", 5, before, None)
        for turn in ("first", "again"):
            for what in ("check", "import"):
                with Neighbour(shop.address, PATHS) as neighbour, Watch(shop) as watch:
                    began = time.monotonic()
                    if what == "check":
                        sent = owner.post(path, files={"sheet": ("made.csv", source, "text/csv")})
                        address = str(sent.url)
                    else:
                        owner.post(f"{address}/arrival")
                    text = _wait(owner, address)
                    seconds = time.monotonic() - began
                _tell(f"{what}, {turn}", seconds, neighbour, watch)
                missed += seconds > MOST_SECONDS or watch.most - watch.first > MOST_MB or neighbour.longest_ms > MOST_MS
                if "already match" in text:
                    break
    return int(bool(missed))


def _compare(environment: dict[str, str], source: bytes, way: Made) -> int:
    """Read by Python's csv; 1 if a cell differs."""
    began = time.monotonic()
    exporting = [*demos.PROGRAM, "export", "made.csv"]
    done = subprocess.run(exporting, env=environment, cwd=servers.ROOT, check=True, capture_output=True)
    before, after = (
        list(csv.reader(io.StringIO(one.decode(way.encoding), newline=""), delimiter=way.separator))
        for one in (source, done.stdout)
    )
    cells = sum(map(len, before))
    differ = sum(one != other for one, other in itertools.zip_longest(before, after))
    same = "to the byte" if source == done.stdout else "cell by cell"
    seconds = time.monotonic() - began
    print(f"exported in {seconds:.1f} s: {cells:,} cells in {len(before):,} rows, {differ} rows differ; same {same}")
    return int(bool(differ))


def _wait(owner: httpx.Client, address: str) -> str:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        text = owner.get(address).text
        if "Cancel import" not in text:
            return text
        time.sleep(0.5)
    raise TimeoutError(address)


def _tell(what: str, seconds: float, neighbour: Neighbour, watch: Watch | None) -> None:
    waits = sorted(neighbour.waits)
    memory = f"{watch.first:4.0f} → {watch.most:4.0f} MB, {watch.processor:5.1f} s of processor" if watch else ""
    late = sum(wait * 1000 > MOST_MS for wait in waits)
    print(
        f"{what:26} {seconds:6.1f} s   {memory:36} visitor: longest {neighbour.longest_ms:5.0f} ms "
        f"({neighbour.longest_path}), median {statistics.median(waits) * 1000:3.0f} ms, {late} of {len(waits)} "
        f"over {MOST_MS} ms, {neighbour.refused} failed",
        flush=True,
    )


if __name__ == "__main__":
    raise SystemExit(main())
