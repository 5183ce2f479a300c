"""Is this answer right for this sight? Words for everything in it that should not be, or should and is not."""

import re
from collections.abc import Iterator

from tests.leaks import judging_programs
from tests.leaks.asking import Address, Answer
from tests.leaks.judging_programs import DENIAL, LEAK, Trouble, minor
from tests.leaks.sight import Sight
from tests.leaks.words import word
from tests.leaks.world import COMMON, World, picture_name

FOR_ALL = ("/sitemap.xml", "/products/feed.xml")
"""What is said to nobody in particular, and so the same to all."""

_BUY = re.compile(r'<form class="buy__form".*?name="variant" value="([0-9a-f-]{36})"', re.DOTALL)
_LINE = re.compile(r'<form class="quantity-form" method="post" action="/basket/lines/([0-9a-f-]{36})"')
_AVAILABLE = re.compile(r'"availability":\s*"https://schema.org/(\w+)"')
_PRICE = re.compile(r'"price":\s*"([0-9.]+)"')
_CARD = re.compile(
    r'card__title"><a href="/products/the-qz([a-z]+)slug".*?<data class="price" value="([0-9.]+)"', re.DOTALL
)
_COST = re.compile(r"87,?654\.?31")
_COUNT = re.compile(r"\b(\d+) pieces?\b")
SHELVES = {"/products": None, "/collections/kiln": "kiln", "/collections/vault": "vault", "/collections/quiet": "quiet"}
STANDS_IN = {"far": {"kiln", "quiet"}, "vault": {"vault"}, "buried": {"vault", "quiet"}}


def troubles(world: World, sight: Sight, address: Address, answer: Answer) -> list[Trouble]:
    path = address.path.split("?")[0]
    if path.startswith("/pictures/") and sight.persona.is_staff:
        return [] if answer.status == 200 else [(DENIAL, "staff see all pictures")]
    found: list[Trouble] = []
    if answer.status >= 500:
        found.append((DENIAL, f"status {answer.status}"))
    found += _given_away(sight, path, answer)
    found += _kept_apart(sight, address, answer)
    found += _by_place(world, sight, address, answer)
    found += _cards(world, sight, answer)
    return found


def _given_away(sight: Sight, path: str, answer: Answer) -> Iterator[Trouble]:
    if _COST.search(answer.text):
        yield LEAK, "what a piece costs the shop is there"
    for key, field in answer.canaries:
        if not sight.may_see(key, field) or (path in FOR_ALL and key not in sight.for_all | sight.out):
            yield LEAK, f"{word(key, field)} is there"


def _kept_apart(sight: Sight, address: Address, answer: Answer) -> Iterator[Trouble]:
    """What is made for a person is kept by no cache."""
    if sight.persona.person_id is not None and not answer.is_private and _is_personal(address, answer):
        yield LEAK, f"may be kept by caches: {answer.headers.get('cache-control')}"


def _cards(world: World, sight: Sight, answer: Answer) -> Iterator[Trouble]:
    """Every card says what this very person pays."""
    for key, said in _CARD.findall(answer.text):
        price, ought = minor(said), min(sight.prices[str(one)] for one in world.variants[key])
        if price != ought:
            yield (LEAK if price < ought else DENIAL), f"the card of {key} says {price}, should be {ought}"


def _is_personal(address: Address, answer: Answer) -> bool:
    """Nobody keeps where one is sent on to."""
    return answer.status < 300 and not address.path.startswith(
        (*FOR_ALL, "/robots.txt", "/pictures/", "/static/", "/api/v1/openapi.json")
    )


def _by_place(world: World, sight: Sight, address: Address, answer: Answer) -> Iterator[Trouble]:
    path, _, query = address.path.partition("?")
    first, *rest = path.strip("/").split("/")
    if first == "api" or path == "/products/feed.xml":
        yield from judging_programs.troubles(world, sight, address, answer)
    elif path in SHELVES or path == "/search":
        yield from _shelf(sight, path, query, answer)
    elif first == "products":
        yield from _product(world, sight, rest, query, answer, is_part=address.is_part)
    elif first == "journal" and rest:
        yield from _article(sight, rest[0], answer)
    elif first in ("journal", "feed.xml", "sitemap.xml"):
        yield from _lists(sight, first, answer)
    elif first == "basket":
        yield from _basket(sight, answer)
    elif first == "pictures":
        yield from _picture(world, sight, rest[0], answer)


