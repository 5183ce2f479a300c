"""What is often bought together with a product, or with what is in a basket: the same for everybody who sees and pays
the same, with nothing personal in it."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from uuid import UUID

from markupsafe import Markup

from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView
from components.recommendations import personal_choices, product_pairs
from components.recommendations.personal_choices import ChoiceGate
from web.shop.products import cards
from web.shop.viewer import Viewer

MOST = 4


async def with_product(product: ProductView, viewer: Viewer) -> Markup | None:
    """None where nothing is bought together with it often enough, that this visitor may see and buy."""
    found = _open(await product_pairs.others(product.id), viewer, without=(product.id,))
    return cards.card_grid(found, viewer, level="h3") if found else None


async def with_basket(products: Sequence[UUID], viewer: Viewer) -> Markup | None:
    """The best of each product in turn, without what is in the basket already."""
    own = tuple(dict.fromkeys(products))
    if not own:
        return None
    found = _open(tuple(_in_turns(await product_pairs.others_of(own))), viewer, without=own)
    return cards.card_grid(found, viewer, level="h3") if found else None


def _in_turns(each: Sequence[Sequence[UUID]]) -> Iterator[UUID]:
    every = (id for round_ in zip_longest(*each) for id in round_ if id is not None)
    return iter(dict.fromkeys(every))


def _open(others: Sequence[UUID], viewer: Viewer, *, without: Sequence[UUID]) -> tuple[ProductView, ...]:
    gate = ChoiceGate(snapshot_refresh.snapshot(), viewer.access, viewer.at, without=frozenset(without))
    return personal_choices.together(others, gate, most=MOST)
