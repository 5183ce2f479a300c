"""The tax in a membership fee. A fee is always charged as shown, so it holds tax only where prices include it. Pure."""

from components.pricing.destination_tax import DestinationTax, TaxShare
from components.pricing.tax import TaxTerms


def tax_in(fee: int, terms: TaxTerms) -> int:
    """Minor units of tax in a fee; none in what credit has paid for."""
    return terms.contained(terms.on(max(fee, 0)))


def net(fee: int, terms: TaxTerms) -> int:
    """The fee without its tax, in minor units; never more than the fee."""
    return fee - tax_in(fee, terms)


def shares(fee: int, category: str, home: DestinationTax) -> tuple[TaxShare, ...]:
    """Each tax in a fee of this category: those of the shop's own country."""
    return home.shares(category, fee) if home.inclusive and fee > 0 else ()
