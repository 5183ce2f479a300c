"""A basket for previews: units by variant that are not stored. Nothing is reserved for it and nobody can pay for it.

Which units may be added is decided as for any basket. Pure, apart from the catalogue.
"""

from collections.abc import Mapping
from uuid import UUID

from components.catalog.visibility import Access
from components.checkout.basket import baskets
from components.checkout.basket.basket_contents import BasketContents
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal

MOST_LINES = 20
"""It must fit in a cookie."""
NOWHERE = UUID(int=0)
Units = Mapping[UUID, int]


class TooMuch(Refusal):
    message = _("A preview basket can hold up to %(count)s different items.", count=MOST_LINES)


def contents_of(units: Units, person_id: UUID | None) -> BasketContents:
    return BasketContents(NOWHERE, person_id, units)


def with_added(units: Units, variant_id: UUID, *, quantity: int, access: Access) -> Units:
    """With this many more, or as many as are available. Raises `NotOnSale`, `SoldOut`, `TooFew`, `TooMuch`."""
    most, held = baskets.limit(variant_id, access), units.get(variant_id, 0)
    allowed = min(held + max(1, quantity), most)
    if most <= 0:
        raise baskets.SoldOut
    if allowed <= held:
        raise baskets.TooFew(held)
    if variant_id not in units and len(units) >= MOST_LINES:
        raise TooMuch
    return {**units, variant_id: allowed}


def with_changed(units: Units, variant_id: UUID, *, quantity: int, access: Access) -> Units:
    """With this quantity, or as many as are available; zero removes the line. Raises `NotOnSale`."""
    left = {one: units[one] for one in units if one != variant_id}
    if quantity <= 0 or variant_id not in units:
        return left
    allowed = min(quantity, baskets.limit(variant_id, access))
    return {**units, variant_id: allowed} if allowed > 0 else left
