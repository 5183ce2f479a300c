"""Corrections of invoices: a credit note for each refund that went through, and its reversal if it then fails.

Each is worked out from what is true now and what has been issued: late, twice and out of order end the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages import language
from components.invoices import credited_lines, fee_invoices, issuing, order_invoices
from components.invoices.corrections import invoice_family
from components.invoices.invoice_values import InvoiceDocument, InvoiceLine, InvoicePayment
from components.invoices.issuing import InvoiceDraft
from components.invoices.tables import IssuedInvoice
from components.memberships.billing import fee_refunds
from components.memberships.grants import paid_once_refunds
from components.orders import queries
from components.payments import payment_refunds


@dataclass(frozen=True, kw_only=True)
class SettledRefund:
    """A refund as it stands. `named` has quantity and amount by order line; `credit` went back as store credit."""

    id: UUID
    amount: int
    credit: int
    succeeded: bool
    reason: str
    at: datetime
    named: Mapping[str, tuple[int, int]]


async def settle_order(order_id: UUID) -> None:
    """Every refund of an order. Nothing where the order has no invoice."""
    invoice, order = await issuing.of_cause(order_invoices.cause_of(order_id)), await queries.by_id(order_id)
    if invoice is None or order is None:
        return
    for one in order.refunds:
        named = {str(line.line): (line.quantity, line.amount) for line in one.lines}
        await _settle(invoice, SettledRefund(
            id=one.id, amount=one.amount, credit=one.credit, succeeded=one.status == "succeeded", reason=one.reason,
            at=one.settled_at or one.at, named=named,
        ))  # fmt: skip


async def settle_fee(refund_id: UUID) -> None:
    one = await fee_refunds.by_id(refund_id)
    invoice = await issuing.of_cause(fee_invoices.cause_of_fee(one.invoice)) if one else None
    if one is not None and invoice is not None:
        await _settle(invoice, SettledRefund(
            id=one.id, amount=one.amount + one.credit, credit=one.credit, succeeded=one.status == "succeeded",
            reason=one.reason, at=one.settled_at or one.at, named={},
        ))  # fmt: skip


async def settle_once(refund_id: UUID) -> None:
    one = await paid_once_refunds.by_id(refund_id)
    if one is None:
        return
    what = "gift" if one.gift else "term"
    invoice = await issuing.of_cause(fee_invoices.cause_once(what, one.reference))
    if invoice is not None:
        await _settle(invoice, SettledRefund(
            id=one.id, amount=one.amount, credit=0, succeeded=one.status == "succeeded", reason=one.reason,
            at=one.settled_at or one.at, named={},
        ))  # fmt: skip


async def of_invoice(invoice: IssuedInvoice) -> list[IssuedInvoice]:
    """The oldest first; with the reversals, which correct a credit note."""
    found = await invoice_family.of_reference(invoice.reference)
    notes = [one for one in found if one.corrects == invoice.id]
    ids = {one.id for one in notes}
    return [one for one in found if one.id in ids or one.corrects in ids]


async def of_refund(refund_id: UUID) -> IssuedInvoice | None:
    """The credit note that stands for this refund."""
    issued = await _issued_for(refund_id)
    return issued[-1] if issued and issued[-1].kind == "credit" else None


async def _issued_for(refund_id: UUID) -> list[IssuedInvoice]:
    is_its = IssuedInvoice.cause.like(f"refund:{refund_id}:%")
    return await IssuedInvoice.objects().where(is_its).order_by(IssuedInvoice.issued_at, IssuedInvoice.serial)


async def _settle(invoice: IssuedInvoice, refund: SettledRefund) -> None:
    async with database.transaction():
        await take_turns(f"corrections of {invoice.reference}")
        invoice = await invoice_family.standing(invoice)
        issued = await _issued_for(refund.id)
        stands = bool(issued) and issued[-1].kind == "credit"
        if refund.succeeded == stands:
            return
        cause = f"refund:{refund.id}:{len(issued) + 1}"
        draft = await _credit(invoice, refund, cause) if refund.succeeded else _reversal(invoice, issued[-1], cause)
        if draft is not None:
            await issuing.issue(draft)


async def _credit(invoice: IssuedInvoice, refund: SettledRefund, cause: str) -> InvoiceDraft | None:
    """None when nothing of the invoice is left to credit."""
    document = issuing.document_of(invoice)
    taken = credited_lines.untouched(document.lines)
    for note in await of_invoice(invoice):
        taken = credited_lines.added(taken, issuing.document_of(note).lines)
    amount = min(refund.amount, invoice.total + sum(line.total for line in taken))
    if amount <= 0:
        return None
    lines = credited_lines.credited(document.lines, taken, amount, refund.named)
    credit = min(refund.credit, amount)
    payments = (InvoicePayment(by="credit", amount=credit), InvoicePayment(by="money", amount=amount - credit))
    made = _made(
        document, lines, corrects=invoice, payments=payments, reason=payment_refunds.reason_told(refund.reason),
        at=refund.at,
    )  # fmt: skip
    return _draft(invoice, made, kind="credit", cause=cause, corrects=invoice)


def _reversal(invoice: IssuedInvoice, note: IssuedInvoice, cause: str) -> InvoiceDraft:
    document = issuing.document_of(note)
    lines = credited_lines.turned(document.lines)
    made = _made(document, lines, corrects=note, payments=(), reason="", at=clock.now())
    return _draft(invoice, made, kind="reversal", cause=cause, corrects=note)


def _made(
    document: InvoiceDocument,
    lines: tuple[InvoiceLine, ...],
    *,
    corrects: IssuedInvoice,
    payments: tuple[InvoicePayment, ...],
    reason: str,
    at: datetime,
) -> InvoiceDocument:
    """The parties are those of the invoice: it is what is corrected, not what the settings say by now."""
    return replace(
        document,
        lines=lines,
        taxes=credited_lines.rows(document.taxes, lines),
        payments=payments,
        paid_on=issuing.today(at),
        corrects=corrects.number,
        corrects_on=corrects.issued_on,
        reason=reason,
        replaces="",
        credited_by="",
    )


def _draft(
    invoice: IssuedInvoice, document: InvoiceDocument, *, kind: str, cause: str, corrects: IssuedInvoice
) -> InvoiceDraft:
    return InvoiceDraft(
        kind=kind, cause=cause, subject=invoice.subject, reference=invoice.reference, document=document,
        person=invoice.person, language=language.chosen(invoice.language), corrects=corrects,
    )  # fmt: skip
