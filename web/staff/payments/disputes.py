"""One dispute: what it is about, until when and how it was answered, and what follows when it was lost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import fee_disputes
from components.memberships.billing.subscription_state import OVER
from components.memberships.grants import paid_once
from components.orders import queries
from components.orders.views import OrderView
from components.payments import disputes, stripe_connection
from components.payments.dispute_answers import dispute_answers, evidence_drafts, evidence_files
from components.payments.dispute_answers.tables import DisputeAnswer
from components.payments.disputes import DisputeView
from web.current_person import person_id_of
from web.forms.fields import Choice, LongText
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.payments.dispute_evidence import texts_of
from web.staff.payments.dispute_file_lines import FileLine, file_lines
from web.staff.payments.payment_subject_links import SubjectLink, subject_links
from web.staff.payments.refund_pages_of_payments import RefundLink, refund_links
from web.views import View, page, visitor_of

KEEP, END = "keep", "end"
FOLLOWS = ((KEEP, "Keep the membership"), (END, "End the membership now"))


class DecisionForm(Form):
    follows = Choice("What follows", FOLLOWS, as_radio=True, required=False)
    words = LongText("Note", longest=1000, help="Only visible to staff.", rows=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLine:
    """What was sent and what became of it, in words."""

    at: datetime
    words: str
    texts: tuple[tuple[str, str], ...]
    files: tuple[FileLine, ...]


@dataclass(frozen=True, kw_only=True)
class DisputePage(View):
    """`member` is whose subscription is disputed; `subject` names anything else. `fee` and `goods` are its parts where
    a membership and an order were paid together.

    `may_end` while it goes on. `may_answer` while nothing is on its way. `refunds` settle what a bank only asks.
    """

    template: ClassVar[str] = "staff/payments/disputes/show.html"
    dispute: DisputeView
    order_number: str
    fee: Money | None
    goods: Money | None
    member: UUID | None
    subject: SubjectLink | None
    is_gift: bool
    is_paid_once: bool
    may_end: bool
    at_stripe: str
    form: DecisionForm
    may_decide: bool
    may_answer: bool
    has_draft: bool
    files: int
    refunds: tuple[RefundLink, ...]
    answers: tuple[AnswerLine, ...]


class StaffDisputesController(Controller):
    path = "/staff/payments/disputes/{dispute_id:str}"
    guards = [staff("orders")]

    @get()
    async def show(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        return page(request, await _view(request, dispute_id, DecisionForm.blank(follows=KEEP)))

    @post("/decision", guards=[staff("refunds")])
    async def decide(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        form = await DecisionForm.read(request)
        dispute = await disputes.by_id(dispute_id)
        if not form.is_valid:
            return page(request, await _view(request, dispute_id, form), status=422)
        try:
            by = person_id_of(request)
            await fee_disputes.decide(dispute, ends_now=form.follows == END, words=form.words, by=by)
        except Refusal as refusal:
            return page(
                request, await _view(request, dispute_id, form.refuse(None, str(refusal))), status=refusal.status
            )
        return with_notice(see_other(f"/staff/payments/disputes/{dispute_id}"), "Decision saved.")


async def _view(request: Request[Any, Any, Any], dispute_id: str, form: DecisionForm) -> DisputePage:
    dispute = await disputes.by_id(dispute_id)
    order = await queries.by_id(dispute.reference_id) if dispute.reference_id else None
    disputed = await fee_disputes.payer_of(dispute)
    once = await paid_once.of_reference(dispute.reference_id) if dispute.reference_id else None
    together = await _paid_together(dispute) if disputed or once else None
    fee = await fee_disputes.fee_part(dispute) if together else None
    named = await subject_links([dispute.reference_id] if dispute.reference_id else [], visitor_of(request))
    answers = await dispute_answers.of_dispute(dispute_id)
    is_on_its_way = any(not one.outcome for one in answers)
    may_refund = visitor_of(request).may("refunds")
    return DisputePage(
        dispute=dispute,
        order_number=order.number if order else together.number if together else "",
        fee=fee,
        goods=dispute.money - fee if fee is not None else None,
        member=disputed.payer if disputed else None,
        subject=named.get(dispute.reference_id) if dispute.reference_id else None,
        is_gift=once is not None and once.is_gift,
        is_paid_once=once is not None,
        may_end=once.goes_on if once else disputed is not None and disputed.status not in OVER,
        at_stripe=_at_stripe(dispute.id),
        form=form,
        may_decide=dispute.needs_decision and may_refund,
        may_answer=dispute.needs_answer and may_refund and not is_on_its_way,
        has_draft=await evidence_drafts.latest(dispute_id) is not None,
        files=len(await evidence_files.of_dispute(dispute_id)),
        refunds=await _refunds(dispute) if dispute.is_inquiry and may_refund else (),
        answers=tuple([await _answer(one, may_read=may_refund) for one in answers]),
    )


async def _refunds(dispute: DisputeView) -> tuple[RefundLink, ...]:
    if dispute.reference_id is None:
        return ()
    return await refund_links(dispute.reference_id, invoice=dispute.invoice, payment_intent=dispute.payment_intent)


async def _paid_together(dispute: DisputeView) -> OrderView | None:
    """The order on whose page the membership began, if it is that payment."""
    found = await queries.joined_with(dispute.reference_id) if dispute.reference_id else None
    is_it = found is not None and any(one.id == dispute.id for one in await disputes.of_order(found.id))
    return found if is_it else None


async def _answer(one: DisputeAnswer, *, may_read: bool) -> AnswerLine:
    what = "Evidence" if one.kind == dispute_answers.EVIDENCE else "Acceptance"
    outcome = {
        dispute_answers.DONE: "sent" if one.kind == dispute_answers.EVIDENCE else "confirmed",
        dispute_answers.REFUSED: f"refused: {one.why}",
    }.get(one.outcome, "on its way; Stripe hasn’t confirmed it yet")
    fields = (await evidence_drafts.by_id(one.draft)).fields if one.draft and may_read else {}
    files = await evidence_files.named(evidence_files.ids_of(one)) if may_read else []
    return AnswerLine(
        at=one.settled_at or one.asked_at,
        words=f"{what} {outcome}",
        texts=texts_of(fields),
        files=file_lines(files),
    )


def _at_stripe(dispute_id: str) -> str:
    """Where the evidence is sent; nothing offline."""
    if stripe_connection.mode() == "offline":
        return ""
    return f"https://dashboard.stripe.com/{'' if stripe_connection.is_live() else 'test/'}disputes/{dispute_id}"
