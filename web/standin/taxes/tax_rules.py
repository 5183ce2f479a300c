"""Which taxes an amount has at a place, and how they are rounded. Pure."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from web.standin.taxes import codes, places
from web.standin.taxes.places import Jurisdiction

Json = dict[str, Any]


class TaxRule:
    def __init__(self, country: str, taxes: Sequence[Jurisdiction], is_reversed: bool) -> None:
        self.country, self.taxes, self.is_reversed = country, taxes, is_reversed

    def rated(self, code: str) -> list[tuple[Jurisdiction | None, str, str]]:
        """Each tax with its rate and the reason for it; one without a rate where none is charged."""
        if not self.taxes:
            return [(None, "0", "not_collecting")]
        if code == codes.UNTAXED:
            return [(tax, "0", "product_exempt") for tax in self.taxes]
        if self.is_reversed:
            return [(tax, "0", "reverse_charge") for tax in self.taxes]
        reduced = places.BOOKS.get(self.country) if code == codes.BOOKS else None
        if reduced is not None:
            reason = "reduced_rated" if Decimal(reduced) else "zero_rated"
            return [(tax, reduced, reason) for tax in self.taxes]
        return [(tax, tax.percent, "standard_rated") for tax in self.taxes]

    def breakdown(self, amount: int, code: str, behaviour: str) -> list[Json]:
        """Contained in the amount, worked out once and shared out; or each on top, rounded on its own."""
        rated = self.rated(code)
        rates = [Decimal(rate) / 100 for _, rate, _ in rated]
        if behaviour == "exclusive":
            taxes, net = [_rounded(amount * rate) for rate in rates], amount
        else:
            whole = sum(rates, Decimal(0))
            contained = _rounded(amount * whole / (1 + whole))
            taxes, net = _shared(contained, rates), amount - contained
        return [self._part(one, tax, net) for one, tax in zip(rated, taxes, strict=True)]

    def _part(self, one: tuple[Jurisdiction | None, str, str], tax: int, net: int) -> Json:
        where, rate, reason = one
        is_taxed = reason in ("standard_rated", "reduced_rated", "zero_rated")
        return {
            "amount": tax,
            "jurisdiction": {
                "country": self.country,
                "display_name": where.name if where else self.country,
                "level": where.level if where else "country",
                "state": where.state if where else None,
            },
            "sourcing": "destination",
            "tax_rate_details": {"display_name": where.label, "percentage_decimal": rate, "tax_type": where.kind}
            if where and is_taxed
            else None,
            "taxability_reason": reason,
            "taxable_amount": net if is_taxed else 0,
        }


def _rounded(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def _shared(amount: int, rates: Sequence[Decimal]) -> list[int]:
    whole, given = sum(rates, Decimal(0)), list[int]()
    for at in range(len(rates)):
        upto = _rounded(amount * sum(rates[: at + 1], Decimal(0)) / whole) if whole else 0
        given.append(upto - sum(given))
    return given
