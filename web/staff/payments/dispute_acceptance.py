"""Accepting a dispute: the shop sends no evidence, and the bank's customer keeps the money."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import ids
from components.foundation.refusals import Refusal
from components.payments import disputes
from components.payments.dispute_answers import dispute_answers
from components.payments.disputes import DisputeView
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.forms.fields import Once
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.payments.dispute_evidence import UNKNOWN, said
from web.views import View, page


class AcceptanceForm(Form):
    key = Once("Form")


@dataclass(frozen=True, kw_only=True)
class AcceptancePage(View):
    template: ClassVar[str] = "staff/payments/disputes/acceptance.html"
    dispute: DisputeView
    form: AcceptanceForm


class StaffDisputeAcceptanceController(Controller):
    path = "/staff/payments/disputes/{dispute_id:str}/acceptance"
    guards = [staff("refunds")]

    @get()
    async def new(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        dispute = await disputes.by_id(dispute_id)
        if not dispute.needs_answer:
            raise dispute_answers.NothingToAnswer
        if dispute.is_inquiry:
            raise dispute_answers.OnlyAsked
        return page(request, AcceptancePage(dispute=dispute, form=AcceptanceForm.blank(key=ids.new())))

    @post(before_request=confirm_first)
    async def create(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        dispute, form = await disputes.by_id(dispute_id), await AcceptanceForm.read(request)
        if not form.is_valid:
            return page(request, AcceptancePage(dispute=dispute, form=form), status=422)
        words = "Accepted: the customer keeps the money."
        try:
            await dispute_answers.accept(dispute_id, key=form.key, by=person_id_of(request))
        except (OutcomeUnknown, StripeUnavailable):
            words = f"Your decision is saved. {UNKNOWN}"
        except Refusal as refusal:
            form = AcceptanceForm.blank(key=ids.new()).refuse(None, said(refusal))
            return page(request, AcceptancePage(dispute=dispute, form=form), status=refusal.status)
        return with_notice(see_other(f"/staff/payments/disputes/{dispute_id}"), words)
