"""Mixed traffic for so many minutes against the demo, served by two processes: does anything grow?

`python -m benchmarks.soak [minutes] [visits a second] [data folder]`. Visitors browse, search, buy and
join; staff look at their pages; a program asks the API. Every minute: memory of each process, connections, open files,
sizes in the database, the log. At the end the slope over the second half: what a shop needs once has come by then.
A data folder is one of a demo that was filled before and does not run; it is copied.
"""

import asyncio
import contextlib
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from benchmarks import joining, servers
from benchmarks.shopper import Shopper, forms
from benchmarks.soak_gauges import Gauges

PRODUCTS = ("morning-mug", "thumb-cup", "olive-dish", "herb-pot", "little-cup", "porridge-bowl", "supper-plate")
PAGES = ("/", "/products", "/journal", "/join", "/search?q=mug", "/search?q=bowl", "/basket", "/sitemap.xml")
STAFF = (
    "/staff", "/staff/orders", "/staff/members", "/staff/products", "/staff/metrics", "/staff/emails", "/staff/audit",
    "/staff/jobs", "/staff/payments",
)  # fmt: skip
PUBLIC = ("/api/v1/products", "/api/v1/plans", "/api/v1/search?q=mug", "/api/v1/articles", "/api/v1/openapi.json")
VISITORS = 4


class Traffic:
    """What the visitors did, and what was answered."""

    def __init__(self, address: str, pause: float) -> None:
        self.address, self.pause = address, pause
        self.answers: Counter[int] = Counter()
        self.done: Counter[str] = Counter()
        self.troubles: Counter[str] = Counter()

    def client(self, **how: object) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self.address, follow_redirects=True, timeout=30, verify=False,
            headers={"accept": "text/html", "sec-fetch-site": "same-origin", "user-agent": "Soak"},
            event_hooks={"response": [self._count]}, **how,  # type: ignore[arg-type]
        )  # fmt: skip

    async def _count(self, answer: httpx.Response) -> None:
        self.answers[answer.status_code] += 1

    async def visitor(self, number: int, until: float) -> None:
        chance = random.Random(number)
        kinds: list[tuple[str, Callable[[random.Random], Awaitable[None]], int]] = [
            ("browsed", self._browse, 12), ("bought", self._buy, 3), ("joined", self._join, 1),
            ("staff pages", self._staff, 2), ("API", self._api, 4),
        ]  # fmt: skip
        weights = [weight for _, _, weight in kinds]
        while time.monotonic() < until:
            ((name, visit, _),) = chance.choices(kinds, weights)
            try:
                await visit(chance)
                self.done[name] += 1
            except Exception as trouble:
                self.troubles[f"{name}: {type(trouble).__name__} {str(trouble)[:80]}"] += 1
            await asyncio.sleep(self.pause * chance.uniform(0.5, 1.5))

    async def _browse(self, chance: random.Random) -> None:
        async with self.client() as client:
            for _ in range(4):
                await client.get(chance.choice((*PAGES, *(f"/products/{slug}" for slug in PRODUCTS))))

    async def _buy(self, chance: random.Random) -> None:
        shopper = Shopper(self.address)
        shopper.client.event_hooks = {"response": [self._count]}
        try:
            await shopper.buy(chance.choice(PRODUCTS))
        finally:
            await shopper.close()

    async def _join(self, chance: random.Random) -> None:
        """Up to the payment page, and paid."""
        shopper = Shopper(self.address)
        shopper.client.event_hooks = {"response": [self._count]}
        try:
            page = await shopper.client.get("/join")
            plans = [
                form
                for form in forms((await shopper.client.get(_first_plan(page.text))).text)
                if "/join/" in form.action
            ]
            email = f"soak-{chance.getrandbits(48):x}@post.test"
            paying = await joining.to_pay(shopper.client, plans[0].action, plans[0].fields, email)
            card = next(
                form for form in forms(paying.text) if any("number" in name or name == "card" for name in form.fields)
            )
            numbers = {name: "4242424242424242" for name in card.fields if "number" in name or name == "card"}
            answer = await shopper.client.post(str(paying.url.join(card.action)), data={**card.fields, **numbers})
            answer.raise_for_status()
        finally:
            await shopper.close()

    async def _staff(self, chance: random.Random) -> None:
        async with self.client() as client:
            await client.post("/sign-in", data={"email": "iris@kiln.test", "password": "kiln-demo"})
            for path in chance.sample(STAFF, 4):
                await client.get(path)
            await client.post("/sign-out", data={})

    async def _api(self, chance: random.Random) -> None:
        async with self.client() as client:
            for path in chance.sample(PUBLIC, 3):
                await client.get(path)
            await client.get(f"/api/v1/products/{chance.choice(PRODUCTS)}/prices")


def _first_plan(html: str) -> str:
    start = html.index('href="/join/') + len('href="')
    return html[start : html.index('"', start)]


async def _run(shop: servers.Served, data: Path, minutes: int, visits: float) -> int:
    traffic, gauges = Traffic(shop.address, VISITORS / visits), Gauges(shop.process, data, shop.log)
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
        with servers.shop(data, workers=2, log_level="info") as shop:
            return asyncio.run(_run(shop, data, minutes, visits))


if __name__ == "__main__":
    raise SystemExit(main())
