"""The tax in a membership fee. A fee is always charged as shown, with its tax in it; where the shop's prices are
without tax, it was put on top when the fee was set. Pure."""

from dataclasses import replace

from components.pricing.destination_tax import DestinationTax, TaxShare
from components.pricing.tax import TaxTerms


def tax_in(fee: int, terms: TaxTerms) -> int:
    """Minor units of tax in a fee; none in what credit has paid for."""
    return replace(terms, inclusive=True).on(max(fee, 0))


def net(fee: int, terms: TaxTerms) -> int:
    """The fee without its tax, in minor units; never more than the fee."""
    return fee - tax_in(fee, terms)


def with_tax(net_fee: int, terms: TaxTerms) -> int:
    """The fee that is charged for one without tax: `net` of it is that again, to the penny."""
    return net_fee + replace(terms, inclusive=False).on(net_fee)


def shares(fee: int, category: str, home: DestinationTax) -> tuple[TaxShare, ...]:
    """Each tax in a fee of this category: those of the shop's own country."""
    return replace(home, inclusive=True).shares(category, fee) if fee > 0 else ()
