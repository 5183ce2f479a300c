"""A member's payment that has not gone through: staff try the card on file again."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import formatting
from components.foundation.refusals import Refusal
from components.memberships.billing import payments_due
from components.payments.payment_refusals import OutcomeUnknown
from web.account.membership.pausing.pause_forms import ReturnForm
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff.members import act_consequences
from web.staff.members.membership_act_pages import act_page, back_with
from web.staff.members.membership_actions import refuse_other_sum
from web.views import page


class MemberPaymentsController(Controller):
    path = "/staff/members/{person_id:uuid}/payment"
    guards = [staff("members")]

    @get()
    async def new(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        owed = await payments_due.of_person(person_id)
        if owed is not None and owed.needs_bank:
            return back_with(person_id, payments_due.NeedsTheMember())
        if owed is None or owed.invoice is None:
            return back_with(person_id, payments_due.NothingDue())
        return page(request, await act_page(person_id, "payment", await act_consequences.of_retrying(owed)))

    @post()
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        back = see_other(f"/staff/members/{person_id}")
        owed = await payments_due.of_person(person_id)
        form = await ReturnForm.read(request)
        try:
            if owed is None or owed.invoice is None:
                raise payments_due.NothingDue
            if owed.needs_bank:
                raise payments_due.NeedsTheMember
            refuse_other_sum(form, owed.amount)
            paid = await payments_due.retry(owed.subscription_id, by=person_id_of(request))
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=f"/staff/members/{person_id}")
        except Refusal as refusal:
            return with_refusal(back, str(refusal))
        return with_notice(back, f"{formatting.money(paid.amount)} went through. The membership is active again.")
