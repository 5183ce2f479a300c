"""What Stripe Tax is asked and what it answers. Amounts in minor units."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """`amount` is the whole line's, with its tax in it where prices include tax."""

    reference: str
    amount: int
    quantity: int
    code: str


@dataclass(frozen=True, slots=True)
class TaxAddress:
    """Where the goods go, as far as tax depends on it; `region` is the second half of its ISO 3166-2 code."""

    country: str
    region: str = ""
    postcode: str = ""
    city: str = ""
    line1: str = ""


@dataclass(frozen=True, slots=True)
class TaxQuestion:
    """Everything that an answer depends on: equal questions have the same answer for a while. `tax_id` is its kind at
    Stripe and the number."""

    currency: str
    lines: tuple[TaxedLine, ...]
    delivery: int
    delivery_code: str
    address: TaxAddress
    inclusive: bool
    tax_id: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class StatedTax:
    """One tax of a line: `percent` as Stripe writes it, "" where none is charged, for `reason`."""

    name: str
    percent: str
    net: int
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class LineTax:
    amount: int
    tax: int
    parts: tuple[StatedTax, ...]


@dataclass(frozen=True, slots=True)
class TaxAnswer:
    """`lines` by their reference, and what Stripe says that all comes to, with taxes: None in answers that were kept
    before that was looked at. Stripe forgets the calculation when it has expired."""

    calculation: str
    lines: dict[str, LineTax]
    delivery: LineTax | None
    expires_at: datetime
    total: int | None = None

    def is_whole(self, asked: TaxQuestion) -> bool:
        """Whether everything that was asked about is in it, and comes to Stripe's own total."""
        if {line.reference: line.amount for line in asked.lines} != self._amounts():
            return False
        taxed = [*self.lines.values(), *([self.delivery] if self.delivery else [])]
        on_top = 0 if asked.inclusive else sum(one.tax for one in taxed)
        if sum(one.amount for one in taxed) + on_top != self.total:
            return False
        return (self.delivery.amount if self.delivery else 0) == asked.delivery

    def _amounts(self) -> dict[str, int]:
        return {reference: line.amount for reference, line in self.lines.items()}

    def says_the_same(self, other: TaxAnswer) -> bool:
        return (self.lines, self.delivery) == (other.lines, other.delivery)
