"""One run: the shop and the constant server run at the same time; short rounds alternate, then shoppers buy."""

import asyncio
import os
import platform
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import httpx

from benchmarks import load, servers
from benchmarks.load import Round
from benchmarks.shopper import Shopper

ROUNDS, SECONDS, WARM_UP = 5, 3, 1
LIST = "/products"
SHOPPERS, CHECKOUT_SECONDS = 4, 12
BOUGHT = (
    "morning-mug",
    "thumb-cup",
    "olive-dish",
    "herb-pot",
    "little-cup",
    "porridge-bowl",
    "everyday-bowl",
    "supper-plate",
)
AIMS = {"guest": 0.50, "member": 0.25}


@dataclass(frozen=True)
class Subject:
    name: str
    address: str
    cookie: str = ""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="clubfront-bench-") as folder:
        print("Filling the demo shop and starting it …", flush=True)
        with servers.shop(Path(folder) / "data") as shop:
            cookie = asyncio.run(_session(shop.address))
            guest, member = _body(shop.address, ""), _body(shop.address, cookie)
            with servers.constant({"guest": guest, "member": member, "live": b"."}) as constant:
                subjects = (
                    Subject("bytes, the server alone", f"{constant.address}/bare/guest"),
                    Subject("constant, a guest's bytes", f"{constant.address}/guest"),
                    Subject("product list, guest", shop.address + LIST),
                    Subject("constant, a member's bytes", f"{constant.address}/member"),
                    Subject("product list, member", shop.address + LIST, cookie),
                )
                measured = _measure(subjects)
            _tell(subjects, measured, len(guest), len(member))
            asyncio.run(_checkouts(shop.address))


async def _session(address: str) -> str:
    shopper = Shopper(address)
    cookies = await shopper.sign_in("maya@kiln.test")
    await shopper.close()
    return "; ".join(f"{name}={value}" for name, value in cookies.items() if name != "flash")


def _body(address: str, cookie: str) -> bytes:
    answer = httpx.get(address + LIST, headers={"Cookie": cookie} if cookie else {})
    answer.raise_for_status()
    return answer.content


def _measure(subjects: tuple[Subject, ...]) -> dict[str, list[Round]]:
    """Rounds alternate, so that other load on the machine affects all subjects equally."""
    found: dict[str, list[Round]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        load.ask(subject.address, seconds=WARM_UP, cookie=subject.cookie)
    for number in range(ROUNDS):
        print(f"\rRound {number + 1} of {ROUNDS} …", end="", flush=True)
        for subject in subjects:
            found[subject.name].append(load.ask(subject.address, seconds=SECONDS, cookie=subject.cookie))
    print("\r" + " " * 30 + "\r", end="")
    return found


def _tell(subjects: tuple[Subject, ...], measured: dict[str, list[Round]], guest: int, member: int) -> None:
    print(f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}, {load.tool()},")
    print(f"{load.CONNECTIONS} connections, {ROUNDS} rounds of {SECONDS} s in turn; one server process each.")
    print(f"Page: {guest / 1000:.1f} kB for a guest, {member / 1000:.1f} kB for a member.\n")
    print(f"{'':30}{'best/s':>10}{'median/s':>10}{'p50 ms':>9}{'p99 ms':>9}")
    for subject in subjects:
        rounds = measured[subject.name]
        best = max(rounds, key=lambda each: each.rate)
        middle = statistics.median(each.rate for each in rounds)
        p50, p99 = (statistics.median(getattr(each, name) for each in rounds) for name in ("p50", "p99"))
        print(f"{subject.name:30}{best.rate:10,.0f}{middle:10,.0f}{p50:9.2f}{p99:9.2f}")
    print()
    for who, aim in AIMS.items():
        floor, page = measured[f"constant, a {who}'s bytes"], measured[f"product list, {who}"]
        ratios = [got.rate / most.rate for got, most in zip(page, floor, strict=True)]
        share = statistics.median(ratios)
        print(f"list, {who} ÷ constant: {share:6.1%} (aim {aim:.0%}: {'reached' if share >= aim else 'short of it'})")


async def _checkouts(address: str) -> None:
    """Concurrent shoppers, each buying repeatedly from the product page to the paid order's page."""
    spans: list[float] = []
    steps: dict[str, list[float]] = {}
    until = time.monotonic() + CHECKOUT_SECONDS
    began = time.perf_counter()
    results = await asyncio.gather(
        *(_buys(address, n, until, spans, steps) for n in range(SHOPPERS)), return_exceptions=True
    )
    passed = time.perf_counter() - began
    for trouble in results:
        if isinstance(trouble, BaseException):
            print(f"A shopper gave up: {trouble}")
    if not spans:
        raise SystemExit("Nobody could buy anything.")
    spans.sort()
    p50, p95, p99 = (spans[min(len(spans) - 1, int(len(spans) * share))] * 1e3 for share in (0.5, 0.95, 0.99))
    rate = len(spans) / passed
    for step, took in steps.items():
        print(f"  {step:28}{statistics.median(took) * 1e3:9.0f} ms")
    print(f"\n{'checkout, basket to paid':30}{rate:10.1f} a second, {SHOPPERS} side by side, {len(spans)} orders")
    print(f"{'':30}{p50:9.0f} ms p50 {p95:9.0f} ms p95 {p99:9.0f} ms p99 (aim: 20 a second, p95 under 250 ms)")


async def _buys(address: str, number: int, until: float, spans: list[float], steps: dict[str, list[float]]) -> None:
    while time.monotonic() < until:
        shopper = Shopper(address)
        began = time.perf_counter()
        try:
            await shopper.buy(BOUGHT[(number + len(spans)) % len(BOUGHT)])
        finally:
            await shopper.close()
        spans.append(time.perf_counter() - began)
        for step, took in shopper.steps.items():
            steps.setdefault(step, []).append(took)


if __name__ == "__main__":
    main()
