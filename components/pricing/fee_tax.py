"""The tax in a membership fee. A fee is always charged as shown, so it holds tax only where prices include it. Pure."""

from components.pricing.tax import TaxTerms


def tax_in(fee: int, terms: TaxTerms) -> int:
    """Minor units of tax in a fee; none in what credit has paid for."""
    return terms.contained(terms.on(max(fee, 0)))


def net(fee: int, terms: TaxTerms) -> int:
    """The fee without its tax, in minor units; never more than the fee."""
    return fee - tax_in(fee, terms)