def _wanted(answer: Answer, pairs: Iterator[tuple[str, str]]) -> Iterator[Trouble]:
    for key, field in pairs:
        if (key, field) not in answer.canaries:
            yield DENIAL, f"{word(key, field)} is missing"


def _shelf(sight: Sight, path: str, query: str, answer: Answer) -> Iterator[Trouble]:
    asked = query.removeprefix("q=") if path == "/search" else ""
    if not asked or asked == COMMON:
        place = SHELVES.get(path)
        wanted = [key for key in sight.shown if place is None or place in STANDS_IN.get(key, {"kiln"})]
        yield from _wanted(answer, ((key, "title") for key in wanted))
        counted = _COUNT.search(answer.text)
        if counted and int(counted[1]) != len(wanted):
            kind = LEAK if int(counted[1]) > len(wanted) else DENIAL
            yield kind, f"{counted[1]} pieces are counted, {len(wanted)} may be seen"
        return
    key = asked.removeprefix("hush")
    may_find = key in sight.shown or key in sight.whole
    if may_find != ((key, "title") in answer.canaries):
        yield (DENIAL, f"{key} is not found") if may_find else (LEAK, f"{key} is found by what is in it")


def _product(
    world: World, sight: Sight, rest: list[str], query: str, answer: Answer, *, is_part: bool
) -> Iterator[Trouble]:
    key = rest[0].removeprefix("the-qz").removesuffix("slug")
    if key not in sight.shown:
        if answer.status != 404:
            yield LEAK, f"status {answer.status} for what is hidden"
        return
    if answer.status != 200:
        yield DENIAL, f"status {answer.status} for what may be seen"
        return
    if rest[1:] == ["why"]:
        return
    variant = _asked_for(world, sight, key, query, answer)
    bought = _BUY.findall(answer.text)
    if bought and not set(bought) <= sight.open_variants:
        yield LEAK, "it may be put in the basket"
    if variant in sight.open_variants and not bought:
        yield DENIAL, "it may not be put in the basket"
    if not is_part:
        yield from _structured(sight, variant, answer)


def _asked_for(world: World, sight: Sight, key: str, query: str, answer: Answer) -> str:
    """The variant that the address names; else the cheapest, which is the first."""
    ids = [str(one) for one in world.variants[key]]
    return ids[1] if query == "variant=oat" else ids[0]


def _structured(sight: Sight, variant: str, answer: Answer) -> Iterator[Trouble]:
    said, price = _AVAILABLE.search(answer.text), _PRICE.search(answer.text)
    if said is None or price is None:
        yield DENIAL, "no structured description"
        return
    if (said[1] == "InStock") != (variant in sight.open_variants):
        yield (DENIAL if variant in sight.open_variants else LEAK), f"said to be {said[1]}"
    if minor(price[1]) != sight.prices[variant]:
        cheaper = minor(price[1]) < sight.prices[variant]
        yield (LEAK if cheaper else DENIAL), f"costs {price[1]}, should be {sight.prices[variant]}"


def _article(sight: Sight, slug: str, answer: Answer) -> Iterator[Trouble]:
    key = slug.removeprefix("on-qz").removesuffix("slug")
    if (answer.status == 200) != (key in sight.out):
        yield (DENIAL if key in sight.out else LEAK), f"status {answer.status}"
    if key in sight.whole and (key, "body") not in answer.canaries:
        yield DENIAL, "the body is missing"


def _lists(sight: Sight, name: str, answer: Answer) -> Iterator[Trouble]:
    field = "slug" if name == "sitemap.xml" else "title"
    yield from _wanted(answer, ((key, field) for key in sight.out))
    if name == "feed.xml":
        yield from _wanted(answer, ((key, "body") for key in sight.whole))
    if name == "sitemap.xml":
        yield from _wanted(answer, ((key, "slug") for key in sight.for_all))


def _basket(sight: Sight, answer: Answer) -> Iterator[Trouble]:
    if not sight.persona.cookies or sight.persona.name in ("erased", "expired"):
        return
    lines = set(_LINE.findall(answer.text))
    if extra := lines - sight.open_variants:
        yield LEAK, f"{len(extra)} lines may be bought that may not"
    if missing := sight.open_variants - lines:
        yield DENIAL, f"{len(missing)} lines may not be bought that may"


def _picture(world: World, sight: Sight, name: str, answer: Answer) -> Iterator[Trouble]:
    key = next(key for key in world.products if name.startswith(f"{picture_name(key)}-"))
    if (answer.status == 200) != (key in sight.shown):
        yield (DENIAL if key in sight.shown else LEAK), f"status {answer.status}"
