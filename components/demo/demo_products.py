"""The demo's products, read from `kiln/shelves`: one file per collection, in display order."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from components.foundation.money import Money

KILN = Path(__file__).parent / "kiln"
CURRENCY = "GBP"
GLAZE_WORDS = {
    "Oat": "oat glaze, pale oatmeal with iron specks",
    "Chalk": "chalk glaze, a soft matt white",
    "Tide": "tide glaze, a milky blue-grey",
    "Moss": "moss glaze, a warm grey-green",
    "Ember": "ember glaze, iron red with a dark rim",
    "Ink": "ink glaze, deep blue-black",
}


@dataclass(frozen=True)
class DemoSize:
    name: str
    price: int
    """Minor units, like all amounts here."""
    was: int | None
    cost: int | None
    """The cost per item; unknown for some."""
    grams: int


@dataclass(frozen=True)
class DemoOpening:
    """The first day of general sale, in days from today, at an hour in the shop's time zone.

    At most `early` of each variant are sold in early access (None: no limit).
    """

    in_days: int
    at: str
    early: int | None = None


@dataclass(frozen=True)
class DemoProduct:
    slug: str
    title: str
    kind: str
    description: str
    shape: str
    look: str
    glazes: tuple[str, ...]
    sizes: tuple[DemoSize, ...]
    stock: int
    """How many of each variant are made in one batch."""
    tags: tuple[str, ...]
    members_only: bool
    opens: DemoOpening | None

    def alt(self, glaze: str) -> str:
        return f"{self.title}: {self.look}, in {GLAZE_WORDS[glaze]}"

    def sku(self, glaze: str, size: DemoSize) -> str:
        words = [word[:3] for word in self.slug.split("-")]
        tail = f"-{self.sizes.index(size) + 1}" if len(self.sizes) > 1 else ""
        return "-".join(["K", "".join(words), glaze[:3]]).upper() + tail

    def picture(self, glaze: str) -> Path:
        return KILN / "pictures" / f"{self.slug}-{glaze.lower()}.webp"


@dataclass(frozen=True)
class DemoCollection:
    slug: str
    title: str
    description: str
    wares: tuple[DemoProduct, ...]


def shelves() -> tuple[DemoCollection, ...]:
    return tuple(_shelf(path) for path in sorted((KILN / "shelves").glob("*.toml")))


@cache
def discontinued() -> frozenset[str]:
    """The slugs of what is sold out and not made any more."""
    return frozenset(ware.slug for shelf in shelves() for ware in shelf.wares if ware.stock == 0)


def _shelf(path: Path) -> DemoCollection:
    said = tomllib.loads(path.read_text(encoding="utf-8"))
    wares = tuple(_ware(ware) for ware in said["product"])
    return DemoCollection(said["slug"], said["title"], said["description"], wares)


def _ware(said: dict[str, Any]) -> DemoProduct:
    return DemoProduct(
        slug=said["slug"],
        title=said["title"],
        kind=said["kind"],
        description=said["description"].strip(),
        shape=said["shape"],
        look=said["look"],
        glazes=tuple(said["glazes"]),
        sizes=tuple(_size(size) for size in said["sizes"]),
        stock=said["stock"],
        tags=tuple(said["tags"]),
        members_only=said.get("members_only", False),
        opens=DemoOpening(**said["opens"]) if "opens" in said else None,
    )


def _size(said: dict[str, Any]) -> DemoSize:
    was, cost = (Money.parse(said[name], CURRENCY).amount if name in said else None for name in ("was", "cost"))
    return DemoSize(said["name"], Money.parse(said["price"], CURRENCY).amount, was, cost, said["grams"])
