"""Joining with an order: the account, the waiting subscription and the order are begun together or not at all."""

from uuid import UUID

from components.checkout.basket.membership_fee import JoinsWithOrder
from components.checkout.basket.priced_basket import Shopper
from components.memberships.billing import subscription_start, trials
from components.memberships.entitlements import hypothetical_member
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.orders.order_creation import Joining
from components.people import customer_accounts


def plans_offered(shopper: Shopper) -> tuple[PlanView, ...]:
    """Those that can be joined together with an order; none for somebody who is a member."""
    if shopper.standing.is_member:
        return ()
    return tuple(plan for plan in plan_catalogue.active_plans(shopper.at) if plan.renews)


async def as_member(shopper: Shopper, plan_slug: str, email: str) -> Shopper:
    """The same person with what the plan gives; the same as before when it is no plan to join here.

    With the plan's trial, if somebody of this e-mail may have one. Without an e-mail it is promised until one is known.
    """
    plan = next((plan for plan in plans_offered(shopper) if plan.slug == plan_slug), None)
    if plan is None:
        return shopper
    standing = await hypothetical_member.joining_plan(shopper.standing, plan.slug, at=shopper.at)
    days = await trials.days_for(shopper.person_id, email, plan)
    return Shopper(shopper.person_id, standing, shopper.at, JoinsWithOrder(plan, days))


async def start(shopper: Shopper, email: str, name: str) -> tuple[UUID | None, Joining | None]:
    """Within the placing transaction: who the order is for, and the membership that waits to be paid with it.

    A guest gets an account. Raises `EmailTaken` when the e-mail has one already, `AlreadySubscribed`.
    """
    joins = shopper.joins
    if joins is None:
        return shopper.person_id, None
    person_id = shopper.person_id or (await customer_accounts.sign_up(email, name=name)).id
    return person_id, Joining(
        subscription_id=await subscription_start.create_pending(person_id, joins.plan),
        plan_name=joins.plan.name,
        fee=joins.fee,
        trial_days=joins.trial_days,
        words=joins.words,
    )
