"""Wrong passwords through a proxy, and a member of staff with a very large file."""

import asyncio
import re
import time
from collections import Counter

import httpx

from benchmarks.shopper import Shopper

LINES = 120_000
WATCHED_SECONDS = 25


def _from(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


def wrong_passwords(address: str) -> int:
    """Sixty wrong tries from one address; how many of five others are then refused at theirs, with the right one."""
    for number in range(60):
        form = {"email": f"nobody{number % 7}@kiln.test", "password": "wrong"}
        httpx.post(f"{address}/sign-in", data=form, headers=_from("203.0.113.9"), timeout=30)
    refused = 0
    for number, who in enumerate(("noor", "maya", "theo", "sam", "iris")):
        form = {"email": f"{who}@kiln.test", "password": "kiln-demo"}
        answer = httpx.post(f"{address}/sign-in", data=form, headers=_from(f"198.51.100.{number}"), timeout=30)
        refused += answer.status_code != 303
    return refused


def large_import(port: int) -> None:
    asyncio.run(_import(f"http://127.0.0.1:{port}"))


def _file() -> bytes:
    head = "Handle,Title,Variant SKU,Variant Price\n"
    return (head + "".join(f"m{number},M,{number},9\n" for number in range(LINES))).encode()


async def _import(address: str) -> None:
    shopper = Shopper(address)
    cookies = await shopper.sign_in("iris@kiln.test")
    await shopper.close()
    async with httpx.AsyncClient(base_url=address, cookies=cookies, timeout=60) as staff:
        sent = await staff.post("/staff/imports", files={"sheet": ("large.csv", _file(), "text/csv")})
        where = sent.headers["location"]
        until = time.monotonic() + WATCHED_SECONDS
        while time.monotonic() < until:
            page = (await staff.get(where)).text
            await asyncio.sleep(1)
        found = re.search(r"[\d]+ of [\d]+ products", page)
        print(f"    (after {WATCHED_SECONDS} s: {found[0] if found else 'still being read'}; then cancelled)")
        await staff.post(f"{where}/cancellation")


def heavy_article(port: int) -> None:
    asyncio.run(_articles(f"http://127.0.0.1:{port}"))


async def _articles(address: str) -> None:
    shopper = Shopper(address)
    cookies = await shopper.sign_in("iris@kiln.test")
    await shopper.close()
    columns = "|".join("a" * 6_000)
    bodies = ("[" * 20_000, f"{columns}\n{'|'.join('-' * 6_000)}\n{columns}", "> " * 20_000, "*a_ " * 15_000)
    statuses: Counter[str] = Counter()
    async with httpx.AsyncClient(base_url=address, cookies=cookies, timeout=60) as staff:
        for body in bodies * 2:
            form = {"title": "Heavy", "slug": "", "teaser": "t", "body": body, "gate": "public", "look": "1"}
            try:
                statuses[str((await staff.post("/staff/articles/new", data=form)).status_code)] += 1
            except httpx.HTTPError as trouble:
                statuses[type(trouble).__name__] += 1
    print(f"    (answers: {dict(statuses)})")
