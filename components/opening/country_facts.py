"""What follows from a shop's country: currency, language, format, time zone, and how prices are shown.

From Babel's copy of the Unicode CLDR. Each is a first value that the owner can change.
"""

from collections.abc import Iterable

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.numbers import get_territory_currencies

from components.foundation import clock
from components.foundation.consumer_law import law_rules
from components.foundation.languages import catalogues
from components.foundation.shop_settings import setting_rules
from components.opening import time_zones

ENGLISH = frozenset({"AU", "CA", "GB", "IE", "IN", "NZ", "SG", "US", "ZA"})
"""Countries whose format is that of their English."""
WITHOUT_TAX = frozenset({"CA", "US"})
"""Where shops show prices before tax."""
MAIN_ZONES = {
    "AR": "America/Argentina/Buenos_Aires", "AU": "Australia/Sydney", "BR": "America/Sao_Paulo",
    "CA": "America/Toronto", "CD": "Africa/Kinshasa", "CL": "America/Santiago", "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia", "DE": "Europe/Berlin", "EC": "America/Guayaquil", "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei", "GL": "America/Nuuk", "ID": "Asia/Jakarta", "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty", "MN": "Asia/Ulaanbaatar", "MX": "America/Mexico_City", "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland", "PF": "Pacific/Tahiti", "PG": "Pacific/Port_Moresby", "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow", "UA": "Europe/Kyiv", "US": "America/New_York", "UZ": "Asia/Tashkent",
}  # fmt: skip
"""Of countries with several, that of the capital or of most people."""
NEWER_CURRENCY = {"BG": "EUR"}
"""Bulgaria has had the euro since 1 January 2026."""
DAYS_TO_RETURN = 30
"""Where no law known here gives a right to return."""
INVOICE_PREFIXES = {"de": ("RE-", "RK-")}
"""Before the numbers of invoices and credit notes: Rechnung, Rechnungskorrektur."""
OTHERWISE = {"currency": "EUR", "locale": "en_GB", "time_zone": "UTC"}


IN_POUNDS = frozenset({"LR", "MM", "US"})
"""Where parcels are weighed in pounds."""


def settings(country: str, *, region: str = "", time_zone: str = "") -> dict[str, str]:
    """The settings that a shop in this country, in a region of it or a time zone, begins with."""
    spoken = _first_good("locale", _locales(country))
    currencies = (NEWER_CURRENCY.get(country), *get_territory_currencies(country))
    zones = (
        time_zone,
        time_zones.of_region(country, region),
        MAIN_ZONES.get(country),
        *get_global("territory_zones").get(country, ()),
    )
    language = _language(spoken)
    invoices, credit_notes = INVOICE_PREFIXES.get(language, ("INV-", "CN-"))
    return {
        "country": country,
        "currency": _first_good("currency", currencies),
        "locale": spoken,
        "shop_language": language,
        "invoice_prefix": invoices,
        "credit_note_prefix": credit_notes,
        "time_zone": _first_good("time_zone", zones),
        "prices_include_tax": "no" if country in WITHOUT_TAX else "yes",
        "tax_region": region,
        "return_days": str(_days_to_return(country)),
        "weight_unit": "lb" if country in IN_POUNDS else "kg",
    }


def _days_to_return(country: str) -> int:
    """What the law gives there, so that nobody promises more without having chosen to."""
    known = law_rules.rules("withdrawal", on=clock.now().date(), country=country)
    return max((rule.least_days for rule in known if rule.least_days), default=DAYS_TO_RETURN)


def _locales(country: str) -> tuple[str, ...]:
    try:
        likely = str(Locale.parse(f"und_{country}"))
    except (UnknownLocaleError, ValueError):
        likely = ""
    own = likely.split("_")
    plain = f"{own[0]}_{country}" if likely else ""
    return (f"en_{country}", plain) if country in ENGLISH else (plain, likely)


def _language(spoken: str) -> str:
    """The country's, where there is a catalogue of it."""
    code = str(Locale.parse(spoken).language)
    return code if code in catalogues.codes() else catalogues.SOURCE


def _first_good(name: str, values: Iterable[str | None]) -> str:
    """The first that the setting may have."""
    return next((one for one in values if one and not setting_rules.trouble(name, one)), OTHERWISE[name])
