"""E-mails about what a plan promises besides its benefits."""

from uuid import UUID

from components.foundation import clock, formatting, settings
from components.foundation.money import Money
from components.memberships.facts import GuaranteeSettled, PlaceOffered
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.promises import fee_guarantees, plan_places
from components.messaging.emails import member_recipients


async def guarantee_settled(fact: GuaranteeSettled) -> None:
    """Only where something became credit."""
    found = await fee_guarantees.by_id(fact.guarantee_id)
    if found is None or not found.given:
        return
    given = Money(found.given, found.currency)
    async with member_recipients.to(found.person) as send:
        await send(
            key=f"guarantee:{found.id}",
            template="guarantee_credit",
            subject=f"{formatting.money(given)} store credit for you",
            plan_name=_plan_name(found.plan),
            begins=found.starts_at,
            until=found.over_at,
            fee=Money(found.fee, found.currency),
            saved=formatting.money(Money(max(0, found.saved), found.currency)),
            given=given,
            credit_link=f"{settings.current().base_url}/account/credit",
        )


async def place_free(fact: PlaceOffered) -> None:
    """Not of one that was taken or given up meanwhile."""
    place = await plan_places.by_id(fact.place_id)
    if place is None or place.ended_at or not place.held_until or place.held_until <= clock.now():
        return
    plan = next((one for one in plan_catalogue.all_plans() if one.id == place.plan), None)
    if plan is None:
        return
    async with member_recipients.to(place.person) as send:
        await send(
            key=f"place-free:{place.id}",
            template="place_free",
            subject=f"A place is free: {plan.name}",
            plan_name=plan.name,
            price_words=(await reverse_charges.plan_for(plan, place.person)).price_words,
            until=place.held_until,
            join_link=f"{settings.current().base_url}/join/{plan.slug}",
        )


def _plan_name(plan_id: UUID) -> str:
    return next((plan.name for plan in plan_catalogue.all_plans() if plan.id == plan_id), "")
