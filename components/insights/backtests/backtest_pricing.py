"""Past sales priced with the current rules and with a scenario, by the shop's own price resolver. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from components.catalog.views import Sale, VariantView
from components.insights.backtests.sold_orders import Plans, SoldLine, SoldOrder
from components.memberships.benefits.combined_effects import best_delivery, context_of
from components.memberships.editing.plan_revisions import Rules
from components.pricing import prices
from components.pricing.delivery_charge import DeliveryBenefit, DeliveryChoice, charge
from components.pricing.price_context import PriceContext

_NO_METHOD = UUID(int=0)


@dataclass(frozen=True, slots=True)
class _Held:
    """The benefits of members with certain plans."""

    context: PriceContext
    delivery: DeliveryBenefit | None


@dataclass
class Pricing:
    """Each result is computed once for identical lines and people."""

    now: Rules
    drafted: Rules
    variant: Callable[[UUID], VariantView | None]
    _held: dict[tuple[bool, Plans], _Held] = field(default_factory=dict)
    _units: dict[tuple[UUID, int, int, Plans], tuple[VariantView, int, int] | None] = field(default_factory=dict)

    def units(self, line: SoldLine, order: SoldOrder) -> tuple[VariantView, int, int] | None:
        """The unit price with the current rules and with the scenario; None if the variant no longer exists."""
        key = (line.variant_id, line.shop_price, line.regular, order.plans)
        if key not in self._units:
            known = self.variant(line.variant_id)
            self._units[key] = None if known is None else (known, *self._both(_as_it_was(known, line), order))
        return self._units[key]

    def _both(self, variant: VariantView, order: SoldOrder) -> tuple[int, int]:
        contexts = (self._of(order.plans, drafted=drafted).context for drafted in (False, True))
        now, drafted = (prices.resolve(variant, context, order.at).now for context in contexts)
        return now, drafted

    def fee(self, order: SoldOrder, goods: int, *, drafted: bool) -> int:
        """What delivery would have cost for goods of this amount."""
        if not order.listed or order.is_free_anyway:
            return 0
        choice = DeliveryChoice(order.method or _NO_METHOD, "", order.listed)
        benefit = self._of(order.plans, drafted=drafted).delivery
        return charge(choice, benefit, goods=goods, regular=goods).charged

    def _of(self, plans: Plans, *, drafted: bool) -> _Held:
        if (drafted, plans) not in self._held:
            rules = self.drafted if drafted else self.now
            effects = tuple(effect for rule in rules if rule.plan in plans for effect in rule.effects)
            self._held[drafted, plans] = _Held(context_of(effects), best_delivery(effects))
        return self._held[drafted, plans]


def _as_it_was(variant: VariantView, line: SoldLine) -> VariantView:
    """The variant with that day's prices. A compare-at price is known only if the price has not changed since."""
    compare_at = variant.compare_at if variant.price == line.shop_price else None
    is_sale = line.regular < line.shop_price and not variant.members_only  # in that case it is what members paid
    sales = (Sale(line.regular, None, None),) if is_sale else ()
    return replace(variant, price=line.shop_price, compare_at=compare_at, sales=sales)
