"""Delivery methods for tests."""

from typing import Any
from uuid import UUID

from components.checkout.delivery import delivery_methods, delivery_zones
from components.checkout.delivery.delivery_methods import MethodTerms


async def method(name: str, *countries: str, fee: int, **rest: Any) -> UUID:
    """Offered in the zones of these countries, which are made when they are new, unless `zones` are named."""
    zones = rest.pop("zones", None) or await delivery_zones.of_countries(*countries)
    return await delivery_methods.create_method(MethodTerms(name=name, fee=fee, zones=zones, **rest))
