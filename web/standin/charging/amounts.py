"""Integer arithmetic of money: minor units, halves rounded away from zero, the currencies' smallest charges."""

from typing import Any

# Stripe's documented minimum charge, in minor units; other currencies have no minimum here.
SMALLEST = {"aed": 200, "aud": 50, "bgn": 100, "brl": 50, "cad": 50, "chf": 50, "czk": 1500, "dkk": 250, "eur": 50}
SMALLEST |= {"gbp": 30, "hkd": 400, "inr": 50, "jpy": 50, "mxn": 1000, "myr": 200, "nok": 300, "nzd": 50, "pln": 200}
SMALLEST |= {"ron": 200, "sek": 300, "sgd": 50, "thb": 1000, "usd": 50}
WITH_THREE_DECIMALS = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
WITHOUT_FRACTIONS = frozenset({"isk", "ugx"})
"""Written with two decimals that must be zero."""
WITHOUT_DECIMALS = {
    "bif",
    "clp",
    "djf",
    "gnf",
    "jpy",
    "kmf",
    "krw",
    "mga",
    "pyg",
    "rwf",
    "vnd",
    "vuv",
    "xaf",
    "xof",
    "xpf",
}
LARGEST = 99_999_999


def share(amount: int, numerator: int, denominator: int) -> int:
    """amount × numerator ÷ denominator, halves away from zero."""
    product = abs(amount * numerator)
    rounded = (2 * product + denominator) // (2 * denominator)
    return rounded if amount * numerator >= 0 else -rounded


def percent_of(amount: int, percent: float) -> int:
    """`percent` as in Stripe's API, with at most two decimals."""
    return share(amount, round(percent * 100), 10_000)


def spread(total: int, weights: list[int]) -> list[int]:
    """`total` in parts proportional to `weights`, to the last unit."""
    parts: list[int] = []
    whole, given, seen = sum(weights), 0, 0
    for weight in weights:
        seen += weight
        upto = share(total, seen, whole) if whole else 0
        parts.append(upto - given)
        given = upto
    return parts


def step(currency: str) -> int:
    """An amount must be a multiple of this."""
    return 10 if currency in WITH_THREE_DECIMALS else 100 if currency in WITHOUT_FRACTIONS else 1


def smallest_charge(currency: str) -> int:
    return SMALLEST.get(currency, 0)


def in_words(amount: int, currency: str) -> str:
    sign = {"gbp": "£", "eur": "€", "usd": "$", "jpy": "¥"}.get(currency, f"{currency.upper()} ")
    minus = "−" if amount < 0 else ""
    if currency in WITHOUT_DECIMALS:
        return f"{minus}{sign}{abs(amount):,}"
    whole, cents = divmod(abs(amount), 100)
    return f"{minus}{sign}{whole:,}.{cents:02d}"


def interval_in_words(recurring: dict[str, Any]) -> str:
    count, interval = recurring["interval_count"], recurring["interval"]
    return str(interval) if count == 1 else f"{count} {interval}s"
