"""Every attack in turn: the longest wait of a neighbour, memory before and after, and who could not sign in.

Aims: nobody waits more than 250 ms, 50 MB more at most, nobody else is refused.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from benchmarks import servers
from benchmarks.attacks import holding, people, sending
from benchmarks.attacks.neighbour import Neighbour

ATTACKS: dict[str, Callable[[int], None]] = {
    "nothing, for comparison": lambda port: time.sleep(20),
    "48 forms of 11 MB": sending.large_forms,
    "1,500 forms of 250 kB": sending.full_forms,
    "multipart, 5,000 parts": sending.parts,
    "addresses, parameters, methods": sending.addresses,
    "300 idle connections": holding.idle,
    "300 half-sent heads": holding.half_heads,
    "300 slow bodies": holding.slow_bodies,
    "900: all three": holding.all_three,
    "5,000 connections": holding.flood,
    "200 readers who do not read": holding.slow_readers,
    "a file of 120,000 lines": people.large_import,
    "articles of brackets and columns": people.heavy_article,
}
MOST_WAIT_MS, MOST_MEMORY_MB = 250, 50


def main() -> int:
    chosen = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="clubfront-attacks-") as folder:
        print("Filling the demo shop and starting it …", flush=True)
        data = Path(os.environ.get("ATTACKED_DATA", Path(folder) / "data"))
        with servers.shop(data, TRUSTED_PROXIES="127.0.0.1") as shop:
            return _attack(shop, chosen)


def _attack(shop: servers.Served, chosen: list[str]) -> int:
    port = urlsplit(shop.address).port or 0
    with Neighbour(shop.address):  # everything is imported, compiled and cached once
        time.sleep(5)
    first = memory(shop.process)
    print(f"\n{'':34}{'longest wait':>13}{'p50':>8}{'pages':>7}{'failed':>7}{'memory':>9}{'more':>8}")
    missed = 0
    for name, attack in ATTACKS.items():
        if chosen and not any(word in name for word in chosen):
            continue
        before = memory(shop.process)
        attacker = multiprocessing.get_context("fork").Process(target=attack, args=(port,))
        with Neighbour(shop.address) as neighbour:
            attacker.start()
            attacker.join(90)
        if attacker.is_alive():
            attacker.kill()
        time.sleep(1)
        after = memory(shop.process)
        waits = sorted(neighbour.waits)
        middle = waits[len(waits) // 2] * 1000
        print(f"{name:34}{neighbour.longest_ms:10.0f} ms{middle:5.0f} ms{len(waits):7}{neighbour.refused:7}", end="")
        print(f"{after:6.0f} MB{after - before:+5.0f} MB  {neighbour.longest_path}", flush=True)
        missed += neighbour.longest_ms > MOST_WAIT_MS or neighbour.refused > 0
    last = memory(shop.process)
    refused = people.wrong_passwords(shop.address)
    print(
        f"\nMemory before all {first:.0f} MB, after all {last:.0f} MB: {last - first:+.0f} MB (aim +{MOST_MEMORY_MB})."
    )
    print(f"After 60 wrong passwords from one address, {refused} of 5 others were refused (aim 0).")
    missed += last - first > MOST_MEMORY_MB or refused > 0
    print("Every aim is reached." if not missed else f"{missed} aims are missed.")
    return int(bool(missed))


def memory(process: int) -> float:
    """Megabytes of the shop's own processes, without its database's."""
    whole = psutil.Process(process)
    found = [one for one in (whole, *whole.children(recursive=True)) if "postgres" not in one.name()]
    return sum(one.memory_info().rss for one in found) / 1e6


if __name__ == "__main__":
    raise SystemExit(main())
