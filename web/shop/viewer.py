"""The catalogue from one visitor's view at one instant: their prices and access. Equal viewers share rendered parts."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from components.catalog import visibility
from components.catalog.snapshot import snapshot_refresh
from components.catalog.views import ProductView, VariantView
from components.catalog.visibility import Access, Availability
from components.foundation import formatting
from components.foundation.languages import language
from components.foundation.operations import own_templates
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import lead_plan
from components.pricing import domestic_tax, prices
from components.pricing.price_context import PriceContext
from components.pricing.prices import VisitorAndMemberPrice
from web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Viewer:
    """Two viewers with the same `key` see the same prices and have the same access. `is_on_hold`: has a plan already,
    which is not the one that others are told of."""

    context: PriceContext
    club_context: PriceContext
    access: Access
    club_access: Access
    at: datetime
    is_on_hold: bool = False

    @classmethod
    def of(cls, visitor: Visitor) -> "Viewer":
        at = visitor.at
        is_on_hold = visitor.standing.on_hold is not None
        return cls(visitor.price_context, lead_plan.context(at), visitor.access, lead_plan.access(at), at, is_on_hold)

    @property
    def key(self) -> tuple[object, ...]:
        snapshot = snapshot_refresh.snapshot()
        eras = (snapshot.era(self.access, self.at), snapshot.era(self.club_access, self.at))
        edges = (_passed(self.context, self.at), _passed(self.club_context, self.at))
        access = (self.access, self.club_access, eras)
        seen = (self.context.key, self.club_context.key, *access, edges, self.name_at_prices)
        return (*seen, language.current(), shop_settings.version(), own_templates.version(), domestic_tax.key())

    @property
    def name_at_prices(self) -> str:
        """What its members' prices are had with."""
        return formatting.club_name() if self.is_on_hold else lead_plan.name_at_prices(self.at)

    def prices(self, variant: VariantView) -> VisitorAndMemberPrice:
        """For a variant that only others may buy, the price they pay: this visitor can never be charged another."""
        mine = self.club_context if self._is_for_others(variant) else self.context
        return prices.visitor_and_member(variant, mine, self.club_context, self.at)

    def _is_for_others(self, variant: VariantView) -> bool:
        return variant.members_only and not any(scope.covers(variant) for scope in self.access.members_only)

    def standing(self, product: ProductView) -> Availability:
        return visibility.product_availability(product, self.access, self.at)

    def standing_of(self, product: ProductView, variant: VariantView) -> Availability:
        return visibility.availability_of(product, variant, self.access, self.at)

    def club_standing(self, product: ProductView) -> Availability:
        """Its availability for a member."""
        return visibility.product_availability(product, self.club_access, self.at)


def _passed(context: PriceContext, at: datetime) -> int:
    """How many starts and ends of price rules have passed: prices are the same until that changes."""
    return sum(edge <= at for edge in _edges(context))


@lru_cache(maxsize=500)
def _edges(context: PriceContext) -> tuple[datetime, ...]:
    edges = (edge for rule in context.rules for edge in (rule.from_at, rule.until_at))
    return tuple(edge for edge in edges if edge is not None)
