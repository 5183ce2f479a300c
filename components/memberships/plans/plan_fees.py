"""The tax in a plan's fee, of the shop's own country and the plan's tax category, as it is now."""

from uuid import UUID

from components.memberships.plans import plan_cache
from components.pricing import domestic_tax
from components.pricing.tax import STANDARD, TaxTerms


def tax_of(plan_id: UUID) -> TaxTerms:
    """The standard tax for a plan that is not known."""
    found = next((plan.tax_category for plan in plan_cache.current().plans if plan.id == plan_id), STANDARD)
    return domestic_tax.current_tax(found)
