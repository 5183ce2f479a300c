"""What buyers abroad are told before they have said where they live."""

from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.foundation.languages.words import N_, _
from components.foundation.postal import tax_areas
from components.foundation.postal.tax_areas import crosses_border
from components.foundation.shop_settings import shop_settings

_WORDS = {
    frozenset({"EU"}): N_(
        "Sent to the EU, import VAT and customs duties may be charged on arrival. They are not in our price."
    ),
    frozenset({"UK"}): N_(
        "Sent to the UK, import VAT and customs duties may be charged on arrival. They are not in our price."
    ),
    frozenset({""}): N_(
        "Sent to other countries, import VAT and customs duties may be charged on arrival. They are not in our price."
    ),
    frozenset({"EU", "UK"}): N_(
        "Sent to the EU and the UK, import VAT and customs duties may be charged on arrival. They are not in our price."
    ),
    frozenset({"EU", ""}): N_(
        "Sent to other countries and the EU, import VAT and customs duties may be charged on arrival. "
        "They are not in our price."
    ),
    frozenset({"UK", ""}): N_(
        "Sent to other countries and the UK, import VAT and customs duties may be charged on arrival. "
        "They are not in our price."
    ),
    frozenset({"EU", "UK", ""}): N_(
        "Sent to other countries, the EU and the UK, import VAT and customs duties may be charged on arrival. "
        "They are not in our price."
    ),
}
"""By where it is sent: the EU, the UK, and other countries."""


def for_products(known: DeliveryTerms) -> str:
    """For a shop that delivers across a customs border to countries whose tax it does not charge; else "". What Stripe
    Tax charges there is only known at the checkout, which then says so."""
    if shop_settings.current().asks_stripe_tax:
        return ""
    home = shop_settings.current().country
    charged = {rate.country for rate in known.taxes.rates}
    there = [one for one in known.countries if crosses_border(home, one) and one not in charged]
    if not there:
        return ""
    places = {"EU" if tax_areas.in_eu(one) else "UK" if one == "GB" else "" for one in there}
    return _(_WORDS[frozenset(places)])
