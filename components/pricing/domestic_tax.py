"""The tax included in the shop's displayed prices, that of its own country, cached in this process.

`checkout` owns the rates and updates them here, so that thresholds are stated in the prices shoppers see.
"""

from components.pricing.tax import NO_TAX, TaxTerms


class _Cache:
    tax = NO_TAX


def current_tax() -> TaxTerms:
    return _Cache.tax


def set_tax(tax: TaxTerms) -> None:
    _Cache.tax = tax


def included_in_prices(untaxed: int) -> int:
    """The displayed price of goods worth `untaxed` before tax, in minor units."""
    return _Cache.tax.shelf_price(untaxed)
