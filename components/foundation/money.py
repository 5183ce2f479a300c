"""Money: whole minor units of one currency. Never a float, never two currencies added up."""

import re
from dataclasses import dataclass
from decimal import Decimal

from components.foundation import currencies
from components.foundation.languages.words import _

WHOLE = 10_000  # basis points
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)?|\.[0-9]+")
_MOST_DIGITS = 12


def share_of(amount: int, basis_points: int) -> int:
    """`basis_points` hundredths of a per cent of an amount in minor units; halves round away from zero."""
    parts = abs(amount * basis_points)
    rounded = (2 * parts + WHOLE) // (2 * WHOLE)
    return rounded if amount * basis_points >= 0 else -rounded


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """An amount in minor units (pence, cents; whole yen) of a currency."""

    amount: int
    currency: str

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(0, currency)

    @classmethod
    def parse(cls, written: str, currency: str) -> "Money":
        """Read "12.50", "12,50" or "1,250.00". A comma separates thousands only before exactly three digits.

        Raises ValueError with a readable message for anything that is not an amount of this currency.
        """
        places = currencies.decimals(currency)
        number = _number(written.strip(), example="12.50" if places else "1250")
        whole, _point, decimals = number.partition(".")
        if len(whole.lstrip("-0")) > _MOST_DIGITS:
            raise ValueError(_("This amount is too large."))
        if len(decimals.rstrip("0")) > places:
            raise ValueError(_("An amount has at most %(places)s decimals.", places=places))
        return cls(int(whole + decimals[:places].ljust(places, "0")), currency)

    @property
    def plain(self) -> str:
        """The amount as a machine reads it: "12.50", or "500" for a currency without decimals."""
        return str(self.decimal)

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.amount).scaleb(-currencies.decimals(self.currency))

    def share(self, basis_points: int) -> "Money":
        return Money(share_of(self.amount, basis_points), self.currency)

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def __mul__(self, times: int) -> "Money":
        return Money(self.amount * times, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        return self.amount != 0

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be added")
        return other.amount


def _number(written: str, *, example: str) -> str:
    """The digits with a point before the decimals. Raises ValueError for any other format."""
    sign, digits = ("-", written[1:].lstrip()) if written.startswith("-") else ("", written)
    if _GROUPED.fullmatch(digits):
        return sign + digits.replace(",", "")
    if _PLAIN.fullmatch(digits):
        return sign + "0" * digits.startswith(".") + digits.replace(",", ".")
    raise ValueError(_("Enter an amount like %(example)s.", example=example))
