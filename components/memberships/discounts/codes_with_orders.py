"""A code on a first fee that is paid together with an order: off the fee alone, never off the goods."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import database
from components.memberships.discounts import fee_codes, fee_discounts
from components.memberships.discounts.fee_codes import FeeCode
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Subscription
from components.payments import plan_prices
from components.payments.discounting import subscription_discounts
from components.payments.values import Payer, PriceRef, SessionDiscount


async def hold(subscription_id: UUID, found: FeeCode, payer: Payer) -> UUID:
    """The discount for which a use is reserved, within the transaction that places the order and after what waited
    before was given back.

    With a trial nothing is taken off the order's page; Stripe is told once the trial has begun. Raises `CouponGone`.
    """
    await database.locked(Subscription, Subscription.id == subscription_id)
    row = await fee_codes.reserve(subscription_id, found, payer, rest_waits=not found.trial_days)
    return row.id


async def waits(discount_id: UUID | None) -> bool:
    """Whether its use is still reserved for the order that was placed with it; True without one."""
    if discount_id is None:
        return True
    is_open = FeeDiscount.ended_at.is_null() & FeeDiscount.begun_at.is_null()
    return bool(await FeeDiscount.exists().where((FeeDiscount.id == discount_id) & is_open))


async def on_page(discount_id: UUID, plan: PlanView, price: PriceRef, *, off: int) -> SessionDiscount:
    """For the page that the order is paid on: a coupon for the plan alone, since Stripe takes any other off all that is
    on the page, and for this one payment, since the plan may be another one by the next. Raises `StripeUnavailable`."""
    row = (await fee_discounts.by_id(discount_id)).row
    once = replace(fee_discounts.terms_of(row), payments=1).at_stripe(plan, row.code, spare=0)
    only_it = replace(once, product=await plan_prices.product_of(price))
    return SessionDiscount(await subscription_discounts.prepare_coupon(row.id, only_it), off)


async def put_rest(row: FeeDiscount) -> None:
    """The first payment was made with it: Stripe is told of those that follow. May run again.

    Raises `StillAsking`, `StripeUnavailable`, `OutcomeUnknown`: the timetable comes back to it.
    """
    if row.turn == 0:
        row.turn = 1
        await FeeDiscount.update({FeeDiscount.turn: 1}).where((FeeDiscount.id == row.id) & (FeeDiscount.turn == 0))
    await fee_discounts.tell_stripe(row)
    done: dict[Column | str, Any] = {FeeDiscount.rest_waits: False}
    await FeeDiscount.update(done).where(FeeDiscount.id == row.id)
