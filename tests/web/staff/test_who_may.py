"""Who may use which page of the staff area: the table of docs/security.md, every route, and staff who lack that."""

import re
from functools import cache
from pathlib import Path

from litestar.handlers import HTTPRouteHandler

from components.people.operators import PERMISSIONS
from tests.support import people, site_map
from tests.support.shops import Shop

DOCS = Path(__file__).parents[3] / "docs" / "security.md"
OWNER = "owner"
ID = "01890000-0000-7000-8000-000000000000"
LINE = re.compile(r"^\| `(?:(\w+) )?(/staff[^`]*)` \| ([a-z ]+?)(?: \(.*)? \|$", re.M)
FILLERS = {"uuid": ID, "int": "1", "str": "x"}


@cache
def table() -> dict[tuple[str, tuple[str, ...]], frozenset[str]]:
    """Method ("" for all) and parts of the address, and the permissions that it takes; none where any staff may."""
    section = DOCS.read_text(encoding="utf-8").split("## Who may do what in the staff area\n")[1].split("\n## ")[0]
    found = {}
    for method, address, words in re.findall(
        r"^\| `(?:(\w+) )?(/staff[^`]*)` \| ([a-z ]+?)(?: \(.*)? \|$", section, re.M
    ):
        needed = frozenset() if words == "any" else frozenset(words.split(" and "))
        assert needed <= PERMISSIONS.keys() | {OWNER}, words
        found[method, tuple(address.strip("/").split("/"))] = needed
    return found


def needed(method: str, path: str) -> frozenset[str] | None:
    """By the longest beginning that fits; a line about this method before one about all."""
    parts = path.strip("/").split("/")
    fits = [
        (len(beginning), bool(of), permissions)
        for (of, beginning), permissions in table().items()
        if of in ("", method)
        and (len(beginning) == len(parts) or len(beginning) > 1)
        and len(beginning) <= len(parts)
        and all(wanted in ("*", part) for wanted, part in zip(beginning, parts, strict=False))
    ]
    return max(fits, key=lambda fit: fit[:2])[2] if fits else None


def stated(handler: HTTPRouteHandler) -> frozenset[str]:
    names = {getattr(guard, "func", guard).__qualname__ for guard in handler.resolve_guards()}
    permissions = {name.removeprefix("staff(").removesuffix(")") for name in names if name.startswith("staff(")}
    return frozenset({OWNER} if OWNER in names else permissions)


def routes() -> list[tuple[str, str, HTTPRouteHandler]]:
    return [
        (method, path, handler)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for path, handler in site_map.handlers(method).items()
        if path == "/staff" or path.startswith("/staff/")
    ]


def test_the_table_says_of_every_route_what_it_asks_for() -> None:
    wrong = [
        f"{method} {path}: {sorted(stated(handler))}, by the table {sorted(needed(method, path) or ())}"
        for method, path, handler in routes()
        if needed(method, path) != stated(handler)
    ]
    assert wrong == [] and len(routes()) > 300


def test_every_line_of_the_table_is_about_a_route() -> None:
    paths = [(method, path.strip("/").split("/")) for method, path, _ in routes()]
    idle = [
        line
        for line in table()
        if not any(
            line[0] in ("", method)
            and len(line[1]) <= len(parts)
            and all(wanted in ("*", part) for wanted, part in zip(line[1], parts, strict=False))
            for method, parts in paths
        )
    ]
    assert idle == []


async def test_staff_with_every_permission_but_that_one_are_refused_everywhere(shop: Shop) -> None:
    await people.owner()
    let_in, asked = [], 0
    for lacking in (*PERMISSIONS, OWNER):
        email = f"{lacking}@kiln.test"
        await people.staff(email, [name for name in PERMISSIONS if name != lacking])
        client = (await shop.signed_in(email)).client
        for method, path, handler in routes():
            if lacking not in stated(handler):
                continue
            address = re.sub(r"\{\w+:(\w+)\}", lambda part: FILLERS[part[1]], path)
            answer = await client.request(method, address, data={} if method == "POST" else None)
            asked += 1
            if answer.status_code != 403:
                let_in.append(f"{method} {address}: {answer.status_code}")
    assert let_in == [] and asked > 300
