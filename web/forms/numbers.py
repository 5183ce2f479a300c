"""Fields for numbers: integers, amounts of money, percentages. Only the digits 0 to 9 are read, and no exponents."""

import re
from typing import Any

from babel.numbers import get_decimal_symbol

from components.foundation import currencies
from components.foundation.languages import language
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from web.forms.fields import Field, Wrong

_WHOLE = re.compile(r"[+-]?[0-9]{1,15}")
_PERCENT = re.compile(r"(-?)([0-9]{1,6})(?:[.,]([0-9]+))?\s*%?")
_IN_TWO_WAYS = re.compile(r"-?\s*([0-9]{0,2}[1-9]|[1-9][0-9]{1,2})([.,])([0-9]{3})")
_POINTS_GROUP = re.compile(r"-?\s*[0-9]{1,3}(\.[0-9]{3})+,[0-9]{1,2}|-?\s*[0-9]{1,3}(\.[0-9]{3}){2,}")
_AMOUNT = re.compile(r"([^0-9.,\s-]*)\s*(-?\s*[0-9.,]+)\s*([^0-9.,\s-]*)")


class Whole(Field[int]):
    kind = "number"

    def __init__(self, label: str, *, least: int = 0, most: int = 1_000_000, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least, self.most = least, most
        self.attributes |= {"min": least, "max": most, "inputmode": "numeric"}

    def read(self, typed: str) -> int:
        if not _WHOLE.fullmatch(typed):
            raise Wrong(_("Enter a whole number."))
        number = int(typed)
        if not self.least <= number <= self.most:
            raise Wrong(_("Choose a number from %(least)s to %(most)s.", least=self.least, most=self.most))
        return number


class VersionNumber(Field[int]):
    """The version that was edited, in a hidden field."""

    kind = "hidden"
    absent = 0

    def read(self, typed: str) -> int:
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 9 else -1


class AmountField(Field[int]):
    """An amount in the shop's currency; the value is in minor units. Another currency's sign or code is refused."""

    kind = "money"

    def __init__(self, label: str, *, least: int = 0, most: int = 100_000_000, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.least, self.most = least, most
        self.attributes["inputmode"] = "decimal"

    @property
    def wants(self) -> str:  # type: ignore[override]
        own = shop_settings.current().currency
        return _("In %(currency)s, for example %(example)s.", currency=own, example=_example(own))

    def read(self, typed: str) -> int:
        own = shop_settings.current().currency
        try:
            amount = Money.parse(_clear(_digits(typed, own), own), own).amount
        except ValueError as wrong:
            raise Wrong(str(wrong)) from None
        if amount < self.least:
            raise Wrong(_("Choose an amount of at least %(sum)s.", sum=_written(self.least, own)))
        if amount > self.most:
            raise Wrong(_("Choose an amount of at most %(sum)s.", sum=_written(self.most, own)))
        return amount

    def write(self, value: int | None) -> str:
        if value is None:
            return ""
        own = Money(value, shop_settings.current().currency)
        written = _written(own.amount, own.currency)
        return written if Money.parse(written, own.currency) == own else own.plain


class Percent(Field[int]):
    """A percentage such as 12.5; the value is in basis points."""

    kind = "percent"

    @property
    def wants(self) -> str:  # type: ignore[override]
        return f"A percentage, for example 10 or {in_own_digits('12.5')}."

    def __init__(self, label: str, **rest: Any) -> None:
        super().__init__(label, **rest)
        self.attributes["inputmode"] = "decimal"

    def read(self, typed: str) -> int:
        found = _PERCENT.fullmatch(typed)
        if found is None:
            raise Wrong(f"Enter a percentage like 10 or {in_own_digits('12.5')}.")
        sign, whole, decimals = found.group(1), found.group(2), (found.group(3) or "").rstrip("0")
        if len(decimals) > 2:
            raise Wrong("Use at most two decimal places.")
        return int(f"{sign}{whole}{decimals:0<2}")

    def write(self, value: int | None) -> str:
        if value is None:
            return ""
        whole, rest = divmod(abs(value), 100)
        return in_own_digits(f"{'-' * (value < 0)}{whole}.{rest:02}".rstrip("0").rstrip("."))


def _digits(typed: str, own: str) -> str:
    """The number without the currency's own sign or code. Raises `Wrong` for another currency's."""
    found = _AMOUNT.fullmatch(typed)
    like = _("Enter an amount like %(example)s.", example=_example(own))
    if found is None:
        raise Wrong(like)
    for mark in filter(None, (found.group(1), found.group(3))):
        meant = currencies.symbol(mark)
        if own not in meant:
            raise Wrong(_("Amounts must be in %(currency)s.", currency=own) if meant else like)
    return found.group(2)


def _clear(digits: str, own: str) -> str:
    """With points between thousands as without, where no more can be meant. Raises `Wrong` for "1.250", which is 1250
    to some and 1.25 to others; a comma there is between thousands where decimals have a point."""
    if _POINTS_GROUP.fullmatch(digits):
        return digits.replace(".", "")
    found = _IN_TWO_WAYS.fullmatch(digits)
    is_usual = found is None or currencies.decimals(own) != 2
    if is_usual or (found and found.group(2) == "," and get_decimal_symbol(language.locale()) == "."):
        return digits
    assert found is not None
    large, small = f"{found.group(1)}{found.group(3)}", in_own_digits(f"{found.group(1)}.{found.group(3)[:2]}")
    words = N_("%(typed)s can be read in two ways. Write %(large)s or %(small)s.")
    raise Wrong(_(words, typed=digits, large=large, small=small))


def _example(currency: str) -> str:
    return _written(1250, currency)


def _written(amount: int, currency: str) -> str:
    return in_own_digits(Money(amount, currency).plain)


def in_own_digits(plain: str) -> str:
    """As it is typed in the language spoken: "12.50", or "12,50"."""
    return plain.replace(".", get_decimal_symbol(language.locale()))
