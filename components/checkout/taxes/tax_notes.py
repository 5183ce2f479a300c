"""The sentences that say why an order has no tax, or what its buyer must expect at the border. Pure."""

from babel import Locale

from components.checkout.taxes.tax_areas import crosses_border, in_eu
from components.foundation.shop_settings.shop_settings import ShopSettings

_SMALL = {
    "DE": "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet (Kleinunternehmer).",
    "AT": "Umsatzsteuerfrei aufgrund der Kleinunternehmerregelung (§ 6 Abs. 1 Z 27 UStG).",
    "FR": "TVA non applicable, article 293 B du CGI.",
    "GB": "No VAT is charged: the seller is not registered for VAT.",
}
_ANY = "No tax is charged: the seller is a small business below the limit for tax."
_WITH_THE = frozenset({"GB", "US", "NL", "AE", "PH", "BS", "DO"})


def small_business(shop: ShopSettings) -> str:
    """The shop's own sentence, else the usual one of its country."""
    return shop.small_business_note or usual_small_business(shop.country)


def usual_small_business(country: str) -> str:
    return _SMALL.get(country, _ANY)


def reverse_charge(number: str) -> str:
    return f"Reverse charge: no VAT is charged. The buyer accounts for it under VAT number {number}."


def import_charges(home: str, there: str) -> str:
    """What a buyer is told whose parcel passes customs and whose price has no tax of theirs in it; "" at home."""
    if not crosses_border(home, there):
        return ""
    tax = "import VAT" if in_eu(there) or there in ("GB", "CH", "NO") else "import tax"
    return (
        f"Sent from outside {_place(there)}: {tax} and customs duties may be charged on arrival. "
        "They are not in our price."
    )


def _place(country: str) -> str:
    if in_eu(country):
        return "the EU"
    name = str(Locale("en").territories.get(country, country))
    return f"the {name}" if country in _WITH_THE else name
