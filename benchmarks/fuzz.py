"""Requests that no browser would send, to every route by every method: `python -m benchmarks.fuzz 200000`.

A shop of our own is filled and served; guests, a customer, a member and the owner ask. Counted are answers of 500 and
more, answers without the edge's headers, and connections that were dropped: each should be 0.
"""

import asyncio
import json
import os
import random
import re
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx

from benchmarks import servers

ALWAYS = {"content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options", "x-request-id"}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW")
SIDE_BY_SIDE = 8
PEOPLE = ("", "noor", "maya", "iris")
VALUES = (
    "", "0", "-1", "1", "1e99999", "9" * 400, "twelve", "a\x00b", "\ud7ff", "é" * 2_000, "🫖 " * 50, "'\"<b>%s{0}",
    "on", "../../etc/passwd", "1999-01-01T00:00", "9999-12-31T23:59", "0001-01-01", "iris@kiln.test", "morning-mug",
    "00000000-0000-7000-8000-000000000000", "new", "\r\nx: y", "a" * 6_000, "[" * 3_000, "GB", "monthly", "12.50",
    "K-10001",
)  # fmt: skip
BEFORE = ("/de", "/%64e", "/de/", "/de/de", "/en", "/xx", "/%2e%2e")
"""What an address may begin with besides: a language, twice, and what only looks like one."""
PICTURE = b'--x\r\nContent-Disposition: form-data; name="picture"; filename="x"\r\n\r\nGIF89a\r\n--x--'
RAW = (
    b"", b"%", b"a=%ff%fe", b"\xff\xfe\x00", b"{", b"[" * 5_000, b'{"a": 1e9999}', b"null", b'{"lines": [{}]}',
    b"a" * 300_000, b"a=1&" * 2_000, b"--x\r\n\r\n", PICTURE,
)  # fmt: skip
KINDS = (
    "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data", "application/json",
    "text/plain", "application/json; charset=utf-16", "", "nonsense",
)  # fmt: skip


@dataclass
class Found:
    statuses: Counter[int] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    route: str
    method: str
    address: str
    headers: dict[str, str]
    body: bytes


