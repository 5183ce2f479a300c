"""Mixed traffic for so many minutes against the demo, served by two processes: does anything grow?

`python -m benchmarks.soak [minutes] [visits a second] [data folder]`. Visitors browse, search, buy and
join; staff look at their pages; a program asks the API. Every minute: memory of each process, connections, open files,
sizes in the database, the log. At the end the slope over the second half: what a shop needs once has come by then.
A data folder is one of a demo that was filled before and does not run; it is copied.
"""

import asyncio
import contextlib
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import httpx

from benchmarks import actors, servers
from benchmarks.shopper import Form, Shopper, forms
from benchmarks.soak_gauges import Gauges

PAGES = ("/", "/products", "/journal", "/join", "/search?q=mug", "/search?q=bowl", "/basket", "/sitemap.xml")
STAFF = (
    "/staff", "/staff/orders", "/staff/members", "/staff/products", "/staff/metrics", "/staff/emails", "/staff/audit",
    "/staff/jobs", "/staff/payments",
)  # fmt: skip
PUBLIC = ("/api/v1/products", "/api/v1/plans", "/api/v1/search?q=mug", "/api/v1/articles", "/api/v1/openapi.json")
VISITORS = 4
WEIGHTS = {"browsed": 12, "bought": 3, "joined": 1, "staff": 2, "API": 4}


def _is_basket(form: Form) -> bool:
    return form.action.split("?")[0] == "/basket"


class Traffic:
    """What the visitors did, and what was answered."""

    def __init__(self, address: str, pause: float) -> None:
        self.address, self.pause = address, pause
        self.answers: Counter[int] = Counter()
        self.refused: Counter[str] = Counter()
        self.products: tuple[str, ...] = ()
        self.sold: tuple[str, ...] = ()
        self.plans: tuple[str, ...] = ()
        self.kinds: dict[str, Callable[[random.Random], Awaitable[None]]] = {
            "browsed": self._browse, "bought": self._buy, "joined": self._join, "staff": self._staff, "API": self._api
        }  # fmt: skip
        self.done: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()

    def client(self, **how: object) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.address, follow_redirects=True, timeout=30, verify=False,
            headers={"accept": "text/html", "sec-fetch-site": "same-origin", "user-agent": "Soak",
                     "x-forwarded-for": actors.an_address()},
            event_hooks={"response": [self._count]}, **how,  # type: ignore[arg-type]
        )  # fmt: skip

    async def _count(self, answer: httpx.Response) -> None:
        self.answers[answer.status_code] += 1
        if answer.status_code >= 400:
            self.refused[f"{answer.status_code} {answer.request.method} {answer.url.path}"] += 1

    async def look_round(self) -> None:
        """What there is to buy and to join, as a visitor finds it."""
        async with self.client() as client:
            listed, joining = (await client.get("/products")).text, (await client.get("/join")).text
            found = dict.fromkeys(re.findall(r'href="/products/([a-z0-9-]+)"', listed))
            pages = {slug: (await client.get(f"/products/{slug}")).text for slug in found}
        self.sold = tuple(slug for slug, page in pages.items() if any(_is_basket(form) for form in forms(page)))
        self.products = tuple(found)
        self.plans = tuple(dict.fromkeys(re.findall(r'href="/join/([a-z0-9-]+)"', joining)))
        assert self.sold and self.plans

    async def visitor(self, number: int, until: float) -> None:
        chance = random.Random(number)
        while time.monotonic() < until:
            (name,) = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
            try:
                await self.kinds[name](chance)
                self.done[name] += 1
            except Exception as trouble:
                self.troubles[f"{name}: {type(trouble).__name__} {str(trouble)[:80]}"] += 1
            await asyncio.sleep(self.pause * chance.uniform(0.5, 1.5))

    async def _browse(self, chance: random.Random) -> None:
        async with self.client() as client:
            for _ in range(4):
                await client.get(chance.choice((*PAGES, *(f"/products/{slug}" for slug in self.products))))

    @contextlib.asynccontextmanager
    async def _somebody(self) -> AsyncIterator[Shopper]:
        shopper = actors.somebody(self.address)
        shopper.client.event_hooks = {"response": [self._count]}
        try:
            yield shopper
        finally:
            await shopper.close()

    async def _buy(self, chance: random.Random) -> None:
        async with self._somebody() as shopper:
            await shopper.buy(chance.choice(self.sold))

    async def _join(self, chance: random.Random) -> None:
        async with self._somebody() as shopper:
            await actors.join_plan(shopper, chance.choice(self.plans))

    async def _staff(self, chance: random.Random) -> None:
        async with self.client() as client:
            await client.post("/sign-in", data={"email": "iris@kiln.test", "password": "kiln-demo"})
            for path in chance.sample(STAFF, 4):
                await client.get(path)
            await client.post("/account/sign-out", data={})

    async def _api(self, chance: random.Random) -> None:
        async with self.client() as client:
            for path in chance.sample(PUBLIC, 3):
                await client.get(path)
            await client.get(f"/api/v1/products/{chance.choice(self.products)}/prices")


async def _run(shop: servers.Served, data: Path, minutes: int, visits: float) -> int:
    traffic, gauges = Traffic(shop.address, VISITORS / visits), Gauges(shop.process, data, shop.log)
    await traffic.look_round()
    until = time.monotonic() + minutes * 60
    visitors = [asyncio.create_task(traffic.visitor(number, until)) for number in range(VISITORS)]
    gauges.heading()
    await gauges.look(0)
    for minute in range(1, minutes + 1):
        await asyncio.sleep(max(0.0, until - (minutes - minute) * 60 - time.monotonic()))
        await gauges.look(minute, f"{sum(traffic.answers.values())} answers")
    for task in visitors:
        with contextlib.suppress(asyncio.CancelledError):
            await task
    print(f"\nVisits: {dict(traffic.done)}. Answers: {dict(sorted(traffic.answers.items()))}.")
    for words, times in traffic.troubles.most_common(8):
        print(f"  {times} × {words}")
    for words, times in traffic.refused.most_common(12):
        print(f"  {times} × {words}")
    grown = gauges.verdict()
    broken = [status for status in traffic.answers if status >= 500]
    return 1 if grown or broken else 0


def main() -> int:
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    visits = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
    with tempfile.TemporaryDirectory(prefix="clubfront-soak-") as folder:
        data = Path(folder) / "data"
        if len(sys.argv) > 3:  # of a demo that was filled before and does not run
            subprocess.run(["cp", "-a", sys.argv[3], str(data)], check=True)  # with its owners
        print("Filling the demo shop and starting it with two processes …", flush=True)
        with servers.shop(data, workers=2, log_level="info", TRUSTED_PROXIES="127.0.0.1") as shop:
            return asyncio.run(_run(shop, data, minutes, visits))


if __name__ == "__main__":
    raise SystemExit(main())
