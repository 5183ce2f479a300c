"""A gift's price: zero, next to everybody's price of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from components.catalog.scopes import Scope
from components.foundation.languages.words import N_
from components.pricing.prices import Price
from components.pricing.rules import PriceRule
from components.pricing.traces import Considered

if TYPE_CHECKING:
    from components.catalog.views import VariantView


@dataclass(frozen=True, slots=True)
class FreeBecause:
    """Why a line is free: which gift of which benefit, in the shop's words."""

    gift_id: UUID
    benefit_id: UUID
    words: str


def price(usual: Price, because: FreeBecause, variant: VariantView) -> Price:
    """Zero, whatever the usual price; the trace states both."""
    scope = Scope("variant", frozenset({variant.id}))
    rule = PriceRule(because.benefit_id, because.words, scope, "explicit", 0)
    considered = (Considered(N_("Regular price"), usual.regular, "shop"), Considered(because.words, 0, "lowest", rule))
    return Price(0, usual.regular, None, rule, None, lambda: considered)
