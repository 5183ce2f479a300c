"""The sentences that say why an order has no tax, or what its buyer must expect at the border. Pure."""

from babel import Locale

from components.foundation.languages import language
from components.foundation.languages.words import N_, _, p_
from components.foundation.postal.tax_areas import crosses_border, in_eu
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.pricing.destination_tax import DestinationTax

_SMALL = {
    "DE": "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet (Kleinunternehmer).",
    "AT": "Umsatzsteuerfrei aufgrund der Kleinunternehmerregelung (§ 6 Abs. 1 Z 27 UStG).",
    "FR": "TVA non applicable, article 293 B du CGI.",
    "GB": "No VAT is charged: the seller is not registered for VAT.",
}
_ANY = N_("No tax is charged: the seller is a small business below the limit for tax.")
_IMPORT_VAT = N_(
    "Sent from outside %(place)s: import VAT and customs duties may be charged on arrival. They are not in our price."
)
_IMPORT_TAX = N_(
    "Sent from outside %(place)s: import tax and customs duties may be charged on arrival. They are not in our price."
)
_WITH_THE = frozenset({"GB", "US", "NL", "AE", "PH", "BS", "DO"})


def small_business(shop: ShopSettings) -> str:
    """The shop's own sentence, else the usual one of its country."""
    return shop.small_business_note or usual_small_business(shop.country)


def usual_small_business(country: str) -> str:
    return _SMALL.get(country) or _(_ANY)


AT_CHECKOUT = "at checkout"
"""The code of taxes that are not known yet, because Stripe Tax is asked once there is an address."""
_ADDED = N_("Tax is worked out at checkout, from your address, and added to the price.")
_CONTAINED = N_("The price includes tax. At checkout we work out how much, from your address.")


def at_checkout(shop: ShopSettings) -> DestinationTax:
    """No tax yet: what a page says that has no address."""
    is_included = shop.prices_include_tax == "yes"
    return DestinationTax(is_included, note=_(_CONTAINED if is_included else _ADDED), code=AT_CHECKOUT)


def reverse_charge(number: str) -> str:
    words = N_("Reverse charge: no VAT is charged. The buyer accounts for it under VAT number %(number)s.")
    return _(words, number=number)


def import_charges(home: str, there: str) -> str:
    """What a buyer is told whose parcel passes customs and whose price has no tax of theirs in it; "" at home."""
    if not crosses_border(home, there):
        return ""
    is_vat = in_eu(there) or there in ("GB", "CH", "NO")
    return _(_IMPORT_VAT if is_vat else _IMPORT_TAX, place=_place(there))


def _place(country: str) -> str:
    """Where a parcel comes from outside of: "the EU", "Norway"."""
    if in_eu(country):
        return p_("sent from outside …", "the EU")
    name = str(Locale.parse(language.locale()).territories.get(country, country))
    return p_("sent from outside …", "the %(country)s", country=name) if country in _WITH_THE else name
