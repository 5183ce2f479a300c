"""Which products sections of the home page show, those first that this visitor can buy now."""

from collections.abc import Container, Iterable, Sequence
from uuid import UUID

from components.catalog import product_list
from components.catalog.product_list import BrowseQuery
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView
from web.shop.products import cards
from web.shop.viewer import Viewer

PAGES_SEEN = 3
"""How many pages of the newest are looked through for what can be bought."""


def newest(viewer: Viewer, most: int, without: Container[UUID] = ()) -> Sequence[ProductView]:
    """The newest, those that this visitor can buy now before the rest."""
    seen: list[ProductView] = []
    for number in range(1, PAGES_SEEN + 1):
        asked = BrowseQuery(sort="new", page=number)
        found = product_list.browse(snapshot_refresh.snapshot(), asked, viewer.access, viewer.at)
        seen += (product for product in found.products if product.id not in without)
        if number >= found.pages or sum(_can_be_bought(product, viewer) for product in seen) >= most:
            break
    return buyable_first(seen, viewer)[:most]


def ids_of(products: Iterable[ProductView]) -> tuple[UUID, ...]:
    return tuple(product.id for product in products)


def buyable_first(products: Sequence[ProductView], viewer: Viewer) -> Sequence[ProductView]:
    return sorted(products, key=lambda product: not _can_be_bought(product, viewer))


def _can_be_bought(product: ProductView, viewer: Viewer) -> bool:
    is_open = viewer.standing(product).is_buyable
    return is_open and cards.is_in_stock(product, cards.lead_variant(product, viewer), viewer)
