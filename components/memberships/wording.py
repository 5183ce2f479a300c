"""Amounts, intervals and dates in the shop's language, for text that is built here and stored or shown."""

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_currency

from components.foundation import settings
from components.foundation.money import Money

_EACH = {"week": "week", "month": "month", "year": "year"}


def money(amount: int, currency: str = "") -> str:
    """Minor units as "£12.50"."""
    shop = settings.current()
    currency = currency or shop.currency
    return str(format_currency(Money(amount, currency).decimal, currency, locale=shop.locale))


def day(at: datetime) -> str:
    """The shop's local date of an instant: "3 May 2026"."""
    shop = settings.current()
    return str(format_date(at.astimezone(ZoneInfo(shop.time_zone)), "d MMMM y", locale=shop.locale))


def interval(unit: str, count: int) -> str:
    """What follows a price: "a month", "a quarter", "every 2 months", "for life"."""
    if unit == "life":
        return "for life"
    if (unit, count) == ("month", 3):
        return "a quarter"
    each = _EACH[unit]
    return f"a {each}" if count == 1 else f"every {count} {each}s"


def length(unit: str, count: int) -> str:
    """ "a month", "6 months", "life"."""
    if unit == "life":
        return "life"
    return f"a {_EACH[unit]}" if count == 1 else f"{count} {_EACH[unit]}s"


def once(unit: str, count: int) -> str:
    """What follows a price that is paid once: "once, for 6 months"."""
    return f"once, for {length(unit, count)}"


def moment(at: datetime) -> str:
    """The shop's local date and time of an instant: "3 May 2026 at 09:00"."""
    local = at.astimezone(ZoneInfo(settings.current().time_zone))
    return f"{day(at)} at {local:%H:%M}"
