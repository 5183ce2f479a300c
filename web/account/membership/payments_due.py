"""A membership payment that has not gone through: what is owed, and the ways to settle it."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.datastructures import Cookie

from components.foundation import settings
from components.foundation.languages.words import _
from components.foundation.refusals import Refusal
from components.memberships.billing import payments_due, subscriptions
from components.memberships.billing.payments_due import PaymentDue
from components.payments.payment_refusals import StripeUnavailable
from components.payments.timeouts import request_time
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.views import View, page, visitor_of

MEMBERSHIP = "/account/membership"
HERE = f"{MEMBERSHIP}/payment"
PAYING = "paying"
"""A cookie of whoever went to the payment page: when they come back, Stripe is asked what became of it."""


@dataclass(frozen=True, kw_only=True)
class PaymentDuePage(View):
    template: ClassVar[str] = "account/membership/payments_due/show.html"
    due: PaymentDue
    was_checked: bool
    is_unsure: bool


class PaymentsDueController(Controller):
    path = HERE
    guards = [signed_in]

    @get()
    async def show(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """Stripe pages of invoices do not lead back, so whoever returns from one may come from anywhere."""
        person_id, was_checked = person_id_of(request), _is_back(request)
        owed = await payments_due.of_person(person_id)
        is_unsure = owed is not None and was_checked and not await _checked(owed.subscription_id)
        due = await payments_due.of_person(person_id)
        if due is not None:
            return page(request, PaymentDuePage(due=due, was_checked=was_checked, is_unsure=is_unsure))
        back: Response[Any] = see_other(MEMBERSHIP)
        went_to_pay = PAYING in request.cookies
        if went_to_pay:
            back.delete_cookie(PAYING, path=HERE)
        return await _settled(back, person_id) if owed is not None or went_to_pay else back

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        """To Stripe's page of the invoice, where any card can be used and the bank can ask for its confirmation."""
        owed = await payments_due.of_person(person_id_of(request))
        if owed is None:
            return with_notice(see_other(MEMBERSHIP), str(payments_due.NothingDue()))
        try:
            with request_time.timeouts():
                address = await payments_due.page_of(owed.subscription_id)
        except payments_due.NothingDue:
            return see_other(f"{HERE}?check=1")
        except Refusal as refusal:
            return with_refusal(see_other(HERE), str(refusal))
        response: Response[Any] = see_other(address)
        response.set_cookie(
            Cookie(
                key=PAYING, value="1", path=HERE, max_age=24 * 3600, httponly=True, samesite="lax",
                secure=settings.current().is_https,
            )
        )  # fmt: skip
        return response


def _is_back(request: Request[Any, Any, Any]) -> bool:
    return not visitor_of(request).preview and (PAYING in request.cookies or "check" in request.query_params)


async def _checked(subscription_id: UUID) -> bool:
    """Whether Stripe has said how things stand."""
    try:
        with request_time.timeouts():
            await payments_due.check(subscription_id)
    except StripeUnavailable:
        return False
    return True


async def _settled(back: Response[Any], person_id: UUID) -> Response[Any]:
    if await subscriptions.running(person_id) is None:
        return back
    return with_notice(back, _("Your payment went through. Your membership is active."))
