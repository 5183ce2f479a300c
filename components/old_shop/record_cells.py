"""Cells of customers' and orders' files: texts, e-mails, dates, amounts, countries."""

import html
import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from email_validator import EmailNotValidError, validate_email

from components.foundation import currencies, text
from components.foundation.sheets import formula_escaping
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.shop_settings import shop_settings
from components.foundation.shop_settings.setting_rules import COUNTRIES

_YES = frozenset({"yes", "y", "true", "1", "subscribed", "ja", "oui", "opted in"})
_NO = frozenset(
    {"no", "n", "false", "0", "not_subscribed", "not subscribed", "unsubscribed", "nein", "non", "redacted"}
)
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_EUROPEAN = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+")
_MOST = 10**12
_FORMS = (
    "%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%B %d, %Y %H:%M",
    "%B %d, %Y %I:%M %p", "%B %d, %Y",
)  # fmt: skip
"""How shops write an instant. Days and months that only a guess would tell apart (03/04/2025) are not among them."""


def words(sheet: CsvSheet, line: CsvLine, column: str, *, longest: int = 200) -> str:
    """Without the apostrophe that keeps a spreadsheet from running it, and without HTML's way of writing signs."""
    plain = html.unescape(formula_escaping.unescape(sheet.value(line, column)).strip().removeprefix("'"))
    return "".join(sign for sign in plain if sign in "\n\t" or sign.isprintable()).strip()[:longest]


def email(written: str) -> str | None:
    """None for what cannot be an address."""
    try:
        found = validate_email(written, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return text.normal_email(found.normalized)


def instant(written: str) -> datetime | None:
    """None for what is no date. Without a zone it is the shop's own."""
    plain = written.strip().removesuffix(" UTC").replace("Z", "+00:00") if written.strip()[:1].isdigit() else written
    plain = plain + " +0000" if written.strip().endswith(" UTC") else plain
    for form in _FORMS:
        try:
            found = datetime.strptime(plain.strip(), form)
        except ValueError:
            continue
        if not 1990 <= found.year <= 2200:
            return None
        return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(shop_settings.current().time_zone))
    return None


def amount(written: str, currency: str) -> int | None:
    """Minor units, rounded to them, without its sign; None for an empty cell. Raises ValueError."""
    plain = _SPACES.sub("", re.sub(r"[^\d.,\-'\s]", "", written))
    if not plain:
        if written.strip():
            raise ValueError(written)
        return None
    if _EUROPEAN.fullmatch(plain):
        plain = plain.replace(".", "")
    elif _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    try:
        found = abs(Decimal(plain.replace(",", ".")).scaleb(currencies.decimals(currency)))
    except InvalidOperation:
        raise ValueError(written) from None
    if found > _MOST:
        raise ValueError(written)
    return int(found.quantize(Decimal(1), rounding="ROUND_HALF_UP"))


def consent(written: str) -> str:
    """ "yes" and "no" only where the file says so; "" for anything else, such as “pending”."""
    plain = written.strip().casefold()
    return "yes" if plain in _YES else "no" if plain in _NO else ""


def country(code: str, name: str) -> str:
    """By its code, else by its name in English, German or the shop's own language; "" if there is none."""
    for written in (code, name):
        plain = written.strip()
        if plain.upper() in COUNTRIES:
            return plain.upper()
        if found := _names(shop_settings.current().locale).get(text.place_in_list(plain)):
            return found
    return ""


@lru_cache(maxsize=8)
def _names(locale: str) -> dict[str, str]:
    found: dict[str, str] = {"usa": "US", "uk": "GB", "great britain": "GB", "england": "GB"}
    for one in (locale, "de", "en"):
        for code, name in Locale.parse(one).territories.items():
            if code in COUNTRIES:
                found[text.place_in_list(name)] = code
    return found
