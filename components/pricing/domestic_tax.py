"""The taxes in the shop's displayed prices, those of its own country, cached in this process.

`checkout` owns the rates and says here what they are at any instant, so that fees and kept pages follow them.
"""

from collections.abc import Callable
from datetime import datetime

from components.foundation import clock
from components.pricing.destination_tax import DestinationTax
from components.pricing.tax import NO_TAX, STANDARD, TaxTerms


class _Cache:
    at: Callable[[datetime], DestinationTax] = staticmethod(lambda _at: DestinationTax.flat(NO_TAX))


def current_tax(category: str = STANDARD) -> TaxTerms:
    return at_home().terms(category)


def at_home(at: datetime | None = None) -> DestinationTax:
    """The taxes of every category at this instant, or at another one."""
    return _Cache.at(at or clock.now())


def key() -> tuple[object, ...]:
    """Differs whenever a tax does: part of the key of everything kept that shows one."""
    home = at_home()
    return (home.inclusive, home.code, *((name, taxes) for name, taxes in home.by_category.items()))


def set_tax(tax: TaxTerms) -> None:
    """One rate for everything, for ever."""
    follow(lambda _at: DestinationTax.flat(tax))


def follow(at: Callable[[datetime], DestinationTax]) -> None:
    """From now on the taxes are those that `at` gives for an instant."""
    _Cache.at = staticmethod(at)
