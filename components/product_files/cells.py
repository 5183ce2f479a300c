"""Parses cells: amounts, whole numbers, yes and no, weights, words. `BadCell` says what is wrong with a cell."""

import re
from decimal import Decimal, InvalidOperation

import nh3

from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.product_files import formula_escaping

_GRAMS = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_MOST = 2**31


class BadCell(Exception):
    pass


def amount(column: str, text: str) -> int | None:
    """Minor units of the shop's currency; None for an empty cell."""
    if not text.strip():
        return None
    try:
        found = Money.parse(text, shop_settings.current().currency).amount
    except ValueError as trouble:
        raise BadCell(f"{column} is “{text[:40]}”. {trouble}") from None
    if found < 0:
        raise BadCell(f"{column} is “{text[:40]}”. A price cannot be negative.")
    return found


def plain(minor: int | None) -> str:
    """The amount as both shops write it: "9.99", and "50" without empty decimals."""
    if minor is None:
        return ""
    written = Money(minor, shop_settings.current().currency).plain
    return re.sub(r"\.0+$", "", written)


def whole(column: str, text: str) -> int | None:
    if not text.strip():
        return None
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise BadCell(f"{column} is “{text[:40]}”, which is not a number.") from None
    if number != number.to_integral_value() or not -_MOST < number < _MOST:
        raise BadCell(f"{column} is “{text[:40]}”, which is not a valid whole number.")
    return int(number)


def yes(text: str) -> bool:
    return text.strip().lower() in {"true", "1", "yes", "notify"}


def grams(column: str, text: str, unit: str) -> int:
    if not text.strip():
        return 0
    try:
        weight = Decimal(text.strip().replace(",", ".")) * _GRAMS[unit]
    except (InvalidOperation, KeyError):
        raise BadCell(f"{column} is “{text[:40]}”, which is not a weight.") from None
    if not 0 <= weight < _MOST:
        raise BadCell(f"{column} is “{text[:40]}”, which is not a weight.")
    return int(weight.to_integral_value())


def weight(grams: int, unit: str) -> str:
    return format((grams / _GRAMS[unit]).normalize(), "f") if grams else ""


def words(text: str) -> str:
    return formula_escaping.unescape(text).strip()


def rich(text: str) -> str:
    """HTML with safe tags only, as stored."""
    return nh3.clean(formula_escaping.unescape(text)) if "<" in text else formula_escaping.unescape(text)


def comma_separated(text: str) -> tuple[str, ...]:
    """Comma-separated values; WooCommerce writes a comma inside a value as "\\,"."""
    parts = re.split(r"(?<!\\),", formula_escaping.unescape(text))
    return tuple(dict.fromkeys(part.replace("\\,", ",").strip() for part in parts if part.strip()))
