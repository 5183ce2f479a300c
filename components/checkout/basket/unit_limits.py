"""How many units of a variant somebody may have: the stock, the early access quota, and the limit per member before
general sale. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from components.catalog.catalog_refusals import early_access_sold_out, for_each_member
from components.catalog.views import VariantView
from components.catalog.visibility import Availability

MOST = 99
"""The most units of one variant in one basket."""

SOLD_OUT = "Sold out."


class LimitReason(StrEnum):
    """What sets the limit."""

    SHELF = "shelf"
    ALLOTMENT = "allotment"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class UnitLimit:
    """At most `units`, because of `bound`. Early, each member may have `most`, of which they have ordered `had`."""

    units: int
    bound: LimitReason = LimitReason.SHELF
    public_from: datetime | None = None
    most: int | None = None
    had: int = 0

    @property
    def note(self) -> str:
        """What an early buyer should know; empty when there is nothing."""
        if self.most is None or self.public_from is None:
            return ""
        return f"{for_each_member(self.most, self.public_from)}."

    @property
    def words(self) -> str:
        """A whole sentence on why there are no more."""
        if self.bound is LimitReason.ALLOTMENT and self.public_from is not None:
            return early_access_sold_out(self.units, self.public_from)
        if self.bound is LimitReason.MEMBER and self.public_from is not None and self.most is not None:
            return f"{for_each_member(self.most, self.public_from)}{self._why_fewer()}."
        return SOLD_OUT if self.units <= 0 else f"Only {self.units} left."

    def counted(self, asked: int) -> str:
        """A message for a line that requests more; empty when all of it is available."""
        if asked <= self.units:
            return ""
        sentence = self.words
        return sentence if self.units <= 0 else f"{sentence.removesuffix('.')}: the total includes {self.units}."

    def _why_fewer(self) -> str:
        most = self.most or 0
        if self.had >= most:
            return ", and you have reached it"
        if self.had:
            return f", and you have already ordered {_counted(self.had)}"
        return "" if self.units else f", and you already have {_counted(most)} in your basket"


def limit(variant: VariantView, seen: Availability, *, held: int = 0, had: int = 0, beside: int = 0) -> UnitLimit:
    """`held` units of the variant are already reserved for this basket. Before general sale, the member has ordered
    `had` units of the product elsewhere, and `beside` units of its other variants are in the basket."""
    there = MOST if variant.available is None else variant.available + held
    found = [UnitLimit(_units(there))]
    if seen.is_early and variant.early_left is not None:
        found.append(UnitLimit(_units(variant.early_left + held), LimitReason.ALLOTMENT))
    if seen.is_early and seen.most is not None:
        found.append(UnitLimit(_units(seen.most - had - beside), LimitReason.MEMBER))
    least = min(found, key=lambda one: one.units)
    return UnitLimit(least.units, least.bound, seen.public_from, seen.most if seen.is_early else None, had)


def _units(number: int) -> int:
    return max(0, min(number, MOST))


def _counted(number: int) -> str:
    return "one" if number == 1 else str(number)
