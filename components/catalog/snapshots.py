"""The whole active catalogue at one version, in this process: readers hold one and never see half a change."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from components.catalog.finding import SearchIndex
from components.catalog.shelves import Shelf, browsing_key
from components.catalog.views import CollectionView, ProductView, VariantView
from components.catalog.visibility import Access, boundaries

KEPT_ANSWERS = 500
REINDEXED_AFTER = 500


@dataclass(frozen=True)
class Snapshot:
    """`version` grows with every change, `arrangement` only when a product's place, words or presence changed."""

    version: int = 0
    arrangement: int = 0
    collections: tuple[CollectionView, ...] = ()
    _products: Mapping[UUID, ProductView] = field(default_factory=dict)
    _slugs: Mapping[str, UUID] = field(default_factory=dict)
    _variants: Mapping[UUID, VariantView] = field(default_factory=dict)
    _index: SearchIndex = field(default_factory=lambda: SearchIndex.of(()))
    _shelves: dict[tuple[UUID | None, str], Shelf] = field(default_factory=dict)
    _answers: "OrderedDict[str, tuple[UUID, ...]]" = field(default_factory=OrderedDict)
    _moments: dict[Access, tuple[datetime, ...]] = field(default_factory=dict)

    @classmethod
    def of(
        cls, products: Iterable[ProductView], collections: tuple[CollectionView, ...], *, version: int
    ) -> "Snapshot":
        by_id = {product.id: product for product in products}
        return cls(
            version=version,
            arrangement=version,
            collections=collections,
            _products=by_id,
            _slugs={product.slug: product.id for product in by_id.values()},
            _variants={variant.id: variant for product in by_id.values() for variant in product.variants},
            _index=SearchIndex.of(by_id.values()),
        )

    @property
    def products(self) -> tuple[ProductView, ...]:
        """Every active product in the shop's own order, the unannounced ones too: ask `visibility` before showing."""
        return tuple(self._products[id] for id in self.shelf(None, "shelf").ids())

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

    def shelf(self, collection_id: UUID | None, sort: str) -> Shelf:
        """Sorted when first asked for, kept in order from then on."""
        key = (collection_id, sort)
        if key not in self._shelves:
            self._shelves[key] = Shelf.of(self._products.values(), collection_id=collection_id, sort=sort)
        return self._shelves[key]

    def found(self, query: str) -> tuple[UUID, ...]:
        """Ids of products that hold every word of the query, best first."""
        if query not in self._answers:
            self._answers[query] = tuple(self._index.found(query))
            if len(self._answers) > KEPT_ANSWERS:
                self._answers.popitem(last=False)
        return self._answers[query]

    def era(self, access: Access, at: datetime) -> int:
        """The same number for two instants between which nothing opens, goes on sale or comes off it."""
        if access not in self._moments:
            found = {moment for p in self._products.values() for moment in (*p.boundaries, *boundaries(p, access))}
            self._moments[access] = tuple(sorted(found))
        return bisect_right(self._moments[access], at)

    def changed(
        self,
        moves: Mapping[UUID, ProductView | None],
        collections: tuple[CollectionView, ...],
        *,
        version: int,
    ) -> "Snapshot":
        """The next snapshot, with these products replaced, added or (None) gone."""
        pairs = [(self._products.get(id), after) for id, after in moves.items()]
        products, slugs, variants = dict(self._products), dict(self._slugs), dict(self._variants)
        for before, after in pairs:
            if before is not None:
                products.pop(before.id)
                slugs.pop(before.slug, None)
                for variant in before.variants:
                    variants.pop(variant.id, None)
            if after is not None:
                products[after.id] = after
                slugs[after.slug] = after.id
                variants.update((variant.id, variant) for variant in after.variants)
        moved = [(before, after) for before, after in pairs if _is_elsewhere(before, after)]
        return Snapshot(
            version=version,
            arrangement=version if moved else self.arrangement,
            collections=collections,
            _products=products,
            _slugs=slugs,
            _variants=variants,
            _index=self._reindexed(products, moved) if moved else self._index,
            _shelves={key: shelf.rearranged(moved) for key, shelf in self._shelves.items()} if moved else self._shelves,
            _answers=OrderedDict() if moved else self._answers,
            _moments={} if moved else self._moments,
        )

    def _reindexed(
        self, products: dict[UUID, ProductView], moved: list[tuple[ProductView | None, ProductView | None]]
    ) -> SearchIndex:
        ids = self._index.moved | {view.id for pair in moved for view in pair if view is not None}
        if len(ids) > max(REINDEXED_AFTER, len(products) // 20):
            return SearchIndex.of(products.values())
        return self._index.changed(ids, (products[id] for id in ids if id in products))


def _is_elsewhere(before: ProductView | None, after: ProductView | None) -> bool:
    if before is None or after is None:
        return before is not after
    return browsing_key(before) != browsing_key(after) or _wording(before) != _wording(after)


def _wording(product: ProductView) -> tuple[object, ...]:
    variants = tuple((variant.options, variant.sku) for variant in product.variants)
    return (product.title, product.description, product.vendor, product.kind, product.tags, variants)
