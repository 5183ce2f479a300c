"""What delivery costs: always the list fee less what a benefit or a threshold takes off, never a hidden zero.

Every threshold is an amount as the shop's prices are typed, and is compared with goods at those prices. A method that
is free for everybody looks at everybody's prices; a benefit at these or at the price paid, whichever is more, so that
no member price makes delivery dearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from components.foundation.languages.words import _


@dataclass(frozen=True, slots=True)
class DeliveryChoice:
    """The chosen delivery method. `fee` in minor units; free for everybody from `free_from` worth of goods.

    `bands` are pairs of where they begin and their fee, in ascending order: by the price of the goods, or by their
    weight in grams, as `basis` says.
    """

    id: UUID
    name: str
    fee: int
    free_from: int | None = None
    basis: str = "flat"
    bands: tuple[tuple[int, int], ...] = ()

    def fee_for(self, *, price: int, weight: int) -> int:
        measure = weight if self.basis == "weight" else price
        return next((fee for begin, fee in reversed(self.bands) if measure >= begin), self.fee)


@dataclass(frozen=True, slots=True)
class DeliveryBenefit:
    """Free delivery by the named methods (any when none is named) from `threshold` worth of goods."""

    id: UUID
    words: str
    methods: frozenset[UUID] = frozenset()
    threshold: int = 0

    def covers(self, choice: DeliveryChoice) -> bool:
        return not self.methods or choice.id in self.methods


@dataclass(frozen=True, slots=True)
class DeliveryCharge:
    """Minor units; `charged` = `listed` less `saved`. `short_by` is the amount missing for free delivery."""

    listed: int
    saved: int
    because: Literal["benefit", "threshold", "coupon", ""] = ""
    words: str = ""
    benefit_id: UUID | None = None
    short_by: int | None = None

    @property
    def charged(self) -> int:
        return self.listed - self.saved

    @property
    def member_saving(self) -> int:
        return self.saved if self.because == "benefit" else 0


NO_DELIVERY = DeliveryCharge(0, 0)


def charge(
    choice: DeliveryChoice,
    benefit: DeliveryBenefit | None,
    *,
    goods: int,
    regular: int,
    coupon: str | None = None,
) -> DeliveryCharge:
    """Both bases in the shop's prices, in minor units: the price paid for the goods, and everybody's price of them.

    `coupon` is the text of one that makes delivery free. It is used only where nothing else does that.
    """
    if choice.free_from is not None and regular >= choice.free_from:
        return DeliveryCharge(choice.fee, choice.fee, "threshold", _("Free: %(method)s", method=choice.name))
    worth = max(goods, regular)
    if benefit and benefit.covers(choice) and worth >= benefit.threshold:
        return DeliveryCharge(choice.fee, choice.fee, "benefit", benefit.words, benefit.id)
    if coupon is not None:
        return DeliveryCharge(choice.fee, choice.fee, "coupon", coupon)
    missing = [] if choice.free_from is None else [choice.free_from - regular]
    if benefit and benefit.covers(choice):
        missing.append(benefit.threshold - worth)
    return DeliveryCharge(choice.fee, 0, short_by=min(missing, default=None) if choice.fee else None)
