"""What delivery, tax and returns mean for a product, stated on its page."""

from dataclasses import dataclass

from components.catalog.views import VariantView
from components.checkout.delivery import delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method
from components.foundation.formatting import money, percent, without_stop
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import lead_plan
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.destination_tax import DestinationTax
from components.pricing.tax import TaxTerms
from web.shop import tax_abroad
from web.shop.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Assurance:
    icon: str
    words: str


async def assurances(variant: VariantView, viewer: Viewer, *, is_member: bool) -> tuple[Assurance, ...]:
    known, home = await delivery_terms.current(), shop_settings.current().country
    days = shop_settings.current().return_days
    methods = known.methods_for(home, shop_settings.current().tax_region, weight=variant.weight_grams)
    delivery = "No delivery needed."
    if variant.needs_delivery:
        delivery = _delivery(known, methods, viewer, is_member=is_member)
    abroad = tax_abroad.for_products(known) if variant.needs_delivery else ""
    tax = _tax(known.home_tax(viewer.at), variant)
    said = (("truck", delivery), ("coins", tax), ("coins", abroad), ("return", f"{days} days to change your mind."))
    return tuple(Assurance(icon, words) for icon, words in said if words)


def _delivery(known: DeliveryTerms, methods: tuple[Method, ...], viewer: Viewer, *, is_member: bool) -> str:
    methods = tuple(method for method in methods if not method.pickup) or methods
    if not methods:
        return ""
    method, tax = min(methods, key=lambda each: each.lowest_fee), known.home_tax(viewer.at).terms()
    fee = money(method.fee) if method.has_one_fee else f"from {money(method.lowest_fee)}"
    words = f"{method.name}: {fee}{_in_brackets(method.words)}."
    if method.free_from is not None:
        words += f" Free on orders from {money(tax.shelf_price(method.free_from))}."
    return words + _for_members(method, lead_plan.free_delivery(viewer.at), tax, is_member=is_member)


def _in_brackets(words: str) -> str:
    return f" ({words.strip().rstrip('.')})" if words.strip() else ""


def _for_members(method: Method, benefit: DeliveryBenefit | None, tax: TaxTerms, *, is_member: bool) -> str:
    if benefit is None or not benefit.covers(method.choice) or not method.fee:
        return ""
    whom = "you" if is_member else "members"
    above = f" on orders from {money(tax.shelf_price(benefit.threshold))}" if benefit.threshold else ""
    return f" Free for {whom}{above}."


def _tax(home: DestinationTax, variant: VariantView) -> str:
    tax = home.terms(variant.taxed_as)
    if home.note:
        return home.note
    if not tax.rate_bp:
        return "No tax is added."
    if tax.inclusive:
        return f"The price includes {percent(tax.rate_bp)} {without_stop(tax.name)}."
    return f"{percent(tax.rate_bp)} {tax.name} is added at checkout."
