"""Prices for a buyer who does not pay the tax that is in them. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from components.pricing.destination_tax import DestinationTax
from components.pricing.prices import Price
from components.pricing.traces import Considered

if TYPE_CHECKING:
    from components.catalog.views import VariantView


def without_tax(price: Price, variant: VariantView, there: DestinationTax) -> Price:
    """The same price less its tax, in every step of its trace too; as it is for everybody else."""
    if there.taken_out is None:
        return price

    def asked(amount: int | None) -> int | None:
        return None if amount is None else there.asked(variant.taxed_as, amount)

    def told() -> tuple[Considered, ...]:
        return tuple(replace(one, amount=asked(one.amount)) for one in price.told())

    return replace(
        price,
        now=there.asked(variant.taxed_as, price.now),
        regular=there.asked(variant.taxed_as, price.regular),
        was=asked(price.was),
        lowest_before=asked(price.lowest_before),
        told=told,
    )
