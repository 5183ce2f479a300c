"""What somebody who joined with an order reads on its page, in the first days."""

from dataclasses import dataclass
from datetime import timedelta

from components.foundation import clock
from components.memberships.billing import subscription_start, subscriptions, trials
from components.memberships.billing.subscription_state import OVER
from components.memberships.grants import paid_once
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.orders.views import OrderView

WELCOMED = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Welcome:
    """The benefits of somebody who joined with the order."""

    plan_name: str
    benefits: tuple[str, ...]
    renews: bool


async def of(order: OrderView) -> Welcome | None:
    """For somebody who joined with this order and is still a member, in the first days after it was paid."""
    if not order.begins_membership or order.paid_at is None or clock.now() - order.paid_at > WELCOMED:
        return None
    if order.joins is None:
        return await _welcome_to_term(order)
    if order.joining_trial_days and await trials.was_refused(order.joins):
        return None
    if (await subscriptions.by_id(order.joins)).status in OVER:
        return None
    return _welcome_to(await subscription_start.plan_of(order.joins))


async def _welcome_to_term(order: OrderView) -> Welcome | None:
    term = await paid_once.of_reference(order.joins_term) if order.joins_term else None
    is_over = term is None or not term.is_paid or not term.goes_on
    return None if is_over or term is None else _welcome_to(plan_catalogue.by_version(term.plan_version))


def _welcome_to(plan: PlanView) -> Welcome:
    return Welcome(plan_name=plan.name, benefits=tuple(one.words for one in plan.benefits), renews=plan.renews)
