"""Parses cells: amounts, whole numbers, yes and no, weights, words. `BadCell` says what is wrong with a cell."""

import html
import re
from decimal import Decimal, InvalidOperation

import nh3

from components.foundation.money import Money
from components.foundation.sheets import formula_escaping
from components.foundation.shop_settings import shop_settings

_GRAMS = {
    "kg": Decimal(1000),
    "g": Decimal(1),
    "lb": Decimal("453.59237"),
    "lbs": Decimal("453.59237"),
    "oz": Decimal("28.349523125"),
}
_MOST = 2**31
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_EUROPEAN = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+")
_YES = frozenset({"true", "1", "yes", "notify", "wahr", "vrai", "verdadero", "vero", "waar", "verdadeiro", "prawda"})
"""As shops write it, and spreadsheets in other languages."""
_TAG = re.compile(r"<[a-z!/][^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|ul|ol|li|table|tr|td|th|tbody|thead|h[1-6]|blockquote|pre|hr)\b", re.IGNORECASE)


class BadCell(Exception):
    pass


def amount(column: str, text: str) -> int | None:
    """Minor units of the shop's currency; None for an empty cell."""
    if not text.strip():
        return None
    try:
        found = Money.parse(_with_point(text), shop_settings.current().currency).amount
    except ValueError as trouble:
        raise BadCell(f"{column} is “{text[:40]}”. {trouble}") from None
    if found < 0:
        raise BadCell(f"{column} is “{text[:40]}”. A price cannot be negative.")
    return found


def _with_point(text: str) -> str:
    """ "1.299,00" as much of Europe writes it, and with any kind of space between the thousands."""
    written = _SPACES.sub("", text)
    return written.replace(".", "").replace(",", ".") if _EUROPEAN.fullmatch(written) else written


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
    return text.strip().lower() in _YES


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


def code(text: str) -> str:
    """A SKU or barcode: other shops put an apostrophe before one, so that spreadsheets keep its zeros."""
    return text.strip().removeprefix("'").strip()


def rich(text: str) -> str:
    """HTML with safe tags only, as stored. Without any tag it is the text that it stands for."""
    written = formula_escaping.unescape(text)
    if not _TAG.search(written):
        plain = html.unescape(written)
        return plain if "<" not in plain else written
    return nh3.clean(written)


def lines_of(text: str) -> str:
    """WooCommerce writes a line end as a backslash and an n, and a backslash before an n as two."""
    return "\\n".join(part.replace("\\n", "\n") for part in text.split("\\\\n")).replace("\r\n", "\n").replace("\r", "")


def with_lines(text: str) -> str:
    """The same, backwards."""
    return text.replace("\\n", "\\\\n").replace("\n", "\\n")


def broken(text: str) -> str:
    """A text in which every line end counts, as WooCommerce shows it; between blocks of HTML it counts nowhere."""
    if not _TAG.search(text):
        return re.sub(r"(?<!\n)(?<!  )\n(?!\n)", "  \n", text)
    if "\n" not in text or re.search(r"<(?:p|br)\b", text, re.IGNORECASE):
        return text
    parts = (part.strip() for part in re.split(r"\n{2,}", text))
    return "\n".join(_paragraph(part) for part in parts if part)


def _paragraph(part: str) -> str:
    return part if _BLOCK.search(part) else f"<p>{part.replace(chr(10), '<br>')}</p>"


def comma_separated(text: str) -> tuple[str, ...]:
    """Comma-separated values; WooCommerce writes a comma inside a value as "\\,"."""
    parts = re.split(r"(?<!\\),", formula_escaping.unescape(text))
    return tuple(dict.fromkeys(part.replace("\\,", ",").strip() for part in parts if part.strip()))


def terms(text: str) -> tuple[str, ...]:
    """The same of names, which WooCommerce keeps as HTML: "Tea &amp; Coffee"."""
    return tuple(dict.fromkeys(html.unescape(part) for part in comma_separated(text)))


def name(text: str) -> str:
    return html.unescape(words(text))
