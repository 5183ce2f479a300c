"""A code that waits on another payment page of the same person: it goes to what they ask for now.

A plan that renews and one that is paid once wait apart from each other, and both count as uses of the code. Without
this, whoever has left the one page could use it on the other only once the first has expired.
"""

from uuid import UUID

from components.foundation.languages.words import _
from components.memberships.billing import subscriptions, trials
from components.memberships.billing.states import unpaid_joinings
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.grants import fixed_term
from components.payments.checkout_sessions import pages
from components.payments.tables import CheckoutSession
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.coupons.redemptions import CouponGone


class PaidWithAlready(CouponGone):
    status = 409


async def fetch(coupon: CouponDiscount, person_id: UUID, *, for_term: bool) -> None:
    """The page on which they left it can no longer be paid, and its use is given back. `for_term`: it is wanted for a
    plan paid once, and may wait with one that renews; else the other way round. May run twice, in no transaction.

    Raises `PaidWithAlready` where that page has been paid, or is being paid, and `StripeUnavailable`.
    """
    waiting = await _of_subscription(coupon.id, person_id) if for_term else await _of_term(coupon.id, person_id)
    if waiting is None:
        return
    page = await pages.for_reference("joining" if for_term else "term", waiting)
    if page is not None:
        page = await pages.expire(page)
    if page is not None and page.is_complete:
        await _settle(page)
        raise PaidWithAlready(_why(coupon.code, page))
    await (unpaid_joinings.end(waiting) if for_term else fixed_term.expire(waiting))


def _why(code: str, page: CheckoutSession) -> str:
    if page.is_paid:
        return _("You have already joined with %(code)s in another window.", code=code)
    return _(
        "%(code)s is on a payment of yours that hasn’t gone through yet. Take it off, or wait for that.", code=code
    )


async def _settle(page: CheckoutSession) -> None:
    if page.purpose == "term":
        await fixed_term.apply(page.reference_id)
        return
    await trials.admit(page.reference_id)
    await subscriptions.apply(page.reference_id)


async def _of_term(coupon_id: UUID, person_id: UUID) -> UUID | None:
    term_id = await fixed_term.pending(person_id)
    is_its = (FeeDiscount.term == term_id) & (FeeDiscount.coupon == coupon_id)
    return term_id if term_id and await FeeDiscount.exists().where(is_its & FeeDiscount.ended_at.is_null()) else None


async def _of_subscription(coupon_id: UUID, person_id: UUID) -> UUID | None:
    theirs = (FeeDiscount.subscription.payer == person_id) & (FeeDiscount.coupon == coupon_id)
    unpaid = FeeDiscount.subscription.status.is_in(["pending", "incomplete"])
    waits = FeeDiscount.begun_at.is_null() & FeeDiscount.ended_at.is_null()
    row = await FeeDiscount.select(FeeDiscount.subscription.id.as_alias("id")).where(theirs & unpaid & waits).first()
    return row["id"] if row else None
