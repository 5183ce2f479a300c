"""How the values of a chart are written: in full where they are read, and short beside the axis."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from babel import Locale
from babel.numbers import format_compact_currency, format_currency

from components.foundation import formatting
from components.foundation.languages import language
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings

COMPACT_FROM = 10_000


@dataclass(frozen=True, slots=True)
class Unit:
    """`least` is the smallest step of the axis."""

    words: Callable[[int], str]
    axis: Callable[[int], str]
    least: int


def money() -> Unit:
    return Unit(formatting.money, _short_money, 10 ** -int(Money(1, _currency()).decimal.as_tuple().exponent))


COUNT = Unit(formatting.number, formatting.number, 1)
SHARE = Unit(formatting.percent, formatting.percent, 100)
"""In hundredths of a per cent."""


def of(name: str) -> Unit:
    return {"money": money(), "count": COUNT, "share": SHARE}[name]


def _currency() -> str:
    return shop_settings.current().currency


def _short_money(amount: int) -> str:
    """ "£250", "£15K": whole units, which the steps of an axis are."""
    whole = Money(amount, _currency()).decimal
    if abs(whole) >= COMPACT_FROM:
        written = format_compact_currency(whole, _currency(), locale=language.locale(), fraction_digits=1)
        return str(written).replace("-", "\u2212")
    written = format_currency(whole, _currency(), _whole_pattern(), locale=language.locale(), currency_digits=False)
    return str(written).replace("-", "\u2212")


def _whole_pattern() -> str:
    """As amounts are written elsewhere, without the smaller unit: "¤#,##0" or "#,##0 ¤"."""
    usual = Locale.parse(language.locale()).currency_formats["standard"].pattern
    return re.sub(r"\.0+", "", usual)
