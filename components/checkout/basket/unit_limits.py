"""How many units of a variant somebody may have: the stock, the early access quota, and the limit per member before
general sale. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from components.catalog.catalog_refusals import early_access_sold_out, for_each_member
from components.catalog.views import VariantView
from components.catalog.visibility import Availability
from components.foundation.languages.words import N_, _, p_

MOST = 99
"""The most units of one variant in one basket."""

SOLD_OUT = N_("Sold out.")


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
            return self._for_member(for_each_member(self.most, self.public_from))
        return _(SOLD_OUT) if self.units <= 0 else _("Only %(count)s left.", count=self.units)

    def counted(self, asked: int) -> str:
        """A message for a line that requests more; empty when all of it is available."""
        if asked <= self.units:
            return ""
        sentence = self.words
        included = _("the total includes %(count)s.", count=self.units)
        return sentence if self.units <= 0 else f"{sentence.removesuffix('.')}: {included}"

    def _for_member(self, words: str) -> str:
        most = self.most or 0
        if self.had >= most:
            return _("%(limit)s, and you have reached it.", limit=words)
        if self.had:
            return _("%(limit)s, and you have already ordered %(count)s.", limit=words, count=_counted(self.had))
        if self.units:
            return f"{words}."
        return _("%(limit)s, and you already have %(count)s in your basket.", limit=words, count=_counted(most))


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
    return p_("number", "one") if number == 1 else str(number)
