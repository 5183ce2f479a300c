"""What issuers of cards warn of: each refunded, or left as it is with a note, before anybody disputes it."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import paging
from components.foundation.refusals import Refusal
from components.payments.dispute_answers import fraud_warnings
from components.payments.dispute_answers.fraud_warnings import FraudWarning
from web.current_person import person_id_of
from web.forms.fields import LongText
from web.forms.form import Form
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.staff.payments.payment_subject_links import SubjectLink, subject_links
from web.staff.payments.refund_pages_of_payments import RefundLink, refund_links
from web.views import View, page, visitor_of

LIST = "/staff/payments/fraud-warnings"
A_PAGE = 25


class LeavingForm(Form):
    words = LongText("Note", longest=1000, help="Why it is kept. Only visible to staff.", rows=3)


@dataclass(frozen=True, kw_only=True)
class FraudWarningsPage(View):
    template: ClassVar[str] = "staff/payments/fraud_warnings/index.html"
    warnings: list[FraudWarning]
    about: dict[UUID, SubjectLink]
    pages: Pager


@dataclass(frozen=True, kw_only=True)
class FraudWarningPage(View):
    template: ClassVar[str] = "staff/payments/fraud_warnings/show.html"
    warning: FraudWarning
    subject: SubjectLink | None
    refunds: tuple[RefundLink, ...]
    may_decide: bool
    form: LeavingForm


class StaffFraudWarningsController(Controller):
    path = LIST
    guards = [staff("orders")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        total = await fraud_warnings.count()
        number = paging.within(page_asked(request), total, A_PAGE)
        found = await fraud_warnings.part(limit=A_PAGE, offset=(number - 1) * A_PAGE)
        return page(
            request,
            FraudWarningsPage(
                warnings=found,
                about=await subject_links([one.reference_id for one in found], visitor_of(request)),
                pages=Pager(page=number, pages=paging.last(total, A_PAGE), path=LIST),
            ),
        )

    @get("/{warning_id:str}")
    async def show(self, request: Request[Any, Any, Any], warning_id: FromPath[str]) -> Response[Any]:
        return page(request, await _view(request, warning_id, LeavingForm.blank()))

    @post("/{warning_id:str}", guards=[staff("refunds")])
    async def leave(self, request: Request[Any, Any, Any], warning_id: FromPath[str]) -> Response[Any]:
        form = await LeavingForm.read(request)
        if not form.is_valid:
            return page(request, await _view(request, warning_id, form), status=422)
        try:
            await fraud_warnings.leave(warning_id, words=form.words, by=person_id_of(request))
        except Refusal as refusal:
            shown = await _view(request, warning_id, form.refuse(None, str(refusal)))
            return page(request, shown, status=refusal.status)
        return with_notice(see_other(f"{LIST}/{warning_id}"), "Left as it is. It is no longer on Today.")


async def _view(request: Request[Any, Any, Any], warning_id: str, form: LeavingForm) -> FraudWarningPage:
    found, visitor = await fraud_warnings.by_id(warning_id), visitor_of(request)
    named = await subject_links([found.reference_id], visitor)
    may_refund = visitor.may("refunds")
    refunds = await _refunds(found) if may_refund and found.is_actionable else ()
    return FraudWarningPage(
        warning=found,
        subject=named.get(found.reference_id),
        refunds=refunds,
        may_decide=found.needs_decision and may_refund,
        form=form,
    )


async def _refunds(found: FraudWarning) -> tuple[RefundLink, ...]:
    return await refund_links(found.reference_id, invoice=found.invoice, payment_intent=found.payment_intent)
