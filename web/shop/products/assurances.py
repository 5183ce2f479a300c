"""What delivery, tax and returns mean for a product, stated on its page."""

from dataclasses import dataclass

from components.catalog.views import VariantView
from components.checkout.delivery import delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method
from components.foundation.formatting import money, percent
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import lead_plan
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.tax import TaxTerms
from web.shop.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Assurance:
    icon: str
    words: str


async def assurances(variant: VariantView, viewer: Viewer, *, is_member: bool) -> tuple[Assurance, ...]:
    known, home = await delivery_terms.current(), shop_settings.current().country
    days = shop_settings.current().return_days
    delivery = _delivery(known, home, viewer, is_member=is_member) if variant.needs_delivery else "No delivery needed."
    said = (("truck", delivery), ("coins", _tax(known, home, variant)), ("return", f"{days} days to change your mind."))
    return tuple(Assurance(icon, words) for icon, words in said if words)


def _delivery(known: DeliveryTerms, home: str, viewer: Viewer, *, is_member: bool) -> str:
    methods = known.methods_for(home)
    if not methods:
        return ""
    method = min(methods, key=lambda each: each.fee)
    words = f"{method.name}: {money(method.fee)}{_in_brackets(method.words)}."
    if method.free_from is not None:
        words += f" Free on orders from {money(known.tax(home).shelf_price(method.free_from))}."
    return words + _for_members(method, lead_plan.free_delivery(viewer.at), known.tax(home), is_member=is_member)


def _in_brackets(words: str) -> str:
    return f" ({words.strip().rstrip('.')})" if words.strip() else ""


def _for_members(method: Method, benefit: DeliveryBenefit | None, tax: TaxTerms, *, is_member: bool) -> str:
    if benefit is None or not benefit.covers(method.choice) or not method.fee:
        return ""
    whom = "you" if is_member else "members"
    above = f" on orders from {money(tax.shelf_price(benefit.threshold))}" if benefit.threshold else ""
    return f" Free for {whom}{above}."


def _tax(known: DeliveryTerms, home: str, variant: VariantView) -> str:
    tax = known.tax(home)
    if not variant.is_taxable or not tax.rate_bp:
        return "No tax is added."
    if tax.inclusive:
        return f"The price includes {percent(tax.rate_bp)} {tax.name}."
    return f"{percent(tax.rate_bp)} {tax.name} is added at checkout."
