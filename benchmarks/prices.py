"""The cost of price rules and a large catalogue for a member's list, in this process and without a database.

`python -m benchmarks.prices`. A list is a page of 24 cards. "drawn anew" has no cached list, as for the first visitor
after a change; "kept" is every visitor after that. Rounds of the two sides alternate.
"""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

from components.catalog import product_list
from components.catalog.product_list import PAGE, BrowseQuery
from components.catalog.scopes import Scope
from components.catalog.search.search_index import SearchIndex
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Access
from components.pricing.price_context import PriceContext
from components.pricing.rules import PriceRule
from web.shop.products import cards
from web.shop.viewer import Viewer

AT = datetime(2027, 3, 1, 12, tzinfo=UTC)
ROUNDS, TIMES = 30, 10
FEW, MANY = 100, 100_000
COLLECTIONS = [UUID(int=10**6 + n) for n in range(10)]
AIMS = {"rules": 1.2, "products": 1.3}


def main() -> None:
    small, large = _snapshot(FEW), _snapshot(MANY)
    one, twenty = _look(_rules(1)), _look(_rules(20))
    _tell("a member's list, 20 rules ÷ 1, drawn anew", small, (one, twenty), AIMS["rules"], _anew)
    _tell("a member's list, 20 rules ÷ 1, kept", small, (one, twenty), AIMS["rules"], _cached)
    for name, ask in (("drawn anew", _anew), ("kept", _cached)):
        ratio, few, many = _ratio(lambda ask=ask: ask(small, twenty), lambda ask=ask: ask(large, twenty))
        _print(f"a member's list, {MANY:,} products ÷ {FEW}, {name}", ratio, few, many, AIMS["products"])
    ratio, few, many = _ratio(lambda: _searched(small, twenty), lambda: _searched(large, twenty))
    _print(f"a search for two words, {MANY:,} products ÷ {FEW}, drawn anew", ratio, few, many, AIMS["products"])


def _tell(name: str, snapshot: Snapshot, looks: tuple[Viewer, Viewer], aim: float, ask: Callable[..., None]) -> None:
    ratio, one, other = _ratio(lambda: ask(snapshot, looks[0]), lambda: ask(snapshot, looks[1]))
    _print(name, ratio, one, other, aim)


def _print(name: str, ratio: float, one: float, other: float, aim: float) -> None:
    said = "reached" if ratio <= aim else "short of it"
    print(f"{name:60}{ratio:6.2f}   {one * 1e3:7.3f} ms → {other * 1e3:7.3f} ms   (aim {aim}: {said})")


def _ratio(one: Callable[[], None], other: Callable[[], None]) -> tuple[float, float, float]:
    """The medians of both, and the second by the first."""
    one(), other()
    spans: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for ask, found in zip((one, other), spans, strict=True):
            began = time.perf_counter()
            for _ in range(TIMES):
                ask()
            found.append((time.perf_counter() - began) / TIMES)
    first, second = map(statistics.median, spans)
    return second / first, first, second


def _anew(snapshot: Snapshot, viewer: Viewer) -> None:
    cards._shelves.clear()
    _cached(snapshot, viewer)


def _cached(snapshot: Snapshot, viewer: Viewer) -> None:
    found = product_list.browse(snapshot, BrowseQuery(page=2), viewer.access, viewer.at)
    cards.card_grid(found.products, viewer)


def _searched(snapshot: Snapshot, viewer: Viewer) -> None:
    """A search by words alone is not cached; a page of 24 is found in either catalogue."""
    cards._shelves.clear()
    found = product_list.browse(snapshot, BrowseQuery(words="heavy mat"), viewer.access, viewer.at)
    assert len(found.products) == PAGE
    cards.card_grid(found.products, viewer)


def _look(rules: list[PriceRule]) -> Viewer:
    held = PriceContext.of(rules)
    return Viewer(held, held, Access.NONE, Access.NONE, AT)


def _rules(number: int) -> list[PriceRule]:
    """A tenth off everything, then rules of every kind over collections."""
    found = [PriceRule(UUID(int=1), "10% off everything", Scope("everything"), "percent", 1000)]
    for n in range(1, number):
        scope = Scope("collection", frozenset({COLLECTIONS[n % len(COLLECTIONS)]}))
        kind, value = (("percent", 500 + n), ("amount", 100 + n), ("explicit", 2300 - n))[n % 3]
        found.append(PriceRule(UUID(int=n + 1), f"Rule {n}", scope, kind, value))  # type: ignore[arg-type]
    return found


def _snapshot(number: int) -> Snapshot:
    products = [_product(n) for n in range(number)]
    snapshot = Snapshot.of(products, (), SearchIndex.of(products), version=1)
    snapshot.shelf(None, "shelf")
    return snapshot


def _product(number: int) -> ProductView:
    among = frozenset({COLLECTIONS[number % len(COLLECTIONS)]})
    variant = VariantView(
        id=UUID(int=2 * 10**9 + number), product_id=UUID(int=10**9 + number), sku=f"S{number}", title="", options=(),
        price=2000 + number % 50 * 10, compare_at=None, sales=(), available=9, needs_delivery=True, is_taxable=True,
        collection_ids=among,
    )  # fmt: skip
    return ProductView(
        id=variant.product_id, slug=f"piece-{number}", title=f"Piece {number}", description=_said_of(number),
        vendor="Kiln", kind="Mug", tags=(), option_names=(), public_from=None, members_only=False, position=number,
        created_at=AT, variants=(variant,), pictures=(), collection_ids=among, stamp=1,
    )  # fmt: skip


def _said_of(number: int) -> str:
    """Each of these words is in the texts of every second product, or of every fourth."""
    weight, finish = ("Heavy", "Light")[number % 2], ("matt", "glossy")[number // 2 % 2]
    return f"{weight} and {finish}, made number {number}."


if __name__ == "__main__":
    main()
