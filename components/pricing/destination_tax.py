"""The taxes on goods that go to one place, by tax category, as they are at one instant. Pure.

A category may have several taxes (Canada's GST and a province's PST). Where prices include tax, the tax contained in an
amount is worked out once for all of them together and shared out by largest remainder; where it is added, each tax is
rounded half up on its own. Either way what is charged is the sum of what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from components.pricing.allocation import spread
from components.pricing.tax import NEVER_TAXED, STANDARD, TaxTerms


class TaxAtRate(NamedTuple):
    """One tax: `rate_bp` in basis points, the category it was set for, and the id of the shop's rate."""

    name: str
    rate_bp: int
    category: str = STANDARD
    id: UUID | None = None


class TaxShare(NamedTuple):
    """How much of a tax is in, or on, some amount; `net` is that amount without any tax."""

    tax: TaxAtRate
    net: int
    amount: int


@dataclass(frozen=True, slots=True)
class DestinationTax:
    """`by_category` has the taxes of each category that has its own; the others have those of the standard one.

    `taken_out` are the taxes that the shop's prices contain but this buyer does not pay: they are taken out of every
    price. `note` is the sentence that says why there is no tax, for the order; `code` names the reason.
    """

    inclusive: bool
    by_category: Mapping[str, tuple[TaxAtRate, ...]] = field(default_factory=lambda: MappingProxyType({}))
    delivery: str = ""
    taken_out: DestinationTax | None = None
    note: str = ""
    code: str = ""

    @staticmethod
    def flat(terms: TaxTerms) -> DestinationTax:
        """The same rate for everything."""
        taxes = (TaxAtRate(terms.name, terms.rate_bp),) if terms.rate_bp else ()
        return DestinationTax(terms.inclusive, MappingProxyType({STANDARD: taxes}))

    def taxes(self, category: str) -> tuple[TaxAtRate, ...]:
        if category in NEVER_TAXED:
            return ()
        found = self.by_category.get(category)
        return self.by_category.get(STANDARD, ()) if found is None else found

    def terms(self, category: str = STANDARD) -> TaxTerms:
        """All taxes of the category as one rate."""
        taxes = self.taxes(category)
        name = " + ".join(dict.fromkeys(tax.name for tax in taxes)) or "Tax"
        return TaxTerms(sum(tax.rate_bp for tax in taxes), self.inclusive, name)

    def shares(self, category: str, amount: int) -> tuple[TaxShare, ...]:
        """Each tax in, or on, the amount."""
        taxes = self.taxes(category)
        if not self.inclusive:
            return tuple(TaxShare(tax, amount, TaxTerms(tax.rate_bp, False).on(amount)) for tax in taxes)
        contained = self.terms(category).on(amount)
        parts = _parts(contained, [tax.rate_bp for tax in taxes])
        return tuple(TaxShare(tax, amount - contained, part) for tax, part in zip(taxes, parts, strict=True))

    def on(self, category: str, amount: int) -> int:
        """The tax in, or on, an amount of goods of this category."""
        return sum(share.amount for share in self.shares(category, amount))

    def contained(self, category: str, amount: int) -> int:
        """The tax inside the amount: none where tax is added to prices."""
        return self.terms(category).on(amount) if self.inclusive else 0

    def asked(self, category: str, price: int) -> int:
        """The price this buyer is asked: the shop's, less the taxes in it that they do not pay."""
        return price - self.taken_out.contained(category, price) if self.taken_out else price

    def delivery_shares(self, fee: int, goods: Sequence[tuple[str, int]]) -> tuple[TaxShare, ...]:
        """The taxes on delivery: those of its own category, or those of the goods in proportion to their amounts."""
        if self.delivery:
            return self.shares(self.delivery, fee)
        amounts: dict[str, int] = {}
        for category, amount in goods:
            amounts[category] = amounts.get(category, 0) + amount
        if not any(amounts.values()):
            return self.shares(next(iter(amounts), STANDARD), fee)
        parts = _parts(fee, list(amounts.values()))
        return tuple(
            share
            for category, part in zip(amounts, parts, strict=True)
            if part
            for share in self.shares(category, part)
        )


def _parts(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """As `spread`, where a part may be more than its weight."""
    whole = sum(weights)
    return spread(amount, [weight * (amount // whole + 1) for weight in weights]) if whole else (0,) * len(weights)


def grouped(shares: Sequence[TaxShare]) -> tuple[TaxShare, ...]:
    """One row for each name and rate, the highest rate first: what an order shows. The rows add up to its tax."""
    found: dict[tuple[str, int], TaxShare] = {}
    for share in shares:
        key = (share.tax.name, share.tax.rate_bp)
        before = found.get(key)
        found[key] = TaxShare(
            before.tax if before else share.tax,
            share.net + (before.net if before else 0),
            share.amount + (before.amount if before else 0),
        )
    return tuple(sorted(found.values(), key=lambda share: (-share.tax.rate_bp, share.tax.name)))
