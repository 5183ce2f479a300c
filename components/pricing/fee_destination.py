"""The taxes in membership fees: those of the shop's own country, or, where it says so, those of the member's.

`checkout` owns the rates and says here what they are for a place at any instant. A fee is charged as shown: the
place only decides which tax is in it.
"""

from collections.abc import Callable
from datetime import datetime

from components.foundation import clock
from components.foundation.shop_settings import shop_settings
from components.pricing import domestic_tax
from components.pricing.destination_tax import DestinationTax

Place = tuple[str, str]
"""Country and region."""
REVERSE_CHARGE = "reverse charge"


class _Cache:
    of: Callable[[Place, str, datetime], DestinationTax] | None = None


def of(place: Place | None, *, at: datetime | None = None) -> DestinationTax:
    """The taxes in the fee of a member who lives there, now or at another instant. One whose place is not known counts
    as at home; so does one whom goods are sold to without the tax in their price, because a fee is not reduced by it.
    """
    if place is None or _Cache.of is None or shop_settings.current().fee_tax != "member":
        return domestic_tax.at_home(at)
    found = _Cache.of(place, "", at or clock.now())
    return domestic_tax.at_home(at) if found.taken_out or _is_on_top(found) else found


def _is_on_top(found: DestinationTax) -> bool:
    """Goods go there without the tax that would be put on top of their price at home; the fee has it on top already."""
    return found.code == "export" and shop_settings.current().prices_include_tax == "no"


def of_business(place: Place, vat_number: str, *, at: datetime | None = None) -> DestinationTax | None:
    """Reverse charge: no tax in the fee of a business with this number there, and why. None where its fee has tax, by
    the rule that orders have, so a number of no form is none."""
    if _Cache.of is None or not vat_number:
        return None
    found = _Cache.of(place, vat_number, at or clock.now())
    return DestinationTax(inclusive=True, note=found.note, code=found.code) if found.code == REVERSE_CHARGE else None


def follow(of_buyer: Callable[[Place, str, datetime], DestinationTax]) -> None:
    """From now on the taxes of a buyer's place and VAT number are those that this gives for an instant."""
    _Cache.of = staticmethod(of_buyer)
