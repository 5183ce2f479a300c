"""Giving an invoice its number, in the transaction that writes it: no number is given twice, or for nothing.

The row of the series' counter is locked until then; whoever comes meanwhile waits for that. Killed in between, neither
number nor invoice are there.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from components.foundation import clock, database, ids, json
from components.foundation.database.advisory_locks import take_turns
from components.foundation.languages import language
from components.foundation.shop_settings import setting_rows, shop_settings
from components.invoices import invoice_rules, printed_invoice
from components.invoices.invoice_values import InvoiceDocument
from components.invoices.tables import IssuedInvoice

_NEXT = """
INSERT INTO invoice_counter (series, last) VALUES ($1, 1)
ON CONFLICT (series) DO UPDATE SET last = invoice_counter.last + 1 RETURNING last"""


@dataclass(frozen=True, kw_only=True)
class InvoiceDraft:
    """All of an invoice but its number and day. `subject` and `reference` say what it is about."""

    kind: str
    cause: str
    subject: str
    reference: UUID
    document: InvoiceDocument
    person: UUID | None
    language: str
    corrects: IssuedInvoice | None = None
    replaces: IssuedInvoice | None = None


async def are_wanted(paid_at: datetime) -> bool:
    """Whether the shop issues invoices, and did so already when this was paid."""
    if shop_settings.current().invoices != "on":
        return False
    turned = await setting_rows.history(("invoices",), most=1)
    return not turned or paid_at >= turned[0].at


async def of_cause(cause: str) -> IssuedInvoice | None:
    return await IssuedInvoice.objects().where(IssuedInvoice.cause == cause).first()


async def issue(draft: InvoiceDraft) -> IssuedInvoice:
    """The invoice for this cause: issued once, however often and by how many it is asked for."""
    async with database.transaction():
        await take_turns(f"invoice {draft.cause}")
        if known := await of_cause(draft.cause):
            return known
        series, prefix = _series("invoice" if draft.kind == "invoice" else "credit")
        serial = int(await database.fetch_value(_NEXT, series))
        now = clock.now()  # after the wait for the number, so that days follow the numbers
        row = _row(draft, now=now, series=series, serial=serial, number=f"{prefix}{serial:05d}")
        await IssuedInvoice.insert(row)
    return row


def today(now: datetime) -> date:
    """The day in the shop's time zone."""
    return now.astimezone(ZoneInfo(shop_settings.current().time_zone)).date()


def document_of(row: IssuedInvoice) -> InvoiceDocument:
    return json.load_as(InvoiceDocument, _text(row.document))


def printed_of(row: IssuedInvoice) -> printed_invoice.PrintedInvoice:
    return json.load_as(printed_invoice.PrintedInvoice, _text(row.printed))


def _text(stored: Any) -> str:
    return stored if isinstance(stored, str) else json.dump(stored)


def _series(which: str) -> tuple[str, str]:
    """The counter's key, and what stands before the number."""
    shop = shop_settings.current()
    prefix = shop.invoice_prefix if which == "invoice" else shop.credit_note_prefix
    if not invoice_rules.restarts_yearly():
        return f"{which}:0", prefix
    year = today(clock.now()).year
    return f"{which}:{year}", f"{prefix}{year}-"


def _row(draft: InvoiceDraft, *, now: datetime, series: str, serial: int, number: str) -> IssuedInvoice:
    document, issued_on = draft.document, today(now)
    country = document.seller.country
    shop = shop_settings.current()
    with language.speaking(language.chosen(draft.language)):
        printed = printed_invoice.of(
            document,
            kind=draft.kind,
            number=number,
            issued_on=issued_on,
            author=shop.shop_name,
            logo=shop.brand_logo,
        )
        spoken = language.current()
    is_small = invoice_rules.may_be_simplified(document.total, document.currency, country)
    return IssuedInvoice(
        id=ids.new(), kind=draft.kind, series=series, serial=serial, number=number, cause=draft.cause,
        subject=draft.subject, reference=draft.reference, about=document.about,
        corrects=draft.corrects.id if draft.corrects else None,
        replaces=draft.replaces.id if draft.replaces else None, person=draft.person, buyer=document.buyer.named[:200],
        issued_at=now, issued_on=issued_on, keep_until=invoice_rules.keep_until(issued_on, country),
        currency=document.currency, net=document.net, tax=document.tax, total=document.total,
        is_simplified=is_small and not document.buyer.has_address, language=spoken,
        document=json.dump(document), printed=json.dump(printed),
    )  # fmt: skip
