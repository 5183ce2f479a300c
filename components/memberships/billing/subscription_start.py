"""Joining: a subscription waits for its first payment on a hosted page; access follows from the mirror alone."""

import contextlib
from dataclasses import replace
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock, database, ids
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.memberships.billing import subscriptions, trials
from components.memberships.billing.states import replaced_joinings, unpaid_joinings
from components.memberships.billing.subscription_state import OVER
from components.memberships.discounts import codes_with_orders, fee_codes
from components.memberships.discounts.fee_codes import FeeCode
from components.memberships.grants import fixed_term
from components.memberships.plans import reverse_charges
from components.memberships.plans.plan_catalogue import PlanView, by_version
from components.memberships.promises import plan_places
from components.memberships.tables import Subscription
from components.payments import running_subscriptions
from components.payments.checkout_sessions import pages
from components.payments.payment_refusals import AlreadyPaid, NoSubscription, UnknownAtStripe
from components.payments.values import Payer, SessionDiscount, SessionLine, SessionTrial
from components.pricing.fee_destination import Place


class AlreadySubscribed(Refusal):
    message = N_("You already have an active membership, so there’s no need to pay for a second one.")
    status = 409


class OwesPayment(AlreadySubscribed):
    message = N_(
        "Your membership has a payment that hasn’t gone through. Pay it from your membership page and your benefits "
        "are back straight away; there’s no need to join again."
    )


class NothingToPay(Refusal):
    message = N_("This plan is free, so no payment is needed.")


async def start(
    payer: Payer, plan: PlanView, *, success_path: str, cancel_path: str, code: FeeCode | None = None
) -> str:
    """Where the person pays for the plan's first period. A second click gives the same page.

    Those who were never members can try it first, when the plan has a trial. Plans paid once are in `once`. A business
    that owes the tax itself pays the price without it. Their page for a plan of the other kind closes.
    Raises `AlreadySubscribed`, `NothingToPay`, `PaidElsewhere`, `CouponGone`, and what `payments.pages.open` raises.
    """
    if plan.is_free:
        raise NothingToPay
    plan = await reverse_charges.plan_for(plan, payer.person_id)
    assert payer.person_id is not None
    await replaced_joinings.end_other(payer.person_id, for_term=plan.is_once)
    if plan.is_once:
        return await fixed_term.start(payer, plan, success_path=success_path, cancel_path=cancel_path, code=code)
    days = await trials.days_for(payer.person_id, plan)
    subscription_id = await _pending(payer.person_id, plan.version_id, place=None)
    try:
        price = await subscriptions.price_of(plan)
        discount = await _discount(subscription_id, replace(code, trial_days=days) if code else None, payer)
        page = await pages.open(
            "joining",
            subscription_id,
            payer=payer,
            lines=(SessionLine(plan.name, plan.price.amount, recurring=price),),
            currency=plan.price.currency,
            success_path=success_path,
            cancel_path=cancel_path,
            trial=SessionTrial(days, plan.trial_ends) if days else None,
            discount=discount,
        )
    except AlreadyPaid as paid:
        return f"{success_path}?session_id={paid.page.stripe_session_id}"
    except Refusal:
        await unpaid_joinings.give_up_code(subscription_id)
        raise
    return page.url or success_path


async def _discount(subscription_id: UUID, code: FeeCode | None, payer: Payer) -> SessionDiscount | None:
    if code is not None:
        return await fee_codes.hold(subscription_id, code, payer)
    await fee_codes.release(subscription_id, "replaced")
    return None


async def create_pending(person_id: UUID, plan: PlanView, *, place: Place | None = None) -> UUID:
    """The subscription that waits to be paid for together with an order, without a code (`codes_with_orders.hold`);
    `place` is where that goes, whose tax is in the first fee. Raises `AlreadySubscribed`."""
    subscription_id = await _pending(person_id, plan.version_id, place=place)
    await fee_codes.release(subscription_id, "replaced")
    return subscription_id


