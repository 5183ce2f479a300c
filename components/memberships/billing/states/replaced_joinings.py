"""A membership that waits on another payment page of the same person: what they ask for now is what they can pay.

A plan that renews and one that is paid once wait apart from each other. Without this, both pages could be paid for the
same time, and a code that waits on the one could be used on the other only once the first has expired.
"""

from uuid import UUID

from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.memberships.billing import subscriptions, trials
from components.memberships.billing.states import unpaid_joinings
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.grants import fixed_term
from components.memberships.tables import Subscription
from components.payments.checkout_sessions import pages
from components.payments.tables import CheckoutSession


class PaidElsewhere(Refusal):
    message = N_("You have already paid for a membership in another window.")
    status = 409


class PaysElsewhere(PaidElsewhere):
    message = N_(
        "A payment of yours for another membership hasn’t gone through yet. Wait for that, so you don’t pay twice."
    )


class PageStaysOpen(PaidElsewhere):
    message = N_(
        "Another payment page of yours couldn’t be closed just now. Try again in a minute, so you don’t pay twice."
    )


async def end_other(person_id: UUID, *, for_term: bool) -> None:
    """Their page for a plan of the other kind can no longer be paid, and the use of a code that waits with it is given
    back. `for_term`: they ask for a plan paid once; else for one that renews. May run twice, in no transaction.

    Raises `PaidElsewhere` where that page has been paid, is being paid or cannot be closed, and `StripeUnavailable`.
    """
    waiting = await _of_subscription(person_id) if for_term else await fixed_term.pending(person_id)
    if waiting is None:
        return
    page = await pages.for_reference("joining" if for_term else "term", waiting)
    if page is not None and page.is_open:
        page = await pages.expire(page)
    if page is not None and page.is_complete:
        code = await _code_of(waiting)
        await _settle(page)
        raise _why(page, code)
    if page is not None and page.is_open:
        raise PageStaysOpen
    await (unpaid_joinings.end(waiting) if for_term else fixed_term.expire(waiting))


def _why(page: CheckoutSession, code: str) -> PaidElsewhere:
    if not page.is_paid:
        return PaysElsewhere()
    return PaidElsewhere(_("You have already joined with %(code)s in another window.", code=code) if code else None)


async def _settle(page: CheckoutSession) -> None:
    if page.purpose == "term":
        await fixed_term.apply(page.reference_id)
        return
    await trials.admit(page.reference_id)
    await subscriptions.apply(page.reference_id)


async def _of_subscription(person_id: UUID) -> UUID | None:
    unpaid = Subscription.status.is_in(["pending", "incomplete"])
    found = await Subscription.objects().where((Subscription.payer == person_id) & unpaid).first()
    return found.id if found else None


async def _code_of(waiting: UUID) -> str:
    is_its = (FeeDiscount.subscription == waiting) | (FeeDiscount.term == waiting)
    waits = FeeDiscount.begun_at.is_null() & FeeDiscount.ended_at.is_null()
    found = await FeeDiscount.objects().where(is_its & waits & (FeeDiscount.source == "code")).first()
    return found.code if found else ""
