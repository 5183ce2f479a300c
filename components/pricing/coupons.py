"""A coupon: a code that takes a percentage or an amount off the goods it is for, or makes delivery free. Pure.

It starts from the price that everybody pays at that instant, a sale included, and never touches a gift. One that stacks
comes on top of member prices. One that does not is set against them line by line, and the lower of the two is paid.
The minimum looks at the goods it is for at everybody's prices, so that a member price never costs somebody a coupon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from components.foundation.money import share_of
from components.pricing.prices import Price
from components.pricing.spreading import spread
from components.pricing.traces import Step

if TYPE_CHECKING:
    from components.catalog import Scope, VariantView

Way = Literal["percent", "amount", "free_delivery"]


@dataclass(frozen=True, slots=True)
class Coupon:
    """`value` is basis points off (percent) or minor units off (amount); `minimum` in minor units as shown."""

    id: UUID
    code: str
    words: str
    way: Way
    value: int
    scope: Scope
    minimum: int = 0
    stacks: bool = False

    def takes_off(self, worths: Sequence[int]) -> tuple[int, ...]:
        """What it takes off each of some lines, in minor units: the percentage of each, or its part of the amount."""
        if self.way == "percent":
            return tuple(share_of(worth, self.value) for worth in worths)
        return spread(self.value if self.way == "amount" else 0, worths)


@dataclass(frozen=True, slots=True)
class Line:
    """A line as the coupon finds it: what somebody pays for it with member prices, and what anybody pays."""

    variant: VariantView
    quantity: int
    price: Price
    everybodys: Price
    is_gift: bool

    @property
    def worth(self) -> int:
        return self.everybodys.now * self.quantity

    @property
    def for_member(self) -> int:
        return self.price.now * self.quantity


@dataclass(frozen=True, slots=True)
class Share:
    """What the coupon makes of a line: the price it starts from, minor units off the line, and the reason in words."""

    price: Price
    off: int
    step: Step | None = None


def is_reached(coupon: Coupon, lines: Sequence[Line]) -> bool:
    """Whether there are goods it is for, and they are worth its minimum."""
    meant = [line.worth for line in lines if _is_for(coupon, line)]
    return bool(meant) and sum(meant) >= coupon.minimum


def shares(coupon: Coupon | None, lines: Sequence[Line]) -> tuple[Share, ...]:
    """One for each line; nothing off any of them without a coupon, or when its minimum is not reached."""
    if coupon is None or coupon.way == "free_delivery" or not is_reached(coupon, lines):
        return tuple(Share(line.price, 0) for line in lines)
    worths = [_basis(coupon, line) for line in lines]
    return tuple(_share(coupon, line, off) for line, off in zip(lines, coupon.takes_off(worths), strict=True))


def _is_for(coupon: Coupon, line: Line) -> bool:
    return not line.is_gift and coupon.scope.covers(line.variant)


def _basis(coupon: Coupon, line: Line) -> int:
    if not _is_for(coupon, line):
        return 0
    return line.for_member if coupon.stacks else line.worth


def _share(coupon: Coupon, line: Line, off: int) -> Share:
    if not _is_for(coupon, line):
        words = "Gifts cost nothing already." if line.is_gift else "It is for other products."
        return Share(line.price, 0, _step(coupon, None, words))
    if coupon.stacks or line.for_member == line.worth:
        return Share(line.price, off, _step(coupon, line.for_member - off, "It comes off the price of this line."))
    if line.worth - off < line.for_member:
        words = "It does not add to a member price, and is better here: it takes the place of yours."
        return Share(line.everybodys, off, _step(coupon, line.worth - off, words))
    return Share(line.price, 0, _step(coupon, None, "It does not add to a member price, and yours is better here."))


def _step(coupon: Coupon, amount: int | None, reason: str) -> Step:
    return Step(f"Coupon {coupon.code}, on the whole line", amount, amount is not None, reason)
