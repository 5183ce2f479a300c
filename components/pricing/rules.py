"""A price rule: one reason why a person may pay less for some variants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID

from components.foundation.money import share_of

if TYPE_CHECKING:
    from components.catalog.scopes import Scope
    from components.catalog.views import VariantView

RuleKind = Literal["percent", "amount", "explicit"]


@dataclass(frozen=True, slots=True)
class PriceRule:
    """`value` is basis points off ('percent'), minor units off ('amount') or the price itself ('explicit').

    Holds from `from_at` until just before `until_at`; without them, indefinitely. A rule `for_everybody` is a dated
    sale: it changes a guest's price too.
    """

    id: UUID
    words: str
    scope: Scope
    kind: RuleKind
    value: int
    from_at: datetime | None = None
    until_at: datetime | None = None
    for_everybody: bool = False

    def holds_at(self, at: datetime) -> bool:
        return not self.is_still_to_come(at) and not self.is_over(at)

    def is_still_to_come(self, at: datetime) -> bool:
        return self.from_at is not None and at < self.from_at

    def is_over(self, at: datetime) -> bool:
        return self.until_at is not None and at >= self.until_at

    def covers(self, variant: VariantView) -> bool:
        return self.scope.covers(variant)

    def price(self, full: int) -> int:
        """The rule applied to a full price, in minor units, never below zero."""
        if self.kind == "percent":
            return max(0, full - share_of(full, self.value))
        if self.kind == "amount":
            return max(0, full - self.value)
        return max(0, self.value)
