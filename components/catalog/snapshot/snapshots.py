"""The whole active catalogue at one version, in this process: a reader that holds one never sees a partial change."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from components.catalog import visibility
from components.catalog.search.search_index import SearchHits, SearchIndex
from components.catalog.search.sort_indexes import SORTS, SortIndex, browsing_key
from components.catalog.snapshot.overlay_map import OverlayMap
from components.catalog.views import CollectionView, ProductView, VariantView
from components.catalog.visibility import Access

REINDEXED_AFTER = 500
FEW = 20
Move = tuple[ProductView | None, ProductView | None]


@dataclass(frozen=True)
class Snapshot:
    """`version` grows with every change, `arrangement` only when a product's place, text or presence changed."""

    version: int = 0
    arrangement: int = 0
    collections: tuple[CollectionView, ...] = ()
    _products: OverlayMap[UUID, ProductView] = field(default_factory=lambda: OverlayMap({}))
    _slugs: OverlayMap[str, UUID] = field(default_factory=lambda: OverlayMap({}))
    _variants: OverlayMap[UUID, VariantView] = field(default_factory=lambda: OverlayMap({}))
    _dated: OverlayMap[UUID, ProductView] = field(default_factory=lambda: OverlayMap({}))
    _index: SearchIndex = field(default_factory=SearchIndex)
    _shelves: dict[tuple[UUID | None, str], SortIndex] = field(default_factory=dict)
    _moments: dict[Access, tuple[datetime, ...]] = field(default_factory=dict)
    _hidden: dict[tuple[Access, int], frozenset[UUID]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        products: list[ProductView],
        collections: tuple[CollectionView, ...],
        index: SearchIndex,
        *,
        version: int,
    ) -> Snapshot:
        """Every order is sorted now rather than while a visitor waits; of many products in a thread."""
        made = cls(
            version=version,
            arrangement=version,
            collections=collections,
            _products=OverlayMap({product.id: product for product in products}),
            _slugs=OverlayMap({product.slug: product.id for product in products}),
            _variants=OverlayMap({variant.id: variant for product in products for variant in product.variants}),
            _dated=OverlayMap({product.id: product for product in products if product.is_dated}),
            _index=index,
        )
        for sort in SORTS:
            made.shelf(None, sort)
        return made

    @property
    def products(self) -> tuple[ProductView, ...]:
        """Every active product in the shop's own order, unannounced ones included: check `visibility` before
        showing."""
        shelf = self.shelf(None, "shelf")
        return tuple(product for id in shelf if (product := self._products.get(id)) is not None)

    def __len__(self) -> int:
        return len(self._products)

    def product(self, slug: str) -> ProductView | None:
        product_id = self._slugs.get(slug)
        return None if product_id is None else self._products.get(product_id)

    def product_by_id(self, id: UUID) -> ProductView | None:
        return self._products.get(id)

    def variant(self, id: UUID) -> VariantView | None:
        return self._variants.get(id)

    def collection(self, slug: str) -> CollectionView | None:
        return next((collection for collection in self.collections if collection.slug == slug), None)

    def collection_by_id(self, id: UUID | None) -> CollectionView | None:
        return next((collection for collection in self.collections if collection.id == id), None)

    def shelf(self, collection_id: UUID | None, sort: str) -> SortIndex:
        """Made on first use, then kept in order; a collection's is taken out of that of all."""
        key = (collection_id, sort)
        if key not in self._shelves:
            if collection_id is None:
                self._shelves[key] = SortIndex.of(self._products.values(), sort=sort)
            else:
                self._shelves[key] = self.shelf(None, sort).part(collection_id, self._products.get)
        return self._shelves[key]

    def found(self, query: str, *, without: frozenset[UUID] = frozenset()) -> SearchHits:
        """Products that contain every word of the query, best first, except those in `without`."""
        return self._index.found(query, without=without)

    def era(self, access: Access, at: datetime) -> int:
        """The same number for two instants between which nothing becomes visible, and no sale begins or ends."""
        if access not in self._moments:
            dated = self._dated.values()
            found = {moment for p in dated for moment in (*p.boundaries, *visibility.boundaries(p, access))}
            self._moments[access] = tuple(sorted(found))
        return bisect_right(self._moments[access], at)

    def hidden(self, access: Access, at: datetime) -> frozenset[UUID]:
        """Products that this access cannot see yet."""
        key = (access, self.era(access, at))
        if key not in self._hidden:
            unseen = (p for p in self._dated.values() if not visibility.product_availability(p, access, at).is_visible)
            self._hidden[key] = frozenset(product.id for product in unseen)
        return self._hidden[key]

    def changed(
        self,
        moves: Mapping[UUID, ProductView | None],
        collections: tuple[CollectionView, ...],
        *,
        version: int,
    ) -> Snapshot:
        """The next snapshot, with these products replaced, added or (None) removed.

        May be called in a thread while this one is read: what is added here on first use meanwhile is found anew there.
        """
        pairs: list[Move] = [(self._products.get(id), after) for id, after in moves.items()]
        moved = [pair for pair in pairs if _is_elsewhere(*pair)]
        products = self._products.with_changes(moves)
        return Snapshot(
            version=version,
            arrangement=version if moved else self.arrangement,
            collections=collections,
            _products=products,
            _slugs=self._slugs.with_changes(_slug_changes(pairs)),
            _variants=self._variants.with_changes(_variant_changes(pairs)),
            _dated=self._dated.with_changes(
                {id: after if after is not None and after.is_dated else None for id, after in moves.items()}
            ),
            _index=self._reindexed(products, moved) if moved else self._index,
            _shelves={key: shelf.rearranged(moved) for key, shelf in tuple(self._shelves.items())}
            if moved
            else self._shelves,
            _moments={} if moved else self._moments,
            _hidden={} if moved else self._hidden,
        )

    def is_much_to_change(self, moves: Mapping[UUID, ProductView | None]) -> bool:
        """Whether `changed` takes more than a few milliseconds: it orders and words anew what earlier changes moved
        too, and at times everything."""
        if len(moves) > FEW:
            return True
        is_moved = any(_is_elsewhere(self._products.get(id), after) for id, after in moves.items())
        return is_moved and len(self._index.moved) + len(moves) > FEW

    def _reindexed(self, products: OverlayMap[UUID, ProductView], moved: list[Move]) -> SearchIndex:
        ids = self._index.moved | {view.id for pair in moved for view in pair if view is not None}
        if len(ids) > max(REINDEXED_AFTER, len(self._index.settled.ids) // 20):
            return SearchIndex.of(products.values())
        return self._index.changed(ids, (view for id in ids if (view := products.get(id)) is not None))


def _slug_changes(pairs: Iterable[Move]) -> dict[str, UUID | None]:
    gone: dict[str, UUID | None] = {before.slug: None for before, _ in pairs if before is not None}
    return gone | {after.slug: after.id for _, after in pairs if after is not None}


def _variant_changes(pairs: Iterable[Move]) -> dict[UUID, VariantView | None]:
    gone: dict[UUID, VariantView | None] = {v.id: None for before, _ in pairs if before for v in before.variants}
    return gone | {variant.id: variant for _, after in pairs if after is not None for variant in after.variants}


def _is_elsewhere(before: ProductView | None, after: ProductView | None) -> bool:
    if before is None or after is None:
        return before is not after
    return browsing_key(before) != browsing_key(after) or _wording(before) != _wording(after)


def _wording(product: ProductView) -> tuple[object, ...]:
    variants = tuple((variant.options, variant.sku) for variant in product.variants)
    return (product.title, product.description, product.vendor, product.kind, product.tags, variants)
