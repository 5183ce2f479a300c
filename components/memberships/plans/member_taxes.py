"""The taxes in one member's fee: by the address in their account, as it is now."""

from uuid import UUID

from components.people import addresses
from components.pricing import fee_destination
from components.pricing.destination_tax import DestinationTax


async def of_member(person_id: UUID | None) -> DestinationTax:
    """Those at home for somebody without an address."""
    found = await addresses.of_person(person_id) if person_id else []
    return fee_destination.of((found[0].country, found[0].region) if found else None)
