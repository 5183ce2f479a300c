"""Joining with an order: the account, the pending subscription and the order are created together or not at all."""

from dataclasses import replace
from uuid import UUID

from components.checkout.basket import basket_fee_code, joinable_plans
from components.checkout.basket.membership_fee import JoinsWithOrder
from components.checkout.basket.priced_basket import Shopper
from components.checkout.taxes.tax_book import TaxedBuyer
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.memberships.billing import subscription_start, trials
from components.memberships.billing.states import replaced_joinings
from components.memberships.discounts import codes_with_orders
from components.memberships.entitlements import hypothetical_member
from components.memberships.grants import fixed_term, term_pages
from components.memberships.plans import reverse_charges
from components.orders.order_creation import Joining
from components.orders.views import OrderView
from components.payments.values import Payer
from components.pricing import fee_destination
from components.pricing.coupons.eligibility import StoredCoupon
from components.pricing.fee_destination import Place


class JoinsUnnamed(Refusal):
    message = N_("Please confirm your e-mail before you join.")


async def as_member(shopper: Shopper, plan_slug: str, fee_coupon: StoredCoupon | None) -> Shopper:
    """The same person with the plan's benefits; unchanged when the plan cannot be joined here.

    With the plan's trial if they may have one, as far as they may know: `trials.days_for`; and with the code for a fee
    in their basket, if it is for this plan and they may use it.
    """
    plan = next((plan for plan in await joinable_plans.offered(shopper) if plan.slug == plan_slug), None)
    if plan is None:
        return shopper
    plan = await reverse_charges.plan_for(plan, shopper.person_id)
    standing = await hypothetical_member.joining_plan(shopper.standing, plan.slug, at=shopper.at)
    days = await trials.days_for(shopper.person_id, plan)
    return replace(
        shopper, standing=standing, joins=basket_fee_code.joining(shopper, plan, fee_coupon, trial_days=days)
    )


async def end_other(shopper: Shopper) -> None:
    """No page of theirs for a plan of the other kind can be paid beside the order; before that is placed. Raises
    `PaidElsewhere`, `StripeUnavailable`."""
    if shopper.joins is not None and shopper.person_id is not None:
        await replaced_joinings.end_other(shopper.person_id, for_term=shopper.joins.plan.is_once)


async def start(shopper: Shopper, buyer: TaxedBuyer) -> tuple[UUID | None, Joining | None]:
    """Within the placing transaction: the order's person, and the membership that is pending until paid with it.

    The tax in its fee is that of where the order goes, on the order and in what is kept of its first period; none for
    whoever pays fees without, whatever number the order has.

    Whoever joins has signed in before. Raises `JoinsUnnamed` for a guest, `AlreadySubscribed`, `Renewing`,
    `ForLife`, `CouponGone`.
    """
    joins = shopper.joins
    if joins is None:
        return shopper.person_id, None
    person_id = shopper.person_id
    if person_id is None:
        raise JoinsUnnamed
    place, payer = (buyer.country, buyer.region), Payer(person_id, shopper.email)
    if joins.plan.is_once:
        term_id, discount_id = await fixed_term.start_with_order(payer, joins.plan, joins.code)
        return person_id, _joining(joins, place, discount_id, term_id=term_id)
    subscription_id = await subscription_start.create_pending(person_id, joins.plan, place=place)
    discount_id = await codes_with_orders.hold(subscription_id, joins.code, payer) if joins.code else None
    return person_id, _joining(joins, place, discount_id, subscription_id=subscription_id)


async def waits(order: OrderView) -> bool:
    """Whether what was promised with it is still kept for it: when they went to join without the order, its code was
    given back, or another plan was asked for in its stead."""
    if not await codes_with_orders.waits(order.joining_discount):
        return False
    if order.joins_term is not None and order.joining_version is not None:
        return await term_pages.is_for(order.joins_term, order.joining_version)
    if order.joins is not None and order.joining_version is not None:
        return await subscription_start.is_for(order.joins, order.joining_version)
    return True


def _joining(
    joins: JoinsWithOrder, place: Place, discount_id: UUID | None, *, subscription_id: UUID | None = None,
    term_id: UUID | None = None,
) -> Joining:  # fmt: skip
    return Joining(
        subscription_id=subscription_id,
        term_id=term_id,
        discount_id=discount_id,
        code=joins.code.code if joins.code else "",
        off=joins.off,
        version_id=joins.plan.version_id,
        plan_name=joins.plan.name,
        fee=joins.fee,
        trial_days=joins.trial_days,
        words=joins.words,
        taxes=joins.taxes(fee_destination.of(place)),
    )
