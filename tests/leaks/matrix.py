"""The matrix: addresses, personas and instants, and how many answers of all of them were wrong."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from components.foundation import clock
from tests.leaks import asking, judging, personas, sight
from tests.leaks.asking import Address
from tests.leaks.oracle import Rows
from tests.leaks.personas import Persona
from tests.leaks.words import word
from tests.leaks.world import COMMON, DAY, HOUR, T, World, picture_name

SECOND = timedelta(seconds=1)
HEAD_STARTS = (timedelta(), 72 * HOUR, 168 * HOUR)
ITS_OWN = {"halves": 480 * HOUR, "buried": 400 * HOUR}
DATED = {
    key: T + days * DAY for key, days in (("soon", 10), ("far", 60), ("clubsoon", 5), ("buried", 75), ("halves", 20))
}
OUT = {"later": T + 2 * DAY, "gatedlater": T + 4 * DAY}
SALE = (T - 2 * DAY, T + 84 * HOUR)
PART = 30
Moment = tuple[datetime, tuple[Address, ...]]


@dataclass
class Findings:
    asked: int = 0
    troubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        shown = "\n".join(self.troubles[:40])
        return f"{len(self.troubles)} wrong of {self.asked} answers:\n{shown}"


def whole(*paths: str) -> tuple[Address, ...]:
    return tuple(Address(path) for path in paths)


def twice(*paths: str) -> tuple[Address, ...]:
    """The page, and the part of it that htmx asks for."""
    return tuple(Address(path, is_part) for path in paths for is_part in (False, True))


def of_product(key: str) -> tuple[Address, ...]:
    page = f"/products/the-{word(key, 'slug')}"
    variants = twice(f"{page}?variant=oat") if key == "halves" else ()
    why = whole(f"{page}/why", f"/pictures/{picture_name(key)}-320.webp")
    told = whole(f"/api/v1{page}", f"/api/v1{page}/prices", f"/api/v1/search?q=hush{key}")
    return (*twice(page), *variants, *why, *whole(f"/search?q=hush{key}"), *told)


def of_article(key: str) -> tuple[Address, ...]:
    slug = f"on-{word(key, 'slug')}"
    return whole(f"/journal/{slug}", f"/search?q=hush{key}", f"/api/v1/articles/{slug}", f"/api/v1/search?q=hush{key}")


def quotes(world: World) -> tuple[Address, ...]:
    """One of everything there is, asked for by id and by SKU."""
    every = [(key, turn, str(id)) for key, own in world.variants.items() for turn, id in enumerate(own)]
    by_id = [{"variant": id, "quantity": 1} for _, _, id in every]
    by_sku = [{"sku": f"{word(key, 'sku')}-{turn}", "quantity": 1} for key, turn, _ in every]
    bodies = (json.dumps({"lines": lines}).encode() for lines in (by_id, by_sku))
    return tuple(Address("/api/v1/quotes", body=body) for body in bodies)


TOLD = whole("/api/v1/products", f"/api/v1/search?q={COMMON}", "/api/v1/collections/kiln", "/products/feed.xml")
SHELVES = (
    *twice("/products", f"/search?q={COMMON}", "/for-you"),
    *whole("/collections/kiln", "/", "/sitemap.xml"),
    *TOLD,
)
QUICK = (
    Address("/products"),
    Address("/for-you"),
    Address(f"/search?q={COMMON}", is_part=True),
    Address("/sitemap.xml"),
    *TOLD[::3],
)
PAPERS = whole("/journal", "/feed.xml", "/sitemap.xml", "/", "/api/v1/articles")
OWN = twice("/basket", "/checkout")
OTHER = whole(
    "/collections", "/collections/vault", "/collections/quiet", "/join", "/join/monthly", "/join/annual",
    "/join/patron", "/gifts", "/gifts/redeem", "/sign-in", "/sign-up", "/robots.txt", "/contact",
    "/cancel-membership", "/withdraw", "/what-we-count",
    "/account", "/account/membership", "/account/savings", "/account/orders", "/account/credit", "/account/gifts",
    "/account/given", "/account/household", "/account/membership/plan", "/account/membership/plan/annual",
    "/account/membership/pause", "/account/membership/cancellation", "/account/membership/welcome",
    "/account/membership/pause/end", "/account/membership/pause/confirmation?start=now&months=1",
    "/account/membership/payment", "/account/membership/plan/confirmation",
    "/account/saved-card",
    "/account/privacy", "/account/privacy/data.json", "/account/privacy/erasure", "/account/details",
    "/account/password", "/account/sessions", "/account/security", "/account/confirm",
    "/account/security/app", "/sign-in/second-step",
    "/account/addresses", "/account/e-mails", "/account/for-you",
    "/account/addresses/new",
    "/api/v1/collections", "/api/v1/collections/vault", "/api/v1/collections/quiet", "/api/v1/plans",
    "/api/v1/products?stock=1&least=1&sort=new", "/api/v1/openapi.json", "/api/v1/orders", "/api/v1/orders/K-10001",
    "/api/v1/people?email=annual@leaks.test", "/api/v1/catalogue",
    "/api/v1/figures", "/api/v1/figures/mrr",
    "/products?sort=new", "/products?stock=1&least=1", "/collections/kiln?most=9999", f"/search?q={COMMON}&least=1",
)  # fmt: skip


def every_address(world: World) -> tuple[Address, ...]:
    return tuple(dict.fromkeys((*OTHER, *of_things(world))))


def of_things(world: World) -> tuple[Address, ...]:
    """Where products and articles are met."""
    things = [address for key in world.products for address in of_product(key)]
    written = [address for key in world.articles for address in of_article(key)]
    return tuple(dict.fromkeys((*SHELVES, *PAPERS, *OWN, *quotes(world), *things, *written)))


def common_moments(world: World) -> list[Moment]:
    """Every edge of something, and the addresses where that thing could be met."""
    moments: list[Moment] = []
    for key, opens in DATED.items():
        leads = (*HEAD_STARTS, ITS_OWN[key]) if key in ITS_OWN else HEAD_STARTS
        edges = [opens - lead - early for lead in leads for early in (timedelta(), 30 * DAY)]
        elsewhere = whole("/collections/vault", "/join") if key == "buried" else ()
        touched = (*of_product(key), *QUICK, *OWN[:1], *quotes(world)[:1], *elsewhere)
        moments += [(edge, touched) for edge in edges]
    moments += [(at, (*of_article(key), *PAPERS)) for key, at in OUT.items()]
    moments += [(at, (*of_product("sale"), *SHELVES, *OWN, *quotes(world))) for at in SALE]
    return moments


def around(moments: Iterable[Moment]) -> list[Moment]:
    """A second before, at, and a second after each."""
    return [(at + shift, touched) for at, touched in moments for shift in (-SECOND, timedelta(), SECOND)]


async def moments_of(world: World, persona: Persona) -> list[Moment]:
    things = of_things(world)
    own = [(at, things) for at in await personas.instants_of(persona.person_id) if at < T + 250 * DAY]
    return [(T, every_address(world)), *around([*own, *common_moments(world)])]


def sample(moments: list[Moment], turn: int, people: int) -> list[Moment]:
    """About a thirtieth of a persona's cells, always the same ones; `turn` is the persona's place among the people.

    What is asked at T, which is every address, is shared out among the people, so that together they ask all of it.
    Of what is asked at the edges everybody takes each thirtieth, each beginning with another.
    """
    (at, addresses), *edges = moments
    kept = {at: [one for place, one in enumerate(addresses) if place % people == turn]}
    cells = [(at, address) for at, touched in edges for address in touched]
    for at, address in cells[turn % PART :: PART]:
        kept.setdefault(at, []).append(address)
    return [(at, tuple(addresses)) for at, addresses in kept.items()]


async def look(
    app: Any, world: World, rows: Rows, persona: Persona, moments: Iterable[Moment], findings: Findings
) -> Findings:
    """Ask everything of `moments` as this persona; what was wrong is added to the findings."""
    for at, addresses in sorted(moments, key=lambda moment: moment[0]):
        clock.set_everywhere(at)
        seen = sight.of(world, rows, persona, at)
        for address in addresses:
            answer = await asking.ask(app, address, persona.cookies)
            findings.asked += 1
            for kind, words in judging.troubles(world, seen, address, answer):
                findings.troubles.append(f"{kind}: {persona.name} at {at:%d %b %H:%M:%S} {address}: {words}")
    return findings