async def plan_of(subscription_id: UUID) -> PlanView:
    """The plan it is for, at the price it was begun with. Raises `NotFound`."""
    return by_version((await subscriptions.by_id(subscription_id)).plan_version)


async def is_for(subscription_id: UUID, version_id: UUID) -> bool:
    """False where it waits to be paid at another price."""
    other = (Subscription.status == "pending") & (Subscription.plan_version != version_id)
    return not await Subscription.exists().where((Subscription.id == subscription_id) & other)


async def page_line(
    subscription_id: UUID, *, discount_id: UUID | None = None, off: int = 0
) -> tuple[SessionLine, SessionDiscount | None]:
    """What a waiting subscription costs, as a line of an order's payment page, and what is taken `off` it there; its
    first period is charged at once. A code that waits for another page is given back."""
    plan = await plan_of(subscription_id)
    price = await subscriptions.price_of(plan)
    await fee_codes.release(subscription_id, "replaced", but=discount_id)
    line = SessionLine(plan.name, plan.price.amount, recurring=price)
    return line, await codes_with_orders.on_page(discount_id, plan, price, off=off) if discount_id and off else None


async def complete(subscription_id: UUID) -> Subscription:
    """Look up the payment and update the membership. Raises `NotFound`, `StripeUnavailable`."""
    page = await pages.for_reference("joining", subscription_id)
    if page is not None and not page.is_paid:
        await pages.sync(page)
    await trials.admit(subscription_id)
    await subscriptions.apply(subscription_id)
    return await subscriptions.by_id(subscription_id)


async def pending(person_id: UUID) -> Subscription | None:
    """The subscription whose first payment is still to come, if any."""
    is_waiting = Subscription.status.is_in(["pending", "incomplete"])
    return await Subscription.objects().where((Subscription.payer == person_id) & is_waiting).first()


async def fail(subscription_id: UUID) -> None:
    """Its first payment will not come: it ends at Stripe, so that nothing is tried again; the person may start anew.

    Raises `StripeUnavailable`. May be repeated.
    """
    if (await subscriptions.by_id(subscription_id)).status != "incomplete":
        return
    with contextlib.suppress(NoSubscription, UnknownAtStripe):
        await running_subscriptions.end_now(subscription_id)
    lapsed = Subscription.update({Subscription.status: "lapsed", Subscription.ended_at: clock.now()})
    await lapsed.where((Subscription.id == subscription_id) & (Subscription.status.is_in(["incomplete", "cancelled"])))


_INSERT_ONE_RUNNING = """
INSERT INTO subscription (id, payer, plan_version, status, attempt, created_at) VALUES ($1, $2, $3, 'pending', 1, $4)
ON CONFLICT (payer) WHERE status NOT IN ('cancelled', 'lapsed') DO NOTHING
"""


def _ordered(place: Place | None) -> dict[Column | str, Any]:
    country, region = place or ("", "")
    at = clock.now() if place else None
    return {Subscription.order_country: country, Subscription.order_region: region, Subscription.ordered_at: at}


async def _pending(payer: UUID, version_id: UUID, *, place: Place | None) -> UUID:
    """The one waiting subscription of the person, for this price. The partial unique index prevents a second one."""
    async with database.transaction():
        await plan_places.take(by_version(version_id).id, payer)
        await database.execute(_INSERT_ONE_RUNNING, ids.new(), payer, version_id, clock.now())
        is_running = (Subscription.payer == payer) & Subscription.status.not_in(list(OVER))
        running = await database.locked(Subscription, is_running)
        if running is None or running.status not in ("pending", "incomplete"):
            raise OwesPayment if running and running.status in ("past_due", "unpaid") else AlreadySubscribed
        if running.plan_version != version_id and running.status == "pending":
            await running.update_self({Subscription.plan_version: version_id})
        if running.status == "pending":
            await running.update_self(_ordered(place))
        subscription_id: UUID = running.id
    return subscription_id
