"""The catalogue in each sort order of the product list, kept sorted while products change."""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from heapq import merge
from typing import Any
from uuid import UUID

from components.catalog.views import ProductView
from components.foundation.languages.words import N_

Key = tuple[Any, ...]
Entry = tuple[Key, int, UUID]
AT_ONCE = 2_000
"""A sort holds the interpreter until it is done, even in a thread: more than these are sorted piece by piece."""

SORTS: dict[str, tuple[str, Callable[[ProductView], Key]]] = {
    "shelf": (N_("Featured"), lambda product: (product.position, product.title.casefold())),
    "new": (N_("Newest"), lambda product: (-(product.public_from or product.created_at).timestamp(),)),
    "price": (N_("Price, low to high"), lambda product: (product.lead.price,)),
    "price-down": (N_("Price, high to low"), lambda product: (-product.lead.price,)),
    "name": (N_("Name"), lambda product: (product.title.casefold(),)),
}


def _entry(product: ProductView, key: Callable[[ProductView], Key]) -> Entry:
    return (key(product), product.id.int, product.id)


def in_order(entries: list[Entry]) -> list[Entry]:
    """Sorted. Nobody waits for more than `AT_ONCE` of them."""
    if len(entries) <= AT_ONCE:
        return sorted(entries)
    pieces = [sorted(entries[begin : begin + AT_ONCE]) for begin in range(0, len(entries), AT_ONCE)]
    return list(merge(*pieces))


def browsing_key(product: ProductView) -> Key:
    """What decides where and when a product is shown: while it stays the same, no sort index changes."""
    dates = (product.public_from, product.members_only, product.boundaries)
    return (product.collection_ids, dates, *(key(product) for _, key in SORTS.values()))


@dataclass(frozen=True)
class SortIndex:
    """All products, or those of a collection, in one order."""

    collection_id: UUID | None
    sort: str
    entries: list[Entry]

    @classmethod
    def of(cls, products: Iterable[ProductView], *, sort: str) -> "SortIndex":
        key = SORTS[sort][1]
        return cls(None, sort, in_order([_entry(product, key) for product in products]))

    def part(self, collection_id: UUID, known: Callable[[UUID], ProductView | None]) -> "SortIndex":
        """Those of this order that are in the collection."""
        found = ((entry, known(entry[2])) for entry in self.entries)
        own = [entry for entry, product in found if product is not None and collection_id in product.collection_ids]
        return SortIndex(collection_id, self.sort, own)

    def __iter__(self) -> Iterator[UUID]:
        return (entry[2] for entry in self.entries)

    def rearranged(self, moves: Iterable[tuple[ProductView | None, ProductView | None]]) -> "SortIndex":
        """The index with each product moved from its old place (if any) to its new one (if any)."""
        key = SORTS[self.sort][1]
        entries = self.entries.copy()
        for before, after in moves:
            if before is not None and self._holds(before):
                entry = _entry(before, key)
                del entries[bisect_left(entries, entry)]
            if after is not None and self._holds(after):
                insort(entries, _entry(after, key))
        return SortIndex(self.collection_id, self.sort, entries)

    def _holds(self, product: ProductView) -> bool:
        return self.collection_id is None or self.collection_id in product.collection_ids
