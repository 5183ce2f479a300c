"""A member's payment that has not gone through: staff try the card on file again."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.foundation import formatting
from components.foundation.refusals import Refusal
from components.memberships.billing import payments_due
from components.payments.payment_refusals import OutcomeUnknown
from web.account.waiting import see_waiting
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal


class MemberPaymentsController(Controller):
    path = "/staff/members/{person_id:uuid}/payment"
    guards = [staff("members")]

    @post()
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        back = see_other(f"/staff/members/{person_id}")
        owed = await payments_due.of_person(person_id)
        try:
            if owed is None:
                raise payments_due.NothingDue
            paid = await payments_due.retry(owed.subscription_id, by=person_id_of(request))
        except OutcomeUnknown as unknown:
            return see_waiting(unknown, back=f"/staff/members/{person_id}")
        except Refusal as refusal:
            return with_refusal(back, str(refusal))
        return with_notice(back, f"{formatting.money(paid.amount)} went through. The membership is active again.")
