"""Files for the bank beside the texts of evidence: added, looked at, removed; and the shop's own invoice at once."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.refusals import NotFound, Refusal
from components.invoices import invoice_list, issuing
from components.invoices.corrections import invoice_family
from components.invoices.fee_invoices import cause_of_fee
from components.invoices.invoice_links import InvoiceLink
from components.invoices.pdf import invoice_pdf
from components.payments import disputes
from components.payments.dispute_answers import evidence_files
from components.payments.dispute_answers.evidence_files import FIELDS, MOST_BYTES, TooManyBytes
from components.payments.disputes import DisputeView
from web.current_person import person_id_of
from web.forms.fields import Choice, File, ReferenceField
from web.forms.form import Form
from web.forms.sending import WITH_FILE
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.payments.dispute_evidence import answerable
from web.staff.payments.dispute_file_lines import LABELS, FileLine, file_lines, size_in_words
from web.views import View, page

INVOICE_GOES_TO = ("receipt", "uncategorized_file")


class EvidenceFileForm(Form):
    shows = Choice("What it shows", tuple((name, LABELS[name]) for name in FIELDS))
    file = File(
        "File", help="PDF, JPEG or PNG. 4.5 MB in all, and no more than 50 pages.", accept=".pdf,.jpg,.jpeg,.png"
    )


class InvoiceForm(Form):
    invoice = ReferenceField("Invoice")


@dataclass(frozen=True, kw_only=True)
class EvidenceFilesPage(View):
    """`left` are the invoices that can still be added in one click."""

    template: ClassVar[str] = "staff/payments/disputes/files.html"
    dispute: DisputeView
    files: tuple[FileLine, ...]
    room: str
    left: tuple[InvoiceLink, ...]
    form: EvidenceFileForm


class StaffDisputeFilesController(Controller):
    path = "/staff/payments/disputes/{dispute_id:str}/files"
    guards = [staff("refunds")]

    @get()
    async def index(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        return page(request, await _page(await answerable(dispute_id), EvidenceFileForm.blank()))

    @post(request_max_body_size=WITH_FILE)
    async def create(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        dispute, form = await answerable(dispute_id), await EvidenceFileForm.read(request)
        if not form.is_valid or form.file is None:
            return page(request, await _page(dispute, form), status=422)
        try:
            content = await form.file.read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise TooManyBytes
            by = person_id_of(request)
            await evidence_files.add(dispute_id, form.shows, content, name=form.file.filename, by=by)
        except Refusal as refusal:
            return page(request, await _page(dispute, form.refuse("file", str(refusal))), status=refusal.status)
        return _back(dispute_id, "File added. Nothing is sent yet.")

    @post("/invoices")
    async def create_of_invoice(self, request: Request[Any, Any, Any], dispute_id: FromPath[str]) -> Response[Any]:
        """The invoice as its buyer has it, as a PDF."""
        dispute, form = await answerable(dispute_id), await InvoiceForm.read(request)
        wanted = form.invoice if form.is_valid else None
        if wanted not in {one.id for one in await _invoices(dispute)}:
            raise NotFound("This invoice isn’t about the disputed payment.")
        row = await invoice_list.by_id(wanted) if wanted else None
        assert row is not None
        taken = {one.field for one in await evidence_files.of_dispute(dispute_id)}
        field = next((one for one in INVOICE_GOES_TO if one not in taken), INVOICE_GOES_TO[0])
        try:
            by = person_id_of(request)
            await evidence_files.add(dispute_id, field, await invoice_pdf.of(row), name=f"{row.number}.pdf", by=by)
        except Refusal as refusal:
            shown = EvidenceFileForm.blank().refuse(None, str(refusal))
            return page(request, await _page(dispute, shown), status=refusal.status)
        return _back(dispute_id, f"Invoice {row.number} added. Nothing is sent yet.")

    @post("/{file_id:uuid}/removal")
    async def destroy(
        self, request: Request[Any, Any, Any], dispute_id: FromPath[str], file_id: FromPath[UUID]
    ) -> Response[Any]:
        await evidence_files.remove(dispute_id, file_id, by=person_id_of(request))
        return _back(dispute_id, "File removed.")

    @get("/{file_id:uuid}")
    async def show(self, dispute_id: FromPath[str], file_id: FromPath[UUID]) -> Response[bytes]:
        """To save, never to open here: what it does when it is opened is not known."""
        file, content = await evidence_files.content(dispute_id, file_id)
        plain = file.name.encode("ascii", "replace").decode().replace("?", "_")
        headers = {"Content-Disposition": f'attachment; filename="{plain}"', "Cache-Control": "private, no-store"}
        return Response(content, media_type=file.media, headers=headers)


def _back(dispute_id: str, words: str) -> Response[Any]:
    return with_notice(see_other(f"/staff/payments/disputes/{dispute_id}/files"), words)


async def _page(dispute: DisputeView, form: EvidenceFileForm) -> EvidenceFilesPage:
    files = await evidence_files.of_dispute(dispute.id)
    names = {one.name for one in files}
    return EvidenceFilesPage(
        dispute=dispute,
        files=file_lines(files),
        room=size_in_words(MOST_BYTES - sum(one.size for one in files)),
        left=tuple(one for one in await _invoices(dispute) if f"{one.number}.pdf" not in names),
        form=form,
    )


async def _invoices(dispute: DisputeView) -> tuple[InvoiceLink, ...]:
    """About the disputed payment: of a fee its own, of anything else with what corrects it, and of an order beside."""
    found: list[InvoiceLink] = []
    if dispute.invoice and (row := await issuing.of_cause(cause_of_fee(dispute.invoice))):
        standing = await invoice_family.standing(row)
        found += [one for one in await invoice_list.of_reference(row.reference) if one.id == standing.id]
    about = [dispute.reference_id] if dispute.reference_id and not dispute.invoice else []
    for reference in {*about, *await disputes.orders_of(dispute.id)}:
        if not (dispute.invoice and reference == dispute.reference_id):
            found += await invoice_list.of_reference(reference)
    return tuple(found)
