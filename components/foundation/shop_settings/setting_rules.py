"""Which values a setting of the shop may have. Pure."""

import re
from collections.abc import Callable
from email.utils import parseaddr
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError

from components.foundation import currencies
from components.foundation.languages import catalogues
from components.foundation.shop_settings import brand_rules

MOST_RETURN_DAYS = 365
MOST_GIFT_YEARS = 30
MOST_HANDLING_DAYS = 30
MOST_NOTICE_DAYS = 60
MOST_BEHAVIOUR_MONTHS = 25
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+|[^@\s<>,;]+@localhost")
_NO_ADDRESS = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})
_TERRITORIES = {str(code) for code in Locale("en").territories}
COUNTRIES = frozenset(code for code in _TERRITORIES if len(code) == 2 and code.isalpha()) - _NO_ADDRESS
"""The two-letter codes of the countries a parcel can be sent to."""


def trouble(name: str, text: str) -> str:
    """Why this setting cannot have this value, to be read after its name ("must be …"); "" when it can."""
    if any(ord(character) < 32 for character in text):
        return "must be a single line"
    return _RULES[name](text)


def _line(most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        if not text.strip():
            return "must not be empty"
        return f"must be {most} characters or fewer, not {len(text)}" if len(text) > most else ""

    return check


def _currency(text: str) -> str:
    try:
        currencies.decimals(text)
    except currencies.UnsupportedCurrency as refusal:
        return f"must be a currency Stripe can charge: {refusal}"
    return ""


def _country(text: str) -> str:
    return "" if text in COUNTRIES else f"must be the two capital letters of a country, such as GB, not “{text}”"


@lru_cache(maxsize=20)
def _time_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return f"must be a name such as Europe/London, not “{text}”"
    return ""


def _locale(text: str) -> str:
    try:
        Locale.parse(text)
    except (UnknownLocaleError, ValueError):
        return f"must be a language and a country such as en_GB, not “{text}”"
    return ""


def _language(text: str) -> str:
    known = catalogues.codes()
    return "" if text in known else f"must be a language the shop speaks ({', '.join(known)}), not “{text}”"


def _prefix(text: str) -> str:
    is_good = re.fullmatch(r"[A-Z0-9]{1,6}", text)
    return "" if is_good else f"must be one to six capital letters or digits, not “{text}”"


def _number_prefix(text: str) -> str:
    is_good = re.fullmatch(r"[A-Z][A-Z0-9/-]{0,9}", text)
    return "" if is_good else f"must be a capital letter and up to nine more, digits, - or /, not “{text}”"


def _return_days(text: str) -> str:
    is_good = text.isascii() and text.isdigit() and int(text) <= MOST_RETURN_DAYS
    return "" if is_good else f"must be a whole number of days up to {MOST_RETURN_DAYS}, not “{text}”"


def _whole(most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        is_good = text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= most
        return "" if is_good else f"must be a whole number up to {most}, not “{text}”"

    return check


def _days(least: int, most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        is_good = text.isascii() and text.isdigit() and len(text) < 5 and least <= int(text) <= most
        return "" if is_good else f"must be a whole number of days from {least} to {most}, not “{text}”"

    return check


def _months(least: int, most: int) -> Callable[[str], str]:
    def check(text: str) -> str:
        is_good = text.isascii() and text.isdigit() and len(text) < 5 and least <= int(text) <= most
        return "" if is_good else f"must be a whole number of months from {least} to {most}, not “{text}”"

    return check


def _time(text: str) -> str:
    is_good = re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", text)
    return "" if is_good else f"must be a time such as 14:00, not “{text}”"


def _weekdays(text: str) -> str:
    is_good = re.fullmatch(r"[1-7]{1,7}", text) and list(text) == sorted(set(text))
    return "" if is_good else f"must be weekdays from 1 for Monday to 7 for Sunday, such as 12345, not “{text}”"


def _sender(text: str) -> str:
    _, address = parseaddr(text)
    return "" if _EMAIL.fullmatch(address) else f"must be like “My Shop <hello@example.org>”, not “{text}”"


def _reply_to(text: str) -> str:
    return "" if not text or _EMAIL.fullmatch(text) else f"must be an e-mail address, not “{text}”"


def _one_of(*values: str) -> Callable[[str], str]:
    return lambda text: "" if text in values else f"must be one of {', '.join(values)}, not “{text}”"


def _at_most(most: int) -> Callable[[str], str]:
    return lambda text: f"must be {most} characters or fewer, not {len(text)}" if len(text) > most else ""


def _category(text: str) -> str:
    is_good = re.fullmatch(r"[a-z0-9][a-z0-9-]{0,29}", text)
    return "" if is_good else f"must be goods or a tax category, not “{text}”"


def _region(text: str) -> str:
    is_good = re.fullmatch(r"[A-Z0-9]{0,3}", text)
    return "" if is_good else f"must be the code of a state or province, such as CA, not “{text}”"


_RULES: dict[str, Callable[[str], str]] = {
    "shop_name": _line(60),
    "shop_tagline": _line(120),
    "club_name": _line(60),
    "currency": _currency,
    "country": _country,
    "time_zone": _time_zone,
    "locale": _locale,
    "shop_language": _language,
    "shop_languages": lambda text: next((words for code in text.split() if (words := _language(code))), ""),
    "order_prefix": _prefix,
    "return_days": _return_days,
    "gift_years": _whole(MOST_GIFT_YEARS),
    "mail_from": _sender,
    "reply_to": _reply_to,
    **brand_rules.RULES,
    **dict.fromkeys(("renewal_credit", "prices_include_tax"), _one_of("yes", "no")),
    "tax_region": _region,
    "vat_number": _at_most(30),
    "eu_sales": _one_of("home", "each"),
    "export_prices": _one_of("same", "without"),
    "fee_tax": _one_of("home", "member"),
    "delivery_tax": _category,
    "tax_source": _one_of("own", "stripe"),
    "tax_fallback": _one_of("wait", "own"),
    "small_business": _one_of("yes", "no"),
    "small_business_note": _at_most(200),
    "company_name": _at_most(120),
    "company_street": _at_most(120),
    "company_town": _at_most(120),
    "company_phone": _at_most(40),
    "company_email": _reply_to,
    "company_people": _at_most(200),
    "company_register": _at_most(200),
    "tax_number": _at_most(40),
    "invoices": _one_of("on", "off"),
    "invoice_prefix": _number_prefix,
    "credit_note_prefix": _number_prefix,
    "invoice_years": _one_of("country", "yearly", "running"),
    "invoice_attached": _one_of("yes", "no"),
    "checkout_phone": _one_of("off", "optional", "required"),
    "cancel_page": _one_of("country", "on"),
    "dispute_lost": _one_of("ask", "keep", "end"),
    "withdrawal_page": _one_of("country", "on"),
    "renewal_notices": _one_of("year", "half_year", "every"),
    "renewal_notice_days": _days(7, MOST_NOTICE_DAYS),
    "trial_notice_days": _days(3, MOST_NOTICE_DAYS),
    "terms_consent": _one_of("off", "sentence", "tick"),
    "terms_pages": _at_most(400),
    "behaviour": _one_of("off", "counts", "visits"),
    "behaviour_asking": _one_of("country", "always"),
    "behaviour_months": _months(1, MOST_BEHAVIOUR_MONTHS),
    "personal_shelves": _one_of("on", "off"),
    "delivery_dates": _one_of("on", "off"),
    "handling_least": _whole(MOST_HANDLING_DAYS),
    "handling_most": _whole(MOST_HANDLING_DAYS),
    "order_cutoff": _time,
    "packing_days": _weekdays,
    "packing_holidays": _one_of("yes", "no"),
    "holiday_region": _at_most(30),
    "weight_unit": _one_of("kg", "lb"),
    "trade": lambda text: "" if re.fullmatch(r"[a-z]{0,20}", text) else f"must be one of the list, not “{text}”",
}
