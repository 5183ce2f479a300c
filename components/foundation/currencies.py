"""The currencies Clubfront can take money in, and how many decimals each has.

Currencies that payment processors treat specially (UGX and ISK are written without decimals but billed as
if they had two; three-decimal currencies must end in zero) are not supported rather than handled incorrectly.
"""

from components.foundation.refusals import Refusal

_DECIMALS = {
    **dict.fromkeys(
        [
            "AED",
            "AUD",
            "BGN",
            "BRL",
            "CAD",
            "CHF",
            "CZK",
            "DKK",
            "EUR",
            "GBP",
            "HKD",
            "ILS",
            "INR",
            "MXN",
            "MYR",
            "NOK",
            "NZD",
            "PHP",
            "PLN",
            "RON",
            "SEK",
            "SGD",
            "THB",
            "USD",
            "ZAR",
        ],
        2,
    ),
    **dict.fromkeys(["JPY", "KRW", "VND", "CLP"], 0),
}

_SIGNS = {
    "£": ("GBP",),
    "€": ("EUR",),
    "¥": ("JPY",),
    "₹": ("INR",),
    "₩": ("KRW",),
    "₫": ("VND",),
    "₪": ("ILS",),
    "฿": ("THB",),
    "₱": ("PHP",),
    "zł": ("PLN",),
    "kr": ("DKK", "NOK", "SEK"),
    "$": ("USD", "AUD", "CAD", "NZD", "SGD", "HKD", "MXN", "CLP"),
}


class UnsupportedCurrency(Refusal):
    def __init__(self, currency: str) -> None:
        super().__init__(f"Payments in “{currency}” are not supported.")


def decimals(currency: str) -> int:
    """The number of decimals of this currency. Raises `UnsupportedCurrency`."""
    try:
        return _DECIMALS[currency]
    except KeyError:
        raise UnsupportedCurrency(currency) from None


def supported() -> tuple[str, ...]:
    return tuple(sorted(_DECIMALS))


def signed_as(mark: str) -> tuple[str, ...]:
    """The currencies that "£", "$" or "gbp" can mean; none for an unknown sign or code."""
    code = mark.upper()
    return (code,) if len(code) == 3 and code.isascii() and code.isalpha() else _SIGNS.get(mark.lower(), ())
