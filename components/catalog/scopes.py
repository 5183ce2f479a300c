"""The part of the catalogue that a benefit or a price rule applies to."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast
from uuid import UUID

from components.catalog.views import ProductView, VariantView

Kind = Literal["everything", "collection", "product", "variant"]


@dataclass(frozen=True, slots=True)
class Scope:
    kind: Kind
    ids: frozenset[UUID] = frozenset()

    def covers(self, variant: VariantView) -> bool:
        match self.kind:
            case "everything":
                return True
            case "collection":
                return not self.ids.isdisjoint(variant.collection_ids)
            case "product":
                return variant.product_id in self.ids
            case "variant":
                return variant.id in self.ids

    def touches(self, product: ProductView) -> bool:
        """Whether any variant of the product is covered."""
        return any(self.covers(variant) for variant in product.variants)


EVERYTHING = Scope("everything")


def stored_scope(kind: str, ids: Iterable[UUID]) -> Scope:
    """The scope stored in a row; its table's CHECK allows no other kind."""
    return Scope(cast(Kind, kind), frozenset(ids))
