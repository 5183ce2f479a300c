"""The taxes in one member's fee: by the address in their account, as it is now."""

from datetime import datetime
from uuid import UUID

from components.memberships.plans.plan_catalogue import PlanView
from components.people import addresses
from components.pricing import fee_destination
from components.pricing.destination_tax import DestinationTax
from components.pricing.fee_destination import Place


async def of_member(person_id: UUID | None, *, at: datetime | None = None) -> DestinationTax:
    """Those at home for somebody without an address; of this instant, unless another is named."""
    return there(await place_of(person_id), at=at)


async def of_fee(plan: PlanView, payer: UUID) -> DestinationTax:
    """Of this payer's fee, which may be without tax."""
    return DestinationTax(inclusive=True) if plan.is_net else await of_member(payer)


async def place_of(person_id: UUID | None) -> Place | None:
    found = await addresses.of_person(person_id) if person_id else []
    return (found[0].country, found[0].region) if found else None


def there(place: Place | None, *, at: datetime | None = None) -> DestinationTax:
    return fee_destination.of(place, at=at)
