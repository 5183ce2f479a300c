"""The code for a fee in a basket: kept beside one for what is in it, taken off once a plan is joined with the order.
Pure."""

from collections.abc import Iterable
from dataclasses import replace

from components.checkout.basket.membership_fee import JoinsWithOrder
from components.checkout.basket.priced_basket import Shopper
from components.foundation.languages.words import _
from components.memberships.discounts import fee_codes
from components.memberships.discounts.discount_terms import DiscountTooLarge, WrongDiscount
from components.memberships.discounts.fee_codes import FeeCodeRefused
from components.memberships.plans.plan_catalogue import PlanView
from components.pricing.coupons.eligibility import Redeemer, StoredCoupon


def joining(shopper: Shopper, plan: PlanView, stored: StoredCoupon | None, *, trial_days: int) -> JoinsWithOrder:
    """The plan with the code in the basket, where that may be used on its fee."""
    if stored is None:
        return JoinsWithOrder(plan, trial_days)
    try:
        code = fee_codes.of_stored(stored, plan, _redeemer(shopper), trial_days=trial_days)
    except (DiscountTooLarge, WrongDiscount):
        return JoinsWithOrder(plan, trial_days, refusal=str(FeeCodeRefused()))
    except FeeCodeRefused as refusal:
        return JoinsWithOrder(plan, trial_days, refusal=str(refusal))
    return JoinsWithOrder(plan, trial_days, code)


def refusal(shopper: Shopper, stored: StoredCoupon, plans: Iterable[PlanView], *, is_known: bool = False) -> str:
    """Why it is taken off the fee of none of these plans, which can be joined with an order; empty when it is off one.

    `is_known`: as if they had signed in, which whoever joins has to.
    """
    who = _redeemer(shopper)
    if is_known:
        who = replace(who, is_known=True)
    code, offered = stored.coupon.code, list(plans)
    if shopper.standing.has_membership:
        return _("%(code)s is for a new membership, and you already have one.", code=code)
    named = [plan for plan in offered if _covers(stored, plan)]
    if not named:
        return _("%(code)s is for a membership that isn’t joined with an order. Enter it on the page of its plan.",
                 code=code)  # fmt: skip
    said = [stored.fee_refusal(who, plan.slug) for plan in named]
    return "" if "" in said else said[0]


def _covers(stored: StoredCoupon, plan: PlanView) -> bool:
    """One that names no plan is for those that renew."""
    return plan.slug in stored.terms.fee_plans if stored.terms.fee_plans else plan.renews


def _redeemer(shopper: Shopper) -> Redeemer:
    """Whoever joins has signed in; until then nothing is said of what they have used before."""
    return Redeemer(shopper.at, is_known=shopper.person_id is not None)
