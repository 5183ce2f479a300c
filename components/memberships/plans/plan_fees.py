"""The tax in a plan's fee, of the shop's own country and the plan's tax category, as it is now."""

from uuid import UUID

from components.foundation.shop_settings import shop_settings
from components.memberships.plans import plan_cache
from components.pricing import domestic_tax, fee_tax
from components.pricing.tax import STANDARD, TaxTerms


def tax_of(plan_id: UUID) -> TaxTerms:
    """The standard tax for a plan that is not known."""
    found = next((plan.tax_category for plan in plan_cache.current().plans if plan.id == plan_id), STANDARD)
    return domestic_tax.current_tax(found)


def are_typed_without_tax() -> bool:
    """Whether staff type fees without tax, as they type the shop's other prices."""
    return shop_settings.current().prices_include_tax == "no"


def charged(typed: int, category: str = STANDARD) -> int:
    """The fee that members pay for one as staff type it: with its tax on top, where they type it without."""
    return fee_tax.with_tax(typed, domestic_tax.current_tax(category)) if are_typed_without_tax() else typed


def typed(fee: int, category: str = STANDARD) -> int:
    """A fee as staff type it; the other way round."""
    return fee_tax.net(fee, domestic_tax.current_tax(category)) if are_typed_without_tax() else fee
