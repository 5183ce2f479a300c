"""How a product or one variant of it stands for whoever asks: said of everything that is named."""

from datetime import datetime
from typing import Literal

import msgspec

from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Availability, PurchaseStatus
from web.shop.viewer import Viewer

State = Literal["open", "not yet", "members only", "unannounced"]


class Selling(msgspec.Struct, frozen=True, kw_only=True):
    """`opens_at` is the first instant at which whoever asks may buy it; `is_early`: before everybody else.

    `for_members` is the state for somebody in the club, `opens_at_for_members` their first instant.
    """

    state: State
    opens_at: datetime | None
    public_from: datetime | None
    is_early: bool
    for_members: State
    opens_at_for_members: datetime | None

    @classmethod
    def of(cls, seen: Availability, product: ProductView, look: Viewer) -> "Selling":
        club = look.club_standing(product)
        return cls(
            state=_state(seen.why),
            opens_at=seen.opens_at,
            public_from=seen.public_from,
            is_early=seen.is_early,
            for_members=_state(club.why),
            opens_at_for_members=club.opens_at,
        )


class Stock(msgspec.Struct, frozen=True, kw_only=True):
    """`available` is None when the shop never runs out of it."""

    in_stock: bool
    available: int | None

    @classmethod
    def of(cls, variant: VariantView) -> "Stock":
        return cls(in_stock=variant.is_in_stock, available=variant.available)


def _state(why: PurchaseStatus) -> State:
    return why.value
