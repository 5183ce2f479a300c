"""The smallest amount Stripe charges in each currency, in minor units: https://docs.stripe.com/currencies.

A subscription's invoice below it is not charged but added to the next one, so a plan must not cost less.
"""

SMALLEST = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30,
    "HKD": 400, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200, "RON": 200,
    "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
}  # fmt: skip


def of(currency: str) -> int:
    """1 where Stripe documents no smallest amount."""
    return SMALLEST.get(currency, 1)
