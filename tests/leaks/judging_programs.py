"""Is what a program is told right for this sight? Read from JSON and the product feed, field by field."""

import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

from tests.leaks.asking import Address, Answer
from tests.leaks.sight import Sight
from tests.leaks.world import COMMON, World

LEAK, DENIAL = "leak", "wrongful denial"
Trouble = tuple[str, str]
API = "/api/v1/"
WITH_A_KEY = ("orders", "people", "catalogue", "figures")
PLACES = {"kiln", "vault", "quiet"}
STANDS_IN = {"far": {"kiln", "quiet"}, "vault": {"vault"}, "buried": {"vault", "quiet"}}
_G = "{http://base.google.com/ns/1.0}"


def minor(said: str) -> int:
    return round(float(said) * 100)


def troubles(world: World, sight: Sight, address: Address, answer: Answer) -> Iterator[Trouble]:
    path, _, query = address.path.partition("?")
    if path == "/products/feed.xml":
        yield from _feed(world, sight, answer)
        return
    first, *rest = path.removeprefix(API).split("/")
    if first in WITH_A_KEY:
        if answer.status != 401 or answer.canaries:
            yield LEAK, f"status {answer.status} without a key"
    elif first == "products" and rest:
        yield from _product(world, sight, rest, answer)
    elif first == "articles" and rest:
        yield from _article(sight, rest[0], answer)
    elif answer.status != 200:
        yield DENIAL, f"status {answer.status}"
    else:
        yield from _list(world, sight, first, rest, query, json.loads(answer.text))


def _list(world: World, sight: Sight, first: str, rest: list[str], query: str, said: Any) -> Iterator[Trouble]:
    if first == "products":
        yield from _shelf(world, sight, said, set(sight.shown))
    elif first == "collections" and rest:
        wanted = {key for key in sight.shown if rest[0] in STANDS_IN.get(key, {"kiln"})}
        yield from _shelf(world, sight, said["shelf"], wanted)
    elif first == "search":
        yield from _search(world, sight, query.removeprefix("q="), said)
    elif first == "articles":
        yield from _differ("articles", {_key(one["slug"]) for one in said["articles"]}, set(sight.out))
        yield from _differ("open", {_key(one["slug"]) for one in said["articles"] if one["is_open"]}, set(sight.whole))
    elif first == "quotes":
        yield from _quote(world, sight, said)


def _shelf(world: World, sight: Sight, shelf: Any, wanted: set[str]) -> Iterator[Trouble]:
    yield from _differ("products", {_key(one["slug"]) for one in shelf["products"]}, wanted)
    yield from _differ("counted", {shelf["total"]}, {len(wanted)})
    for one in shelf["products"]:
        variants = [str(id) for id in world.variants[_key(one["slug"])]]
        yield from _price(one["price"], min(sight.prices[id] for id in variants))
        is_open = any(id in sight.open_variants for id in variants)
        yield from _differ("open", {one["selling"]["state"] == "open"}, {is_open})


def _search(world: World, sight: Sight, words: str, said: Any) -> Iterator[Trouble]:
    if words == COMMON:
        yield from _shelf(world, sight, said["shelf"], set(sight.shown))
        return
    key = words.removeprefix("hush")
    found = {_key(one["slug"]) for one in (*said["shelf"]["products"], *said["articles"])}
    yield from _differ("found", found & {key}, {key} & (sight.shown | sight.whole))
    yield from _differ("found beside it", found - sight.shown - sight.whole, set())


def _product(world: World, sight: Sight, rest: list[str], answer: Answer) -> Iterator[Trouble]:
    key = _key(rest[0])
    if (answer.status == 200) != (key in sight.shown):
        yield (DENIAL if key in sight.shown else LEAK), f"status {answer.status}"
        return
    if answer.status != 200:
        return
    variants = {one.get("id", one.get("variant")): one for one in json.loads(answer.text)["variants"]}
    own = {str(id) for id in world.variants[key]}
    yield from _differ("variants", set(variants), own & sight.shown_variants)
    for id, one in variants.items():
        yield from _price(one["price"], sight.prices[id])
        if "selling" in one:
            yield from _differ("open", {one["selling"]["state"] == "open"}, {id in sight.open_variants})


def _article(sight: Sight, slug: str, answer: Answer) -> Iterator[Trouble]:
    key = _key(slug)
    if (answer.status == 200) != (key in sight.out):
        yield (DENIAL if key in sight.out else LEAK), f"status {answer.status}"
    elif answer.status == 200:
        is_whole = json.loads(answer.text)["body"] is not None
        yield from _differ("whole", {is_whole}, {key in sight.whole})


def _quote(world: World, sight: Sight, said: Any) -> Iterator[Trouble]:
    """Its lines are every variant of the world, in order."""
    every = [str(id) for variants in world.variants.values() for id in variants]
    lines = dict(zip(every, said["lines"], strict=True))
    yield from _differ("named", {id for id, one in lines.items() if one["variant"]}, set(sight.shown_variants))
    yield from _differ("had", {id for id, one in lines.items() if one["had"]}, set(sight.open_variants))
    for id, one in lines.items():
        if one["unit"] is not None and one["unit"]["minor"] != sight.prices[id]:
            yield LEAK, f"quoted at {one['unit']['value']}, should be {sight.prices[id]}"
    yield from _differ("goods", {said["sums"]["goods"]["minor"]}, {sum(sight.prices[id] for id in sight.open_variants)})


def _price(price: Any, ought: int) -> Iterator[Trouble]:
    now, regular, member = (price[name]["minor"] for name in ("now", "regular", "member"))
    if now != ought:
        yield (LEAK if now < ought else DENIAL), f"costs {now}, should be {ought}"
    if not member <= now <= regular:
        yield LEAK, f"{member}, {now} and {regular} are in no order"


def _feed(world: World, sight: Sight, answer: Answer) -> Iterator[Trouble]:
    """The same for everybody: what a guest sees, pays and may have."""
    ids = {f"qz{key}sku-{turn}": str(id) for key, own in world.variants.items() for turn, id in enumerate(own)}
    items = {item.findtext(f"{_G}id"): item for item in ElementTree.fromstring(answer.text).iter("item")}
    wanted = {sku for sku in ids if sku.removeprefix("qz").rpartition("sku")[0] in sight.for_all}
    yield from _differ("entries", set(items), wanted)
    for sku, item in items.items():
        said = item.findtext(f"{_G}sale_price") or item.findtext(f"{_G}price") or ""
        if minor(said.split()[0]) != sight.guests_prices[ids[str(sku)]]:
            yield LEAK, f"{sku} is fed at {said}"
        is_open = item.findtext(f"{_G}availability") == "in_stock"
        yield from _differ(f"{sku} in stock", {is_open}, {ids[str(sku)] in sight.guests_open})


def _differ(what: str, said: set[Any], ought: set[Any]) -> Iterator[Trouble]:
    if extra := said - ought:
        yield LEAK, f"{what}: {sorted(map(str, extra))} should not be"
    if missing := ought - said:
        yield DENIAL, f"{what}: {sorted(map(str, missing))} should be"


def _key(slug: str) -> str:
    return slug.removeprefix("the-qz").removeprefix("on-qz").removesuffix("slug")
