"""Browsing and searching for one visitor: what of the catalogue she sees now, filtered, sorted and cut into pages."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.catalog import visibility
from components.catalog.shelves import SORTS
from components.catalog.snapshots import Snapshot
from components.catalog.views import ProductView
from components.catalog.visibility import Access

PAGE = 24
KEPT_LISTS = 300


@dataclass(frozen=True, slots=True)
class Browsing:
    """What a visitor asks of the list. `least` and `most`, in minor units and included, bound what a guest pays."""

    collection_id: UUID | None = None
    least: int | None = None
    most: int | None = None
    in_stock: bool = False
    sort: str = "shelf"
    page: int = 1
    words: str = ""

    def __post_init__(self) -> None:
        if self.sort not in SORTS:
            object.__setattr__(self, "sort", "shelf")


@dataclass(frozen=True, slots=True)
class Page:
    products: tuple[ProductView, ...]
    total: int
    number: int
    pages: int


_lists: OrderedDict[tuple[object, ...], tuple[UUID, ...]] = OrderedDict()


def browse(snapshot: Snapshot, browsing: Browsing, access: Access, at: datetime) -> Page:
    """One page of what this access sees at this instant; a page number past the end is the last page."""
    ids = _listed(snapshot, browsing, access, at)
    pages = max(1, -(-len(ids) // PAGE))
    number = min(max(browsing.page, 1), pages)
    shown = (snapshot.product_by_id(id) for id in ids[(number - 1) * PAGE : number * PAGE])
    return Page(tuple(product for product in shown if product is not None), len(ids), number, pages)


def search(snapshot: Snapshot, words: str, access: Access, at: datetime, *, page: int = 1) -> Page:
    """Products holding every one of these words, best first."""
    return browse(snapshot, Browsing(words=words.strip(), page=page), access, at)


def _listed(snapshot: Snapshot, browsing: Browsing, access: Access, at: datetime) -> tuple[UUID, ...]:
    """Kept until a product moves, or (when it matters) stock changes, or an instant passes at which something opens."""
    filters = (browsing.collection_id, browsing.least, browsing.most, browsing.in_stock, browsing.sort, browsing.words)
    as_of = snapshot.version if browsing.in_stock else snapshot.arrangement
    key = (as_of, filters, access, snapshot.era(access, at))
    if key in _lists:
        _lists.move_to_end(key)
        return _lists[key]
    listed = tuple(product.id for product in _wanted(snapshot, browsing, at) if _is_seen(product, access, at))
    _lists[key] = listed
    if len(_lists) > KEPT_LISTS:
        _lists.popitem(last=False)
    return listed


def _is_seen(product: ProductView, access: Access, at: datetime) -> bool:
    return visibility.standing(product, access, at).is_visible


def _wanted(snapshot: Snapshot, browsing: Browsing, at: datetime) -> Iterable[ProductView]:
    for product in _candidates(snapshot, browsing):
        if browsing.in_stock and not product.is_in_stock:
            continue
        if browsing.least is not None or browsing.most is not None:
            price = product.lead.price_at(at)
            if price < (browsing.least or 0) or (browsing.most is not None and price > browsing.most):
                continue
        yield product


def _candidates(snapshot: Snapshot, browsing: Browsing) -> Iterable[ProductView]:
    if browsing.words:
        ids: Iterable[UUID] = snapshot.found(browsing.words)
    else:
        ids = snapshot.shelf(browsing.collection_id, browsing.sort).ids()
    for id in ids:
        product = snapshot.product_by_id(id)
        if product is not None and _is_in(browsing.collection_id, product):
            yield product


def _is_in(collection_id: UUID | None, product: ProductView) -> bool:
    return collection_id is None or collection_id in product.collection_ids
