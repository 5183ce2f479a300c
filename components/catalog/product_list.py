"""Browsing and searching for one visitor: the products visible to them now, filtered, sorted and paged."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, islice
from uuid import UUID

from components.catalog.search.sort_indexes import SORTS
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.views import CollectionView, ProductView
from components.catalog.visibility import Access
from components.foundation import paging

PAGE = 24
KEPT_LISTS = 300


@dataclass(frozen=True, slots=True)
class BrowseQuery:
    """The filters and order of a product list; "shelf" is the order that its collection begins with.

    `least` and `most` are inclusive bounds, in minor units, on a guest's price.
    """

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

    @property
    def looks_closer(self) -> bool:
        """Whether the filters need each product to be checked."""
        by_price = self.least is not None or self.most is not None
        return by_price or self.in_stock or (bool(self.words) and self.collection_id is not None)


@dataclass(frozen=True, slots=True)
class ProductListPage:
    products: tuple[ProductView, ...]
    total: int
    number: int
    pages: int


_lists: OrderedDict[tuple[object, ...], tuple[UUID, ...]] = OrderedDict()


def browse(snapshot: Snapshot, browsing: BrowseQuery, access: Access, at: datetime) -> ProductListPage:
    """One page of what this access can see at this instant; a page number past the end gives the last page."""
    hidden = snapshot.hidden(access, at)
    browsing = _in_own_order(snapshot, browsing)
    if browsing.looks_closer:
        ids = _listed(snapshot, browsing, hidden, at)
        return _page(snapshot, browsing, len(ids), iter(ids))
    if browsing.words:
        found = snapshot.found(browsing.words, without=hidden)
        return _page(snapshot, browsing, found.total, found.ids())
    shelf = snapshot.shelf(browsing.collection_id, browsing.sort)
    total = len(shelf.entries) - sum(_is_in(browsing.collection_id, snapshot.product_by_id(id)) for id in hidden)
    seen = (id for id in _arranged(snapshot, browsing) if id not in hidden)
    return _page(snapshot, browsing, total, seen)


def _in_own_order(snapshot: Snapshot, browsing: BrowseQuery) -> BrowseQuery:
    """A collection's list begins with the order that it was given."""
    collection = snapshot.collection_by_id(browsing.collection_id) if browsing.sort == "shelf" else None
    return replace(browsing, sort=collection.sort) if collection and collection.sort in SORTS else browsing


def _arranged(snapshot: Snapshot, browsing: BrowseQuery) -> Iterator[UUID]:
    """Every product of the list, hidden ones too: what staff arranged in this collection before the rest."""
    shelf, order = snapshot.shelf(browsing.collection_id, browsing.sort), _order(snapshot, browsing)
    if not order:
        return iter(shelf)
    first = [id for id in order if _is_in(browsing.collection_id, snapshot.product_by_id(id))]
    known = frozenset(first)
    return chain(first, (id for id in shelf if id not in known))


def _order(snapshot: Snapshot, browsing: BrowseQuery) -> tuple[UUID, ...]:
    collection = snapshot.collection_by_id(browsing.collection_id) if browsing.sort == "shelf" else None
    return collection.order if collection else ()


def collections_with_products(snapshot: Snapshot, access: Access, at: datetime) -> tuple[CollectionView, ...]:
    """The listed collections in which this access can see a product; the others stay hidden."""
    listed = (each for each in snapshot.collections if each.is_listed)
    return tuple(each for each in listed if browse(snapshot, BrowseQuery(collection_id=each.id), access, at).total)


def search(snapshot: Snapshot, words: str, access: Access, at: datetime, *, page: int = 1) -> ProductListPage:
    """Products that contain every one of these words, best first."""
    return browse(snapshot, BrowseQuery(words=words.strip() or "-", page=page), access, at)


def _page(snapshot: Snapshot, browsing: BrowseQuery, total: int, ids: Iterator[UUID]) -> ProductListPage:
    number = paging.within(browsing.page, total, PAGE)
    shown = (snapshot.product_by_id(id) for id in islice(ids, (number - 1) * PAGE, number * PAGE))
    return ProductListPage(
        tuple(product for product in shown if product is not None), total, number, paging.last(total, PAGE)
    )


def _listed(snapshot: Snapshot, browsing: BrowseQuery, hidden: frozenset[UUID], at: datetime) -> tuple[UUID, ...]:
    """Cached until a product moves, stock changes (where it matters), or something opens."""
    filters = (browsing.collection_id, browsing.least, browsing.most, browsing.in_stock, browsing.sort, browsing.words)
    as_of = snapshot.version if browsing.in_stock else snapshot.arrangement
    key = (as_of, filters, hidden, snapshot.era(Access.NONE, at), _order(snapshot, browsing))
    if key in _lists:
        _lists.move_to_end(key)
        return _lists[key]
    listed = tuple(product.id for product in _wanted(snapshot, browsing, hidden, at))
    _lists[key] = listed
    if len(_lists) > KEPT_LISTS:
        _lists.popitem(last=False)
    return listed


def _wanted(snapshot: Snapshot, browsing: BrowseQuery, hidden: frozenset[UUID], at: datetime) -> Iterable[ProductView]:
    if browsing.words:
        ids: Iterable[UUID] = snapshot.found(browsing.words, without=hidden).ids()
    else:
        ids = (id for id in _arranged(snapshot, browsing) if id not in hidden)
    for id in ids:
        product = snapshot.product_by_id(id)
        if product is not None and _is_in(browsing.collection_id, product) and _suits(product, browsing, at):
            yield product


def _suits(product: ProductView, browsing: BrowseQuery, at: datetime) -> bool:
    if browsing.in_stock and not product.is_in_stock:
        return False
    if browsing.least is None and browsing.most is None:
        return True
    price = product.lead.price_at(at)
    return (browsing.least or 0) <= price and (browsing.most is None or price <= browsing.most)


def _is_in(collection_id: UUID | None, product: ProductView | None) -> bool:
    return product is not None and (collection_id is None or collection_id in product.collection_ids)
