"""Money, shares, dates and intervals as the shop writes them: in its locale, its currency and its time zone.

Pages, e-mails and every sentence made in Python use these, so that an amount or an instant reads the same everywhere.
"""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime, format_interval
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol

from components.foundation.languages import catalogues, language
from components.foundation.languages.words import _, np_, p_
from components.foundation.money import WHOLE, Money
from components.foundation.shop_settings import shop_settings

THIN_SPACE = "\u2009"
"""Around dashes in the CLDR: many mail programs show it too wide, or as a box."""

MINUS = "−"
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\N{LEFT-TO-RIGHT MARK}", "\N{RIGHT-TO-LEFT MARK}"
_BELOW_NOTHING = re.compile(f"{MINUS}[^\\s{LEFT_TO_RIGHT}{RIGHT_TO_LEFT}]+")


def money(amount: int | Money, currency: str = "") -> str:
    """ "£12.50", from Money, or from minor units of `currency` (the shop's own when none is named)."""
    of = _as_money(amount, currency)
    return _money(of.amount, of.currency, language.locale())


def loss(amount: int | Money) -> str:
    """ "−£12.50", of what is taken off."""
    of = _as_money(amount, "")
    return money(Money(-of.amount, of.currency))


def gain(amount: int | Money) -> str:
    """ "+£12.50"."""
    return loss(amount).replace(MINUS, "+")


def currency_sign() -> str:
    """ "£", or its code where it has no sign of its own."""
    shop = shop_settings.current()
    return str(get_currency_symbol(shop.currency, locale=language.locale()))


def club_name() -> str:
    """The membership's name within a sentence. The article of "the Reading Club" belongs to English sentences only."""
    name = shop_settings.current().club_name
    return name if language.current() == catalogues.SOURCE else name.removeprefix("the ")


def plain(amount: int | Money) -> str:
    """ "12.50": the amount as a machine reads it."""
    return _as_money(amount, "").plain


def percent(basis_points: int | Decimal) -> str:
    """ "7.5%", from hundredths of a per cent."""
    share = Decimal(basis_points) / WHOLE
    return _with_minus(format_percent(share, locale=language.locale(), decimal_quantization=False))


def number(count: int) -> str:
    """ "1,234"."""
    return _with_minus(format_decimal(count, locale=language.locale()))


def day(at: datetime) -> str:
    """ "3 May 2027", as the shop's own clocks show it."""
    return _date(at, p_("date", "d MMMM y"))


def moment(at: datetime) -> str:
    """ "Friday 27 November 2027 at 09:00", as the shop's own clocks show it."""
    return _date(at, p_("date", "EEEE d MMMM y 'at' HH:mm"))


def weekday(at: datetime) -> str:
    """ "Friday 27 November", for a day not far off."""
    return _date(at, p_("date", "EEEE d MMMM"))


def weekday_and_time(at: datetime) -> str:
    """ "Friday 27 November at 09:00", for an instant not far off."""
    return _date(at, p_("date", "EEEE d MMMM 'at' HH:mm"))


def short_day(at: datetime) -> str:
    """ "27 Nov"."""
    return _date(at, p_("date", "d MMM"))


def date_span(first: date, last: date) -> str:
    """ "Thu 3 Dec – Sat 5 Dec", or "Thu 3 Dec" for one day, near enough to need no year."""
    return _span(first, last, language.locale())


def month(at: datetime) -> str:
    """ "November 2027"."""
    return _date(at, p_("date", "MMMM y"))


def short_month(at: datetime) -> str:
    """ "Nov 2027"."""
    return _date(at, p_("date", "MMM y"))


def interval(unit: str, count: int) -> str:
    """What follows a price: "a month", "a quarter", "every 2 months", "for life"."""
    if unit == "life":
        return _("for life")
    if (unit, count) == ("month", 3):
        return _("a quarter")
    return _EACH[unit](count)


def length(unit: str, count: int) -> str:
    """ "a month", "6 months", "life"."""
    return p_("length", "life") if unit == "life" else _LENGTHS[unit](count)


_EACH: dict[str, Callable[[int], str]] = {
    "day": lambda count: np_("each", "a day", "every %(num)s days", count),
    "week": lambda count: np_("each", "a week", "every %(num)s weeks", count),
    "month": lambda count: np_("each", "a month", "every %(num)s months", count),
    "year": lambda count: np_("each", "a year", "every %(num)s years", count),
}
_LENGTHS: dict[str, Callable[[int], str]] = {
    "day": lambda count: np_("length", "a day", "%(num)s days", count),
    "week": lambda count: np_("length", "a week", "%(num)s weeks", count),
    "month": lambda count: np_("length", "a month", "%(num)s months", count),
    "year": lambda count: np_("length", "a year", "%(num)s years", count),
}


def once(unit: str, count: int) -> str:
    """What follows a price that is paid once: "once, for 6 months"."""
    return _("once, for %(length)s", length=length(unit, count))


def _as_money(amount: int | Money, currency: str) -> Money:
    return amount if isinstance(amount, Money) else Money(amount, currency or shop_settings.current().currency)


@lru_cache(maxsize=20_000)
def _money(amount: int, currency: str, locale: str) -> str:
    written = _with_minus(format_currency(Money(amount, currency).decimal, currency, locale=locale))
    return _from_right_to_left(written, currency, locale) if Locale.parse(locale).text_direction == "rtl" else written


def _from_right_to_left(written: str, currency: str, locale: str) -> str:
    """The minus stays before its digits, and "UK£" is not turned into "£UK"."""
    sign = str(get_currency_symbol(currency, locale=locale))
    marked = f"{sign}{LEFT_TO_RIGHT}" if sign[:1].isalpha() else sign
    return _BELOW_NOTHING.sub(f"{LEFT_TO_RIGHT}\\g<0>{RIGHT_TO_LEFT}", written.replace(sign, marked))


def _with_minus(written: str) -> str:
    """With a real minus sign, which no line is broken after; many locales of the CLDR write a hyphen."""
    return written.replace("-", MINUS)


def _date(at: datetime, pattern: str) -> str:
    shop = shop_settings.current()
    return _written(at, pattern, shop.time_zone, language.locale())


@lru_cache(maxsize=2_000)
def _written(at: datetime, pattern: str, zone: str, locale: str) -> str:
    return str(format_datetime(at.astimezone(ZoneInfo(zone)), pattern, locale=locale))


@lru_cache(maxsize=2_000)
def _span(first: date, last: date, locale: str) -> str:
    return str(format_interval(first, last, "MMMEd", locale=locale)).replace(THIN_SPACE, " ")


def without_stop(words: str) -> str:
    """Words for the end of a sentence that has a full stop of its own: "MwSt." loses its own."""
    return words.removesuffix(".")
