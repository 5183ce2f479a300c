"""What delivery, tax and returns mean for a product, stated on its page."""

from dataclasses import dataclass

from components.catalog.views import VariantView
from components.catalog.visibility import Availability
from components.checkout.delivery import delivery_promises, delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method
from components.foundation.formatting import money, percent, without_stop
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import lead_plan
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.destination_tax import DestinationTax
from components.pricing.tax import TaxTerms
from web import countries
from web.shop import tax_abroad
from web.shop.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Assurance:
    icon: str
    words: str


async def assurances(
    variant: VariantView, viewer: Viewer, seen: Availability, *, is_member: bool
) -> tuple[Assurance, ...]:
    known, home = await delivery_terms.current(), shop_settings.current().country
    days = shop_settings.current().return_days
    methods = known.methods_for(home, shop_settings.current().tax_region, weight=variant.weight_grams)
    delivery = "No delivery needed."
    if variant.needs_delivery:
        delivery = _delivery(known, methods, viewer, is_member=is_member)
    abroad = tax_abroad.for_products(known) if variant.needs_delivery else ""
    tax = _tax(known.home_tax(viewer.at), variant)
    may_buy = seen.is_buyable and variant.is_in_stock and variant.needs_delivery
    arrives = _arrives(known, methods, variant, viewer) if may_buy else ""
    said = (
        ("truck", delivery),
        ("clock", arrives),
        ("coins", tax),
        ("coins", abroad),
        ("return", f"{days} days to change your mind."),
    )
    return tuple(Assurance(icon, words) for icon, words in said if words)


def _named(methods: tuple[Method, ...]) -> Method | None:
    """The method that the page names: the cheapest that brings it."""
    methods = tuple(method for method in methods if not method.pickup) or methods
    return min(methods, key=lambda each: each.lowest_fee, default=None)


def _arrives(known: DeliveryTerms, methods: tuple[Method, ...], variant: VariantView, viewer: Viewer) -> str:
    """By that method, in the shop's own country."""
    method, home = _named(methods), shop_settings.current().country
    if method is None or not delivery_promises.is_on_the_shelf(variant, 1):
        return ""
    region = shop_settings.current().tax_region
    dates = delivery_promises.dates(known, method, country=home, region=region, at=viewer.at)
    if dates is None:
        return ""
    place = countries.in_words(home) if len(known.countries) > 1 and not method.pickup else ""
    return f"{delivery_promises.words_now(dates, at=viewer.at, place=place)}."


def _delivery(known: DeliveryTerms, methods: tuple[Method, ...], viewer: Viewer, *, is_member: bool) -> str:
    method, tax = _named(methods), known.home_tax(viewer.at).terms()
    if method is None:
        return ""
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
