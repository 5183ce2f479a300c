"""How many places of a plan are taken, in the list of plans."""

from uuid import UUID

from components.memberships.promises import plan_places


async def places_text(plan_id: UUID) -> str:
    """ "3 of 10 taken, 2 waiting"."""
    found = await plan_places.of_plan(plan_id)
    if found is None:
        return "Any number"
    taken = f"{found.taken:,} of {found.places:,} taken"
    return f"{taken}, {found.waiting:,} waiting" if found.waiting else taken
