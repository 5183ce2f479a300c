"""The tax in the prices on the shelf, those of the shop's own country, as this process knows it.

`checkout` has the rates and keeps them here up to date, so that thresholds are stated in the prices shoppers see.
"""

from components.pricing.tax import NO_TAX, TaxTerms


class _Kept:
    tax = NO_TAX


def current_tax() -> TaxTerms:
    return _Kept.tax


def set_tax(tax: TaxTerms) -> None:
    _Kept.tax = tax


def included_in_prices(untaxed: int) -> int:
    """What goods worth `untaxed` before tax cost on the shelf, in minor units."""
    return _Kept.tax.shelf_price(untaxed)
