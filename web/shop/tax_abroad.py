"""What buyers abroad are told before they have said where they live."""

from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.checkout.taxes import tax_areas
from components.checkout.taxes.tax_areas import crosses_border
from components.foundation.shop_settings import shop_settings


def for_products(known: DeliveryTerms) -> str:
    """For a shop that delivers across a customs border to countries whose tax it does not charge; else ""."""
    home = shop_settings.current().country
    charged = {rate.country for rate in known.taxes.rates}
    there = [one for one in known.countries if crosses_border(home, one) and one not in charged]
    if not there:
        return ""
    places = sorted(
        {"the EU" if tax_areas.in_eu(one) else "the UK" if one == "GB" else "other countries" for one in there}
    )
    where = places[0] if len(places) == 1 else f"{', '.join(places[:-1])} and {places[-1]}"
    return f"Sent to {where}, import VAT and customs duties may be charged on arrival. They are not in our price."
