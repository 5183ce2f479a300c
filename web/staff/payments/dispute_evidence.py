"""The evidence of one dispute: begun from the shop's records, saved as often as staff like, sent to the bank once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components.foundation import ids
from components.foundation.refusals import Refusal
from components.insights.evidence import prefilled_evidence
from components.payments import disputes
from components.payments.dispute_answers import dispute_answers, evidence_drafts, evidence_fields, evidence_files
from components.payments.dispute_answers.evidence_drafts import EvidenceDraft
from components.payments.disputes import DisputeView
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable
from components.people import customer_accounts
from web.account.security.confirm_identity import confirm_first
from web.current_person import person_id_of
from web.forms.fields import Once, ReferenceField
from web.forms.form import Form
from web.forms.form_versions import Seen, is_stale, mark
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.edit_conflicts import overtaken
from web.staff.payments.dispute_evidence_form import EvidenceForm
from web.staff.payments.dispute_file_lines import FileLine, file_lines
from web.views import View, page

UNKNOWN = "Stripe hasn’t confirmed it yet; we keep asking, and it is sent once only."


class SubmissionForm(Form):
    draft = ReferenceField("Draft")
    files = Seen()
    key = Once("Form")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedState:
    id: UUID
    at: datetime
    who: str


@dataclass(frozen=True, kw_only=True)
class EvidencePage(View):
    """`first` are the fields that this bank's reason is about."""

    template: ClassVar[str] = "staff/payments/disputes/evidence/edit.html"
    dispute: DisputeView
    form: EvidenceForm
    first: tuple[str, ...]
    others: tuple[str, ...]
    is_from_records: bool
    is_older: bool
    states: tuple[SavedState, ...]


@dataclass(frozen=True, kw_only=True)
class EvidenceReviewPage(View):
    template: ClassVar[str] = "staff/payments/disputes/evidence/review.html"
    dispute: DisputeView
    texts: tuple[tuple[str, str], ...]
    files: tuple[FileLine, ...]
    form: SubmissionForm
    characters: int


class StaffDisputeEvidenceController(Controller):
    path = "/staff/payments/disputes/{dispute_id:str}/evidence"
    guards = [staff("refunds")]

    @get()
    async def edit(
        self, request: Request[Any, Any, Any], dispute_id: FromPath[str], draft: FromQuery[str] = ""
    ) -> Response[Any]:
        """`draft` is an older state, or "records" for what the shop knows now."""
        dispute = await answerable(dispute_id)
        states = await evidence_drafts.history(dispute_id)
        chosen = next((one for one in states if str(one.id) == draft), None if draft == "records" else _newest(states))
        fields = chosen.fields if chosen else await prefilled_evidence.prefilled(dispute)
        form = EvidenceForm.filled(fields)
        if states:
            form.as_it_was = EvidenceForm.filled(states[0].fields).as_it_was
        return page(request, await _page(dispute, form, states, shown=chosen))

    @post()
    async def save(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        dispute, form = await answerable(dispute_id), await EvidenceForm.read(request)
        states = await evidence_drafts.history(dispute_id)
        newest = _newest(states)
        if not form.is_valid or (newest and overtaken(form, EvidenceForm.filled(newest.fields))):
            return page(request, await _page(dispute, form, states, shown=newest), status=form.answer_status)
        try:
            await evidence_drafts.save(dispute_id, form.evidence, by=person_id_of(request))
        except Refusal as refusal:
            shown = await _page(dispute, form.refuse(None, str(refusal)), states, shown=newest)
            return page(request, shown, status=refusal.status)
        return with_notice(
            see_other(f"/staff/payments/disputes/{dispute_id}/evidence/review"), "Draft saved. Nothing is sent yet."
        )

    @get("/review")
    async def review(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        dispute, newest = await answerable(dispute_id), await evidence_drafts.latest(dispute_id)
        if newest is None:
            return see_other(f"/staff/payments/disputes/{dispute_id}/evidence")
        return page(request, await _review(dispute, newest))

    @post("/submission", before_request=confirm_first)
    async def submit(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        dispute, form = await disputes.by_id(dispute_id), await SubmissionForm.read(request)
        newest = await evidence_drafts.latest(dispute_id)
        if newest is None:
            raise dispute_answers.NoEvidence
        if not form.is_valid:
            return page(request, await _review(dispute, newest, form), status=422)
        files = [one.id for one in await evidence_files.of_dispute(dispute_id)]
        words = "Evidence sent. The bank decides now, which usually takes 60 to 75 days."
        try:
            if is_stale(form.files, files):
                raise dispute_answers.ChangedMeanwhile
            await dispute_answers.submit(dispute_id, form.draft, files, key=form.key, by=person_id_of(request))
        except (OutcomeUnknown, StripeUnavailable):
            words = f"The evidence is saved. {UNKNOWN}"
        except Refusal as refusal:
            form = SubmissionForm.blank(draft=newest.id, key=ids.new(), files=mark(files))
            return page(
                request, await _review(dispute, newest, form.refuse(None, said(refusal))), status=refusal.status
            )
        return with_notice(see_other(f"/staff/payments/disputes/{dispute_id}"), words)


def said(refusal: Refusal) -> str:
    """For staff: what Stripe itself says of it, where it does."""
    detail = getattr(refusal, "detail", "")
    return f"Stripe refused it: {detail}" if detail else str(refusal)


async def answerable(dispute_id: str) -> DisputeView:
    """Raises `NotFound`, `NothingToAnswer`, `EvidenceTooLate`."""
    dispute = await disputes.by_id(dispute_id)
    if not dispute.needs_answer:
        raise dispute_answers.NothingToAnswer
    if dispute.is_late:
        raise dispute_answers.EvidenceTooLate
    return dispute


def _newest(states: list[EvidenceDraft]) -> EvidenceDraft | None:
    return states[0] if states else None


async def _page(
    dispute: DisputeView, form: EvidenceForm, states: list[EvidenceDraft], *, shown: EvidenceDraft | None
) -> EvidencePage:
    first = evidence_fields.first_for(dispute.reason, is_membership=dispute.invoice is not None)
    if not any(form.field(name).typed for name in evidence_fields.SHIPPING):  # nothing was shipped
        first = tuple(name for name in first if name not in evidence_fields.SHIPPING)
    names = await customer_accounts.called({one.saved_by for one in states if one.saved_by})
    return EvidencePage(
        dispute=dispute,
        form=form,
        first=first,
        others=tuple(name for name in evidence_fields.NAMES if name not in first),
        is_from_records=shown is None,
        is_older=shown is not None and shown.id != states[0].id,
        states=tuple(
            SavedState(id=one.id, at=one.saved_at, who=names.get(one.saved_by, "") if one.saved_by else "")
            for one in states
        ),
    )


async def _review(dispute: DisputeView, draft: EvidenceDraft, form: SubmissionForm | None = None) -> EvidenceReviewPage:
    files = await evidence_files.of_dispute(dispute.id)
    seen = mark([one.id for one in files])
    return EvidenceReviewPage(
        dispute=dispute,
        texts=texts_of(draft.fields),
        files=file_lines(files),
        form=form or SubmissionForm.blank(draft=draft.id, key=ids.new(), files=seen),
        characters=evidence_fields.length(draft.fields),
    )


def texts_of(fields: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """By the names of the form."""
    return tuple((EvidenceForm.declared[name].label, text) for name, text in fields.items())
