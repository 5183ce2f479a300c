"""The currencies Clubfront can take money in. How each is written is Babel's data, which is Unicode's.

Currencies that payment processors treat specially (UGX and ISK are written without decimals but billed as
if they had two; three-decimal currencies must end in zero) are not supported rather than handled incorrectly.
"""

import unicodedata
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.numbers import get_currency_precision, get_currency_symbol

from components.foundation.refusals import Refusal

SUPPORTED = frozenset({
    "AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CLP", "CZK", "DKK", "EUR", "GBP", "HKD", "ILS", "INR", "JPY", "KRW",
    "MXN", "MYR", "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "USD", "VND", "ZAR",
})  # fmt: skip


class UnsupportedCurrency(Refusal):
    def __init__(self, currency: str) -> None:
        super().__init__(f"Payments in “{currency}” are not supported.")


@cache
def decimals(currency: str) -> int:
    """The number of decimals of this currency. Raises `UnsupportedCurrency`."""
    if currency not in SUPPORTED:
        raise UnsupportedCurrency(currency)
    return int(get_currency_precision(currency))


def symbol(mark: str) -> frozenset[str]:
    """The currencies that "£", "$" or "gbp" can mean; none for an unknown sign or code."""
    code = mark.upper()
    if len(code) == 3 and code.isascii() and code.isalpha():
        return frozenset({code})
    return frozenset(each for each in SUPPORTED if mark.casefold().rstrip(".") in _signs(each))


@cache
def _signs(currency: str) -> frozenset[str]:
    """How it is marked in English and where it is at home, and that mark without its letters: "kr"; "A$" and "$"."""
    written = {get_currency_symbol(currency, locale) for locale in ("en", _home(currency))}
    bare = {"".join(sign for sign in one if unicodedata.category(sign) == "Sc") for one in written}
    return frozenset(one.casefold().rstrip(".") for one in written | bare if one)


def _home(currency: str) -> Locale | str:
    """The language of the country that a currency's code begins with; the euro's has none."""
    try:
        return Locale.parse(f"und_{currency[:2]}")
    except (UnknownLocaleError, ValueError):
        return "en"
