"""Gifts as shown in a basket: the choices, the chosen variant, and whether it is available. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.catalog import visibility
from components.catalog.snapshot.snapshots import Snapshot
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Access, Availability
from components.foundation.languages.words import N_, _
from components.pricing.free_gift_price import FreeBecause
from components.pricing.quotes import QuoteLine
from components.rewards.free_products import WaitingGift

SOLD_OUT = N_("Currently sold out. We’ll keep it here for you.")


@dataclass(frozen=True, slots=True)
class GiftChoice:
    """A variant that may be chosen as the gift; `is_there` while one is in stock."""

    variant: VariantView
    product: ProductView
    is_there: bool


@dataclass(frozen=True, slots=True)
class BasketGift:
    """`chosen` is in the basket for free; without it the gift is unclaimed, to be chosen from `pieces`."""

    gift: WaitingGift
    pieces: tuple[GiftChoice, ...]
    chosen: GiftChoice | None

    @property
    def is_chosen(self) -> bool:
        return self.chosen is not None

    @property
    def words(self) -> str:
        """Why it is not available at the moment."""
        return _(SOLD_OUT) if self.chosen is not None and not self.chosen.is_there else ""

    @property
    def line(self) -> QuoteLine | None:
        """The free line, if it is chosen and available."""
        if self.chosen is None or not self.chosen.is_there:
            return None
        because = FreeBecause(self.gift.id, self.gift.benefit_id, self.gift.words)
        return QuoteLine(self.chosen.variant, self.chosen.product.title, 1, because)


def basket_gifts(
    gifts: tuple[WaitingGift, ...], *, snapshot: Snapshot, taken: Mapping[UUID, int], access: Access, at: datetime
) -> tuple[BasketGift, ...]:
    """`taken` are the units of each variant already in the basket; each chosen gift takes one more.

    A variant that this access cannot see yet is not offered, and none is given before it is open.
    """
    left, found = dict(taken), []
    for gift in gifts:
        seen = {one: _seen(one, snapshot, access, at) for one in gift.offered}
        pieces = tuple(piece for one in gift.offered if (piece := _piece(one, gift, snapshot, left, seen[one], at)))
        chosen = next((piece for piece in pieces if piece.variant.id == gift.chosen), None)
        if chosen is not None:
            left[chosen.variant.id] = left.get(chosen.variant.id, 0) + 1
        if pieces:
            found.append(BasketGift(gift, pieces, chosen))
    return tuple(found)


def _seen(variant_id: UUID, snapshot: Snapshot, access: Access, at: datetime) -> Availability | None:
    variant = snapshot.variant(variant_id)
    product = snapshot.product_by_id(variant.product_id) if variant else None
    return visibility.availability_of(product, variant, access, at) if variant and product else None


def _piece(
    variant_id: UUID,
    gift: WaitingGift,
    snapshot: Snapshot,
    taken: Mapping[UUID, int],
    seen: Availability | None,
    at: datetime,
) -> GiftChoice | None:
    variant = snapshot.variant(variant_id)
    product = snapshot.product_by_id(variant.product_id) if variant else None
    if variant is None or product is None or seen is None or not seen.is_visible:
        return None
    reserved = 1 if gift.order_id is not None and gift.chosen == variant_id else 0
    is_early = visibility.is_before_everybody(product, at)
    available = variant.available_early if is_early else variant.available
    is_there = available is None or available + reserved > taken.get(variant_id, 0)
    return GiftChoice(variant, product, is_there and seen.may_be_given)
