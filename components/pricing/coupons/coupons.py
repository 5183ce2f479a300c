"""A coupon: a code that takes a percentage or an amount off eligible goods, or makes delivery free. Pure.

It applies to everybody's price at that instant, sales included, and never to a gift. A stacking coupon is taken off
member prices. One that does not stack is compared with them line by line, and the lower price is paid. An amount that
does not stack is used on exactly those lines that give the lowest total. The minimum looks at everybody's prices of the
eligible goods, so that a member price never costs somebody a coupon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from components.foundation.languages.words import N_
from components.foundation.money import share_of
from components.pricing.allocation import spread
from components.pricing.prices import Price
from components.pricing.traces import REASONS, Step

if TYPE_CHECKING:
    from components.catalog.scopes import Scope
    from components.catalog.views import VariantView

DiscountType = Literal["percent", "amount", "free_delivery"]
_Choices = dict[int, tuple[int, tuple[int, ...]]]
"""By the part of the amount used: what that costs in member prices, and the positions of the lines."""


@dataclass(frozen=True, slots=True)
class CouponDiscount:
    """`value` is basis points off (percent) or minor units off (amount); `minimum` in the shop's prices."""

    id: UUID
    code: str
    words: str
    discount_type: DiscountType
    value: int
    scope: Scope
    minimum: int = 0
    stacks: bool = False

    def takes_off(self, worths: Sequence[int]) -> tuple[int, ...]:
        """What it takes off each line, in minor units: the percentage of each, or its part of the amount."""
        if self.discount_type == "percent":
            return tuple(share_of(worth, self.value) for worth in worths)
        return spread(self.value if self.discount_type == "amount" else 0, worths)


@dataclass(frozen=True, slots=True)
class DiscountableLine:
    """A line before the coupon: its price with member prices, and everybody's price.

    `shelf`, where tax was taken out of these: the price, the price without membership and everybody's, with that tax.
    """

    variant: VariantView
    quantity: int
    price: Price
    everybodys: Price
    is_gift: bool
    shelf: tuple[int, int, int] | None = None

    @property
    def at_the_shelf(self) -> int:
        """Everybody's price in the shop's own prices, in which a minimum is typed."""
        return (self.shelf[2] if self.shelf else self.everybodys.now) * self.quantity

    @property
    def worth(self) -> int:
        return self.everybodys.now * self.quantity

    @property
    def for_member(self) -> int:
        return self.price.now * self.quantity


@dataclass(frozen=True, slots=True)
class CouponShare:
    """The coupon's effect on a line: the price it starts from, minor units off the line, and the reason in words."""

    price: Price
    off: int
    step: Step | None = None


def is_reached(coupon: CouponDiscount, lines: Sequence[DiscountableLine]) -> bool:
    """Whether there are eligible goods, and they are worth its minimum."""
    meant = [line.at_the_shelf for line in lines if _is_for(coupon, line)]
    return bool(meant) and sum(meant) >= coupon.minimum


def discount_shares(coupon: CouponDiscount | None, lines: Sequence[DiscountableLine]) -> tuple[CouponShare, ...]:
    """One for each line; nothing off without a coupon, or below its minimum."""
    if coupon is None or coupon.discount_type == "free_delivery" or not is_reached(coupon, lines):
        return tuple(CouponShare(line.price, 0) for line in lines)
    used = _used_on(coupon, lines)
    worths = [_basis(coupon, line) if place in used else 0 for place, line in enumerate(lines)]
    return tuple(_share(coupon, line, off) for line, off in zip(lines, coupon.takes_off(worths), strict=True))


def _used_on(coupon: CouponDiscount, lines: Sequence[DiscountableLine]) -> frozenset[int]:
    """The positions of the lines it is used on, so that the goods cost the least.

    Only an amount has to choose: on a line with a better member price it costs that price, and covers what the line is
    worth. Lines that cost nothing are always included; of the others, every choice that no other one beats is kept.
    """
    meant = [place for place, line in enumerate(lines) if _is_for(coupon, line)]
    if coupon.discount_type != "amount" or coupon.stacks:
        return frozenset(meant)
    costs = {place: lines[place].worth - lines[place].for_member for place in meant}
    choice = tuple(place for place in meant if not costs[place])
    best = {min(coupon.value, sum(lines[place].worth for place in choice)): (0, choice)}
    for place in (place for place in meant if costs[place]):
        best = _unbeaten(coupon.value, best, costs[place], lines[place].worth, place)
    return frozenset(min((cost - covered, len(chosen), chosen) for covered, (cost, chosen) in best.items())[2])


def _unbeaten(most: int, best: _Choices, cost: int, worth: int, place: int) -> _Choices:
    """The choices with and without one more line, except those that cover no more than another and cost no less."""
    both = [(covered, *rest) for covered, rest in best.items()]
    both += [(min(most, covered + worth), spent + cost, (*chosen, place)) for covered, spent, chosen in both]
    unbeaten: _Choices = {}
    least = None
    for covered, spent, chosen in sorted(both, key=lambda one: (-one[0], one[1], len(one[2]))):
        if (least is None or spent < least) and spent <= covered:
            unbeaten[covered], least = (spent, chosen), spent
    return unbeaten


def _is_for(coupon: CouponDiscount, line: DiscountableLine) -> bool:
    return not line.is_gift and coupon.scope.covers(line.variant)


def _basis(coupon: CouponDiscount, line: DiscountableLine) -> int:
    if not _is_for(coupon, line):
        return 0
    return line.for_member if coupon.stacks else line.worth


def _share(coupon: CouponDiscount, line: DiscountableLine, off: int) -> CouponShare:
    if not _is_for(coupon, line):
        words = N_("Gifts are already free.") if line.is_gift else REASONS["elsewhere"]
        return CouponShare(line.price, 0, _step(coupon, None, words))
    if coupon.stacks or line.for_member == line.worth:
        words = N_("It is taken off the price of this item.")
        return CouponShare(line.price, off, _step(coupon, line.for_member - off, words))
    if line.worth - off < line.for_member:
        words = N_("It can’t be combined with a member price. It saves you more here, so it replaces yours.")
        return CouponShare(line.everybodys, off, _step(coupon, line.worth - off, words))
    words = N_("It can’t be combined with a member price, and yours saves you more here.")
    return CouponShare(line.price, 0, _step(coupon, None, words))


def _step(coupon: CouponDiscount, amount: int | None, reason: str) -> Step:
    words = N_("Coupon %(code)s, off the line total")
    return Step(words, amount, amount is not None, reason, (("code", coupon.code),))
