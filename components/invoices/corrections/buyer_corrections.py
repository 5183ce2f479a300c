"""Another buyer on an invoice: a credit note takes the whole of it back, and a new one says the same of somebody else.

No money moves and no tax changes. `checkout.invoice_buyers` asks first whether the buyer's VAT number would change it.
"""

from dataclasses import replace
from uuid import UUID

from components.foundation import audit, clock, database, outbox
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.refusals import Conflict, NotFound, Refusal
from components.invoices import credited_lines, issuing, parties
from components.invoices.corrections import invoice_family
from components.invoices.facts import BuyerCorrected
from components.invoices.invoice_values import InvoiceDocument, InvoiceParty
from components.invoices.issuing import InvoiceDraft
from components.invoices.tables import IssuedInvoice
from components.people.invoicing.invoice_addresses import InvoiceBuyer


class BuyerFixed(Refusal):
    status = 409


class SameBuyer(Refusal):
    message = "This is the buyer on the invoice already, so nothing was issued."


def cause_of_credit(invoice_id: UUID) -> str:
    return f"buyer-credit:{invoice_id}"


def obstacle(row: IssuedInvoice, family: list[IssuedInvoice]) -> str:
    """Why its buyer cannot be another; "" when they can. `family` is all that belongs to it."""
    if row.kind != "invoice":
        return "Only an invoice can have another buyer: what corrects it names the buyer of that invoice."
    follower = next((one for one in family if one.replaces == row.id), None)
    if follower is not None:
        return f"Invoice {follower.number} has replaced this one. To name another buyer, correct that one."
    if row.forgotten_at:
        return "The time to keep this invoice is over, and its buyer has been forgotten."
    credited = _credited(row, family)
    if credited >= row.total:
        return "This invoice has been credited in full, so there is nothing left to invoice to somebody else."
    if credited:
        return (
            "A part of this invoice has been refunded, and its credit note names the buyer too. An invoice over the "
            "whole sum would be wrong by now."
        )
    return ""


def _credited(row: IssuedInvoice, family: list[IssuedInvoice]) -> int:
    """By its credit notes, less those that were reversed."""
    notes = {one.id for one in family if one.corrects == row.id}
    return -int(sum(one.total for one in family if one.id in notes or one.corrects in notes))


async def correct(invoice_id: UUID, buyer: InvoiceBuyer, *, by: UUID, key: UUID, tells: bool) -> IssuedInvoice:
    """The invoice with this buyer, issued once for each `key`. `tells`: the customer gets it by e-mail.

    Raises `NotFound`, `BuyerFixed`, `SameBuyer`, `Conflict` for the key of another invoice's.
    """
    row = await IssuedInvoice.objects().where(IssuedInvoice.id == invoice_id).first()
    if row is None:
        raise NotFound("There is no such invoice.")
    async with database.transaction():
        await take_turns(f"corrections of {row.reference}")
        made = await issuing.of_cause(f"buyer:{key}")
        if made is not None:
            if made.replaces != row.id:
                raise Conflict
            return made
        if words := obstacle(row, await invoice_family.of(row)):
            raise BuyerFixed(words)
        credit, follower = await _issued(row, buyer, key)
        after = {"credit note": credit.number, "new invoice": follower.number, "e-mail": "yes" if tells else "no"}
        await audit.record(by, "invoice buyer corrected", "invoice", row.number, after=after)
        if tells:
            await outbox.announce(BuyerCorrected(follower.id))
    return follower


async def _issued(row: IssuedInvoice, buyer: InvoiceBuyer, key: UUID) -> tuple[IssuedInvoice, IssuedInvoice]:
    document, spoken = issuing.document_of(row), language.chosen(row.language)
    with language.speaking(spoken):
        wanted, reason = parties.party(buyer), _("Another buyer")
    if wanted == document.buyer:
        raise SameBuyer
    credit = await issuing.issue(replace(
        _draft(row, _taken_back(document, row, reason), kind="credit", cause=cause_of_credit(row.id)), corrects=row
    ))  # fmt: skip
    told = _addressed(document, wanted, replaces=row.number, credited_by=credit.number)
    return credit, await issuing.issue(
        replace(_draft(row, told, kind="invoice", cause=f"buyer:{key}"), replaces=row)
    )  # fmt: skip


def _taken_back(document: InvoiceDocument, row: IssuedInvoice, reason: str) -> InvoiceDocument:
    """The whole of it, with nothing returned: what was paid stays paid."""
    lines = credited_lines.turned(document.lines)
    return replace(
        document, lines=lines, taxes=credited_lines.rows(document.taxes, lines), payments=(),
        paid_on=issuing.today(clock.now()), corrects=row.number, corrects_on=row.issued_on, reason=reason,
        replaces="", credited_by="",
    )  # fmt: skip


def _addressed(document: InvoiceDocument, buyer: InvoiceParty, *, replaces: str, credited_by: str) -> InvoiceDocument:
    """The same for this buyer. A note about reverse charge names their VAT number."""
    former = document.buyer.vat_number
    notes = tuple(one.replace(former, buyer.vat_number) if former else one for one in document.notes)
    return replace(document, buyer=buyer, notes=notes, replaces=replaces, credited_by=credited_by)


def _draft(row: IssuedInvoice, document: InvoiceDocument, *, kind: str, cause: str) -> InvoiceDraft:
    return InvoiceDraft(
        kind=kind, cause=cause, subject=row.subject, reference=row.reference, document=document, person=row.person,
        language=language.chosen(row.language),
    )  # fmt: skip
