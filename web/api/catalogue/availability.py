"""The availability of a product or one variant for the caller, included with every product and variant."""

from datetime import datetime
from typing import Literal

import msgspec

from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Availability, PurchaseStatus
from web.shop.viewer import Viewer

State = Literal["open", "not yet", "members only", "unannounced"]


class Selling(msgspec.Struct, frozen=True, kw_only=True):
    """`opens_at` is the first instant the caller may buy it; `is_early`: before general sale.

    `for_members` is the state for a member, `opens_at_for_members` the first instant for members.
    """

    state: State
    opens_at: datetime | None
    public_from: datetime | None
    is_early: bool
    for_members: State
    opens_at_for_members: datetime | None

    @classmethod
    def of(cls, seen: Availability, product: ProductView, viewer: Viewer) -> "Selling":
        club = viewer.club_standing(product)
        return cls(
            state=_state(seen.why),
            opens_at=seen.opens_at,
            public_from=seen.public_from,
            is_early=seen.is_early,
            for_members=_state(club.why),
            opens_at_for_members=club.opens_at,
        )


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """`available` is None when the stock is unlimited."""

    in_stock: bool
    available: int | None

    @classmethod
    def of(cls, variant: VariantView) -> "Stock":
        return cls(in_stock=variant.is_in_stock, available=variant.available)


def _state(why: PurchaseStatus) -> State:
    return why.value