class Fuzzer:
    """The same requests for the same seed. `names` are those of all fields of all forms."""

    def __init__(self, routes: dict[str, list[str]], names: list[str], *, seed: int = 1) -> None:
        self.taken, self.routes = routes, list(routes)
        self.names, self.dice, self.turn = names, random.Random(seed), seed

    def next(self) -> Asked:
        """Routes in turn, so that none is left out: two times in three by a method that it takes."""
        self.turn += 1
        route, dice = self.routes[self.turn % len(self.routes)], self.dice
        round_ = self.turn // len(self.routes)
        taken = self.taken[route]
        method = METHODS[round_ // 3 % len(METHODS)] if round_ % 3 == 2 else taken[round_ % len(taken)]
        address = re.sub(r"\{[^}]*\}", lambda _: quote(dice.choice(VALUES)[:300], safe="") or "x", route)
        if dice.random() < 0.15:
            address = dice.choice(BEFORE) + address
        if dice.random() < 0.4:
            address += "?" + urlencode(self._pairs(dice.choice((1, 1, 3, 3, 250))))[:9_000]
        headers = {"x-forwarded-for": f"203.0.{dice.randrange(200)}.{dice.randrange(200)}"}
        if dice.random() < 0.3:
            headers |= {"hx-request": "true", "hx-request-type": dice.choice(("partial", "full", "x"))}
        body = self._body(headers) if method in ("POST", "PUT", "PATCH") else b""
        return Asked(route, method, address, headers, body)

    def _pairs(self, count: int) -> list[tuple[str, str]]:
        text = (value.encode("utf-8", "replace").decode() for value in self.dice.choices(VALUES, k=count))
        return list(zip(self.dice.choices(self.names, k=count), text, strict=True))

    def _body(self, headers: dict[str, str]) -> bytes:
        headers["content-type"] = kind = self.dice.choice(KINDS)
        if self.dice.random() < 0.25:
            return self.dice.choice(RAW)
        pairs = self._pairs(self.dice.choice((1, 5, 25, 25)))
        if kind.startswith("application/json"):
            return json.dumps(dict(pairs)).encode()
        if kind.startswith("multipart"):
            part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
            return "".join(part.format(*pair) for pair in pairs).encode() + b"--x--\r\n"
        headers["content-type"] = KINDS[0]
        return urlencode(pairs).encode()


async def ask(client: httpx.AsyncClient, asked: Asked, found: Found) -> None:
    try:
        answer = await client.request(asked.method, asked.address, headers=asked.headers, content=asked.body)
    except httpx.HTTPError as trouble:
        found.faults.append(f"{asked.method} {asked.address[:100]}: dropped ({type(trouble).__name__})")
        return
    found.statuses[answer.status_code] += 1
    found.reached.add(f"{asked.method} {asked.route}")
    if answer.status_code >= 500 and asked.route != "/health/ready":  # which is to say so when a database is behind
        found.faults.append(f"{asked.method} {asked.address[:100]} {asked.body[:100]!r}: {answer.status_code}")
    if missing := ALWAYS - set(answer.headers):
        found.faults.append(f"{asked.method} {asked.address[:100]}: {answer.status_code} lacks {missing}")


def all_routes() -> dict[str, list[str]]:
    """The methods of each route of the shop; the static files, and what there is nothing at."""
    from web import app

    found: dict[str, list[str]] = {"/static/{path}": ["GET"], "/nowhere/{path}": ["GET"]}
    for route in app.make_pages().routes:
        found[route.path] = sorted(set(getattr(route, "methods", ("GET",))) - {"OPTIONS"}, reverse=True)
    return found


def all_names() -> list[str]:
    """The fields of every form that is read anywhere."""
    from web import routes  # noqa: F401 - brings in every form
    from web.forms.form import Form

    def kinds(kind: type[Form]) -> set[type[Form]]:
        return {kind}.union(*(kinds(one) for one in kind.__subclasses__()))

    names = {name for kind in kinds(Form) for name in kind.declared}
    return sorted(names | {"look", "next", "page", "q", "cursor", "limit", "session_id", "check", "at"})


async def _run(address: str, count: int) -> Found:
    found, fuzzer = Found(), Fuzzer(all_routes(), all_names())
    await asyncio.gather(*(_visit(address, fuzzer, count // SIDE_BY_SIDE, n, found) for n in range(SIDE_BY_SIDE)))
    return found


async def _visit(address: str, fuzzer: Fuzzer, count: int, number: int, found: Found) -> None:
    who = PEOPLE[number % len(PEOPLE)]
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        for turn in range(count):
            if who and turn % 100 == 0:
                form = {"email": f"{who}@kiln.test", "password": "kiln-demo"}
                await client.post("/sign-in", data=form, headers={"x-forwarded-for": f"198.51.100.{number}"})
            await ask(client, fuzzer.next(), found)
            if number == 0 and turn % 200 == 0:
                print(f"\r{turn * SIDE_BY_SIDE:,} of {count * SIDE_BY_SIDE:,} …", end="", flush=True)


def main() -> int:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory(prefix="clubfront-fuzz-") as folder:
        data = Path(os.environ.get("ATTACKED_DATA", Path(folder) / "data"))
        with servers.shop(data, TRUSTED_PROXIES="127.0.0.1", SHOP_LANGUAGES="de") as shop:
            found = asyncio.run(_run(shop.address, count))
    _tell(found)
    return int(bool(found.faults))


def _tell(found: Found) -> None:
    told: dict[Any, int] = dict(sorted(found.statuses.items()))
    print(f"\r{found.statuses.total():,} answers, {len(found.reached):,} pairs of method and route. By status: {told}")
    print(f"{len(found.faults)} faults (500 and more, without headers, dropped).")
    for fault in found.faults[:40]:
        print(" ", fault)


if __name__ == "__main__":
    raise SystemExit(main())
