"""What the shop knows for the placeholders of its pages: always as it is now, in the language the pages are in."""

from email.utils import parseaddr

from babel import Locale

from components.checkout.delivery import delivery_terms
from components.checkout.delivery.delivery_terms import DeliveryTerms, Method
from components.foundation import formatting, settings
from components.foundation.formatting import money
from components.foundation.languages import language
from components.foundation.languages.words import _, p_
from components.foundation.postal import postal_regions
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.shop_settings import ShopSettings
from components.memberships.plans import plan_catalogue


async def values() -> dict[str, str]:
    """A value for each placeholder; "" where the shop has nothing for it yet. In the shop's language, whoever reads."""
    terms = await delivery_terms.current()
    with language.speaking(None):
        return _values(terms)


def _values(terms: DeliveryTerms) -> dict[str, str]:
    known = shop_settings.current()
    return {
        "shop name": known.shop_name,
        "shop address": settings.current().base_url,
        "club name": formatting.club_name(),
        "company name": known.company_name,
        "company street": known.company_street,
        "company town": known.company_town,
        "company people": known.company_people,
        "register": known.company_register,
        "country": _country(known.country),
        "phone": known.company_phone,
        "e-mail": contact_address(known),
        "vat number": known.vat_number,
        "return days": str(known.return_days),
        "delivery prices": _delivery(terms),
        "membership prices": _plans(),
        "currency": known.currency,
        "contact page": "/contact",
    }


def contact_address(known: ShopSettings | None = None) -> str:
    """Where customers' e-mails go: the company's address, else where replies go, else the sender."""
    known = known or shop_settings.current()
    return known.company_email or known.reply_to or parseaddr(known.mail_from)[1]


def _delivery(terms: DeliveryTerms) -> str:
    """A Markdown table of methods."""
    if not terms.methods:
        return ""
    rows = [
        f"| {_cell(method.name)} | {_cell(method.words) or '–'} | {_countries(method, terms)} | {_fee(method)} "
        f"| {money(method.free_from) if method.free_from is not None else '–'} |"
        for method in terms.methods
    ]
    return "\n".join([_heads(), "|---|---|---|---|---|", *rows])


def _heads() -> str:
    heads = (_("Method"), _("Description"), _("Countries"), _("Price"), p_("delivery", "Free from"))
    return f"| {' | '.join(heads)} |"


def _fee(method: Method) -> str:
    if method.has_one_fee:
        return money(method.fee) if method.fee else _("Free")
    return _("from %(sum)s", sum=money(method.lowest_fee))


def _countries(method: Method, terms: DeliveryTerms) -> str:
    if method.pickup:
        return _cell(method.pickup.line)
    zones = [zone for zone in terms.zones if zone.id in method.zones]
    named = [_place(place) for zone in zones for place in zone.places]
    rest = [_("Rest of the world")] if any(zone.is_rest for zone in zones) else []
    return _cell(", ".join([*named, *rest]))


def _place(place: str) -> str:
    country, _, region = place.partition("-")
    name = dict(postal_regions.of_country(country)).get(region, region)
    return f"{name} ({_country(country)})" if region else _country(country)


def _plans() -> str:
    plans = [plan for plan in plan_catalogue.public_plans() if plan.is_offered]
    return "\n".join(f"- {_cell(plan.name)}: {_cell(plan.price_words)}" for plan in plans)


def _country(code: str) -> str:
    return str(Locale.parse(language.locale()).territories.get(code, code))


def _cell(text: str) -> str:
    """Text that cannot be taken for Markdown."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|~#" else sign for sign in " ".join(text.split()))
