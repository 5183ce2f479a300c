"""A code on the fee of a membership: checked and told before paying, reserved with the payment page, used when paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock, database, formatting, ids
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.discount_terms import FeeDiscountTerms
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Subscription
from components.payments.discounting import subscription_discounts
from components.payments.stripe_account import smallest_charges
from components.payments.values import Payer, SessionDiscount
from components.pricing.coupons import fee_redemptions, queries
from components.pricing.coupons.eligibility import Redeemer, StoredCoupon


class FeeCodeRefused(Refusal):
    message = N_("This code can’t be used here.")


@dataclass(frozen=True, kw_only=True)
class FeeCode:
    """A code that this person may use on this plan's fee."""

    stored: StoredCoupon
    terms: FeeDiscountTerms
    plan: PlanView
    trial_days: int = 0
    """With a trial it is taken off the payments after it."""

    @property
    def code(self) -> str:
        return self.stored.coupon.code

    @property
    def off(self) -> Money:
        return self.terms.off(self.plan.price)

    @property
    def first_fee(self) -> Money:
        return self.terms.left(self.plan.price)


async def check(typed: str, plan: PlanView, *, person_id: UUID, email: str, trial_days: int) -> FeeCode:
    """Of a plan that is paid once, only one that names it. Raises `FeeCodeRefused`, with the reason, and what
    `of_stored` raises."""
    (stored,) = await database.batch(queries.code_query(typed, person_id=person_id, email=email))
    if stored is None:
        words = _("We don’t recognise the code “%(code)s”. Check the spelling or continue without it.", code=typed[:40])
        raise FeeCodeRefused(words)
    return of_stored(stored, plan, Redeemer(clock.now(), is_known=True), trial_days=trial_days)


def of_stored(stored: StoredCoupon, plan: PlanView, who: Redeemer, *, trial_days: int) -> FeeCode:
    """Raises `FeeCodeRefused`, `WrongDiscount`, `DiscountTooLarge`."""
    if refusal := stored.fee_refusal(who, plan.slug):
        raise FeeCodeRefused(refusal)
    if plan.is_once and plan.slug not in stored.terms.fee_plans:
        raise FeeCodeRefused(_("%(code)s is for memberships that renew.", code=stored.coupon.code))
    coupon = stored.coupon
    is_percent, payments = coupon.discount_type == "percent", 1 if plan.is_once else stored.terms.fee_payments
    terms = (
        FeeDiscountTerms(percent_bp=coupon.value, payments=payments)
        if is_percent
        else FeeDiscountTerms(amount=Money(coupon.value, plan.price.currency), payments=payments)
    )
    terms.check(plan)
    _check_payable(coupon.code, terms.left(plan.price), plan)
    return FeeCode(stored=stored, terms=terms, plan=plan, trial_days=trial_days)


def _check_payable(code: str, left: Money, plan: PlanView) -> None:
    """A smaller first fee of a membership that renews is charged with the next one."""
    least = Money(smallest_charges.of(plan.price.currency), plan.price.currency)
    if plan.is_once and left < least:
        words = _(
            "%(code)s would leave less than %(sum)s, the smallest amount that can be paid by card.",
            code=code,
            sum=formatting.money(least),
        )
        raise FeeCodeRefused(words)


async def hold(subscription_id: UUID, found: FeeCode, payer: Payer) -> SessionDiscount | None:
    """Reserve it for a subscription that waits for its first payment; the same one again is the same use.

    None with a trial: its page charges nothing, and Stripe is told once the trial has begun (`begin_with_trial`).
    Raises `CouponGone`, `StripeUnavailable`.
    """
    async with database.transaction():
        await database.locked(Subscription, Subscription.id == subscription_id)
        row = await _waiting(subscription_id)
        if row is not None and not _is_same(row, found):
            await _drop(row, "replaced")
            row = None
        if row is None:
            row = await reserve(subscription_id, found, payer)
    if found.trial_days:
        return None
    coupon = await subscription_discounts.prepare_coupon(row.id, found.terms.at_stripe(found.plan, found.code, spare=0))
    return SessionDiscount(coupon, found.off.amount)


async def reserve(subscription_id: UUID, found: FeeCode, payer: Payer, *, rest_waits: bool = False) -> FeeDiscount:
    """A use of it. Belongs in a transaction in which nothing else waits with it. Raises `CouponGone`."""
    assert payer.person_id is not None
    row = fee_discounts.row_of(
        subscription_id, found.terms, key=ids.new(), source="code", code=found.code, coupon=found.stored.id
    )
    row.currency, row.rest_waits = found.plan.price.currency, rest_waits
    await FeeDiscount.insert(row)
    await fee_redemptions.reserve(row.id, found.stored.coupon, person_id=payer.person_id, email=payer.email)
    return row


async def release(subscription_id: UUID, why: str = "not paid", *, but: UUID | None = None) -> None:
    """What waits with it, unless it is `but` this, is not used: it was not paid, or is paid without the code. May run
    twice."""
    async with database.transaction():
        await database.locked(Subscription, Subscription.id == subscription_id)
        row = await _waiting(subscription_id)
        if row is not None and row.id != but:
            await _drop(row, why)


async def release_one(discount_id: UUID) -> None:
    """It waits for a page that there will not be. Belongs in a transaction that holds its subscription; may run
    twice."""
    row = await FeeDiscount.objects().where(FeeDiscount.id == discount_id).first()
    if row is not None and not row.begun_at and not row.ended_at:
        await _drop(row, "not paid")


def _is_same(row: FeeDiscount, found: FeeCode) -> bool:
    """One of an order is not: its coupon at Stripe is for the order's page only."""
    return row.coupon == found.stored.id and fee_discounts.terms_of(row) == found.terms and not row.rest_waits


async def _waiting(subscription_id: UUID) -> FeeDiscount | None:
    is_open = (FeeDiscount.subscription == subscription_id) & FeeDiscount.ended_at.is_null()
    waits = is_open & FeeDiscount.begun_at.is_null() & (FeeDiscount.source == "code")
    return await FeeDiscount.objects().where(waits).first()


async def _drop(row: FeeDiscount, why: str) -> None:
    await fee_redemptions.restore(row.id)
    await fee_discounts.end(row.id, why)


async def begin(row: FeeDiscount) -> None:
    """It came with the joining: its use counts. One whose page had expired, and was paid all the same, counts again."""
    await _count(row)
    await fee_discounts.begin(row.id)


async def begin_with_trial(row: FeeDiscount) -> None:
    """The trial has begun: its use counts, and Stripe takes it off the first payment after the trial. May run again.

    Raises `StillAsking`, `StripeUnavailable`, `OutcomeUnknown`: the timetable comes back to it.
    """
    await _count(row)
    await fee_discounts.tell_stripe(row)


async def _count(row: FeeDiscount) -> None:
    await fee_redemptions.use(row.id)
    if row.ended_at is not None:
        again: dict[Column | str, Any] = {FeeDiscount.ended_at: None, FeeDiscount.why_ended: ""}
        await FeeDiscount.update(again).where((FeeDiscount.id == row.id) & FeeDiscount.begun_at.is_null())
