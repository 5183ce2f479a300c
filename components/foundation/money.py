"""Money: whole minor units of one currency. Never a float, never two currencies added up."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from components.foundation import currencies

WHOLE = 10_000  # basis points


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
        """Read "12.50". Raises ValueError, in words, for anything that is not an amount of this currency."""
        places = currencies.decimals(currency)
        try:
            number = Decimal(written.strip().replace(",", ""))
        except InvalidOperation:
            raise ValueError("Write an amount like 12.50.") from None
        if not number.is_finite() or abs(number) >= Decimal(10) ** 12:
            raise ValueError("That amount is too large.")
        scaled = number.scaleb(places)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"An amount has at most {places} decimals.")
        return cls(int(scaled), currency)

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
            raise ValueError(f"{self.currency} and {other.currency} cannot be added up")
        return other.amount
