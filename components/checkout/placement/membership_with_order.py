"""Joining with an order: the account, the pending subscription and the order are created together or not at all."""

from dataclasses import replace
from uuid import UUID

from components.checkout.basket.membership_fee import JoinsWithOrder
from components.checkout.basket.priced_basket import Shopper
from components.checkout.taxes.tax_book import TaxedBuyer
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.memberships.billing import subscription_start, trials
from components.memberships.entitlements import hypothetical_member
from components.memberships.plans import plan_catalogue, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView
from components.orders.order_creation import Joining
from components.pricing import fee_destination


class JoinsUnnamed(Refusal):
    message = N_("Please confirm your e-mail before you join.")


def plans_offered(shopper: Shopper) -> tuple[PlanView, ...]:
    """Plans that can be joined together with an order; none for a member, on hold or not."""
    if shopper.standing.has_membership:
        return ()
    return tuple(plan for plan in plan_catalogue.active_plans(shopper.at) if plan.renews)


async def as_member(shopper: Shopper, plan_slug: str) -> Shopper:
    """The same person with the plan's benefits; unchanged when the plan cannot be joined here.

    With the plan's trial if they may have one, as far as they may know: `trials.days_for`.
    """
    plan = next((plan for plan in plans_offered(shopper) if plan.slug == plan_slug), None)
    if plan is None:
        return shopper
    plan = await reverse_charges.plan_for(plan, shopper.person_id)
    standing = await hypothetical_member.joining_plan(shopper.standing, plan.slug, at=shopper.at)
    days = await trials.days_for(shopper.person_id, plan)
    return replace(shopper, standing=standing, joins=JoinsWithOrder(plan, days))


async def start(shopper: Shopper, buyer: TaxedBuyer) -> tuple[UUID | None, Joining | None]:
    """Within the placing transaction: the order's person, and the membership that is pending until paid with it.

    The tax in its fee is that of where the order goes, on the order and in what is kept of its first period; none for
    whoever pays fees without, whatever number the order has.

    Whoever joins has signed in before. Raises `JoinsUnnamed` for a guest, `AlreadySubscribed`.
    """
    joins = shopper.joins
    if joins is None:
        return shopper.person_id, None
    person_id = shopper.person_id
    if person_id is None:
        raise JoinsUnnamed
    place = (buyer.country, buyer.region)
    return person_id, Joining(
        subscription_id=await subscription_start.create_pending(person_id, joins.plan, place=place),
        plan_name=joins.plan.name,
        fee=joins.fee,
        trial_days=joins.trial_days,
        words=joins.words,
        taxes=joins.taxes(fee_destination.of(place)),
    )
