"""Tax on a line: calculated line by line and rounded half up there, so that the lines add up to the total.

Where prices include tax, the tax is the part of the price contained in it; where they do not, it is added.
"""

from __future__ import annotations

from dataclasses import dataclass

STANDARD = "standard"
EXEMPT = "exempt"
NEVER_TAXED = frozenset({"zero", EXEMPT})


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """A rate in basis points, and whether the shop's prices already include it."""

    rate_bp: int
    inclusive: bool
    name: str = "VAT"

    def on(self, amount: int) -> int:
        """The tax in (inclusive) or on (exclusive) an amount in minor units."""
        whole = 10_000 + self.rate_bp if self.inclusive else 10_000
        return (2 * amount * self.rate_bp + whole) // (2 * whole)

    def added(self, tax: int) -> int:
        return 0 if self.inclusive else tax


NO_TAX = TaxTerms(0, inclusive=True, name="Tax")
