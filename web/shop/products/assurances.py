"""What delivery, tax and returns mean for a product, stated on its page."""

from dataclasses import dataclass

from components.catalog.views import VariantView
from components.catalog.visibility import Availability
from components.checkout.delivery import delivery_promises, delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method
from components.foundation.formatting import money, percent, without_stop
from components.foundation.languages.language import isolated
from components.foundation.languages.words import N_, _, n_
from components.foundation.shop_settings import shop_settings
from components.memberships.plans import lead_plan
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.destination_tax import DestinationTax
from components.pricing.tax_names import said
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
    delivery = _("No delivery needed.")
    if variant.needs_delivery:
        delivery = _delivery(known, methods, viewer, is_member=is_member)
    abroad = tax_abroad.for_products(known) if variant.needs_delivery else ""
    tax = _tax(known.shown_tax(viewer.at), variant)
    may_buy = seen.is_buyable and variant.is_in_stock and variant.needs_delivery
    arrives = _arrives(known, methods, variant, viewer) if may_buy else ""
    returns = n_("%(num)s day to change your mind.", "%(num)s days to change your mind.", days)
    said = (("truck", delivery), ("clock", arrives), ("coins", tax), ("coins", abroad), ("return", returns))
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
    return f"{without_stop(delivery_promises.words_now(dates, at=viewer.at, place=place))}."


def _delivery(known: DeliveryTerms, methods: tuple[Method, ...], viewer: Viewer, *, is_member: bool) -> str:
    method = _named(methods)
    if method is None:
        return ""
    fee = money(method.fee) if method.has_one_fee else _("from %(sum)s", sum=money(method.lowest_fee))
    words = f"{isolated(method.name)}: {fee}{_in_brackets(method.words)}."
    if method.free_from is not None:
        free_from = money(method.free_from)
        words += " " + _("Free on orders from %(sum)s.", sum=free_from)
    return words + _for_members(method, lead_plan.free_delivery(viewer.at), is_member=is_member)


def _in_brackets(words: str) -> str:
    return f" ({isolated(words.strip().rstrip('.'))})" if words.strip() else ""


def _for_members(method: Method, benefit: DeliveryBenefit | None, *, is_member: bool) -> str:
    if benefit is None or not benefit.covers(method.choice) or not method.fee:
        return ""
    if not benefit.threshold:
        return " " + (_("Free for you.") if is_member else _("Free for members."))
    least = money(benefit.threshold)
    words = N_("Free for you on orders from %(sum)s.") if is_member else N_("Free for members on orders from %(sum)s.")
    return " " + _(words, sum=least)


def _tax(home: DestinationTax, variant: VariantView) -> str:
    tax = home.terms(variant.taxed_as)
    if home.note:
        return home.note
    if not tax.rate_bp:
        return _("No tax is added.")
    if tax.inclusive:
        return _("The price includes %(rate)s %(tax)s.", rate=percent(tax.rate_bp), tax=without_stop(said(tax.name)))
    return _("%(rate)s %(tax)s is added at checkout.", rate=percent(tax.rate_bp), tax=said(tax.name))
