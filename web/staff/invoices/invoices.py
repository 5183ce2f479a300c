"""Invoices in the staff area: searched, looked at, exported, and a month of them downloaded as PDFs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Stream

from components.foundation.operations import security_events
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import shop_settings
from components.invoices import invoice_links, invoice_list, issuing
from components.invoices.corrections import buyer_corrections, invoice_family
from components.invoices.invoice_list import InvoiceListPage
from components.invoices.pdf import month_archives
from components.invoices.printed_invoice import PrintedInvoice
from components.invoices.tables import InvoiceArchive, IssuedInvoice
from web.current_person import person_id_of
from web.forms.fields import Text
from web.forms.form import Form
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice, with_refusal
from web.shop.invoices.invoices import pdf_file
from web.staff import csv_files
from web.staff.csv_files import amount, rate
from web.views import View, page, visitor_of

HERE = "/staff/invoices"
HEADS = (
    "Number", "Kind", "Date of issue", "About", "Buyer", "Country", "VAT number", "Tax", "Tax rate %", "Net",
    "Tax amount", "Gross", "Currency", "Corrects", "Simplified",
)  # fmt: skip
KINDS = {"invoice": "Invoice", "credit": "Credit note", "reversal": "Reversal"}


class MonthForm(Form):
    month = Text("Month", longest=7)


@dataclass(frozen=True, kw_only=True)
class StaffInvoicesPage(View):
    """`month` as typed, 2027-03; `archives` are the files of that month that were asked for."""

    template: ClassVar[str] = "staff/invoices/index.html"

    invoices: InvoiceListPage
    kinds: dict[str, str]
    search: str
    month: str
    filters: str
    pages: Pager
    archives: list[InvoiceArchive]
    are_on: bool
    most: int


@dataclass(frozen=True, kw_only=True)
class StaffInvoicePage(View):
    """`relatives` correct it, or are what it corrects; `member` paid the fee. `buyer_fixed`: why its buyer stays."""

    template: ClassVar[str] = "staff/invoices/show.html"

    printed: PrintedInvoice
    path: str
    link: str
    about: str
    is_order: bool
    member: UUID | None
    relatives: tuple[IssuedInvoice, ...]
    kinds: dict[str, str]
    is_invoice: bool
    buyer_fixed: str


class StaffInvoicesController(Controller):
    path = HERE
    guards = [staff("orders")]

    @get()
    async def index(
        self, request: Request[Any, Any, Any], q: FromQuery[str] = "", month: FromQuery[str] = ""
    ) -> Response[Any]:
        wanted, search = _month(month), q[:100]
        asked = {"q": search, "month": f"{wanted:%Y-%m}" if wanted else ""}
        found = await invoice_list.for_staff(search=search, month=wanted, page=page_asked(request))
        return page(
            request,
            StaffInvoicesPage(
                invoices=found,
                kinds=KINDS,
                search=search,
                month=asked["month"],
                filters=_filters(asked),
                pages=Pager(page=found.number, pages=found.last, path=HERE, query=asked),
                archives=await month_archives.of_month(wanted) if wanted else [],
                are_on=shop_settings.current().invoices == "on",
                most=month_archives.MOST,
            ),
        )

    @get("/export.csv")
    async def export(
        self, request: Request[Any, Any, Any], q: FromQuery[str] = "", month: FromQuery[str] = ""
    ) -> Stream:
        """One line for each rate of tax."""
        wanted, search = _month(month), q[:100]
        found = invoice_list.every(search=search, month=wanted)
        return await csv_files.streamed(
            request, "invoices", HEADS, _rows(found), search=search, month=f"{wanted:%Y-%m}" if wanted else ""
        )

    @post("/archives")
    async def create_archive(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await MonthForm.read(request)
        month = _month(form.month) if form.is_valid else None
        if month is None:
            return with_refusal(see_other(HERE), "Choose a month first, such as 2027-03.")
        back = see_other(f"{HERE}?month={month:%Y-%m}")
        if not await month_archives.request(month, by=person_id_of(request)):
            return with_refusal(back, "There are no invoices in this month.")
        return with_notice(back, "The file is being made. Reload this page in a minute to download it.")

    @get("/archives/{archive_id:uuid}")
    async def archive(self, request: Request[Any, Any, Any], archive_id: FromPath[UUID]) -> Response[bytes]:
        found = await month_archives.by_id(archive_id)
        if found is None or found.content is None:
            raise NotFound("This file is not there (any more). Please have it made again.")
        await security_events.note("export", person=person_id_of(request), detail="invoices")
        name = f"invoices-{found.month:%Y-%m}-{found.part}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
        return Response(bytes(found.content), media_type="application/zip", headers=headers)

    @get("/{invoice_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], invoice_id: FromPath[UUID]) -> Response[Any]:
        row = await _found(invoice_id)
        family = await invoice_family.of(row)
        return page(
            request,
            StaffInvoicePage(
                printed=issuing.printed_of(row),
                path=f"{HERE}/{row.id}",
                link=f"/invoices/{invoice_links.token(row.id)}",
                about=row.about,
                is_order=row.subject == "order",
                member=row.person if row.subject != "order" and visitor_of(request).may("members") else None,
                relatives=tuple(one for one in family if one.id != row.id),
                kinds=KINDS,
                is_invoice=row.kind == "invoice",
                buyer_fixed=buyer_corrections.obstacle(row, family) if row.kind == "invoice" else "",
            ),
        )

    @get("/{invoice_id:uuid}/pdf")
    async def pdf(self, invoice_id: FromPath[UUID]) -> Response[bytes]:
        return await pdf_file(await _found(invoice_id))


async def _found(invoice_id: UUID) -> IssuedInvoice:
    row = await invoice_list.by_id(invoice_id)
    if row is None:
        raise NotFound("There is no such invoice.")
    return row


def _month(typed: str) -> date | None:
    """The first day of a month typed as 2027-03; None for anything else."""
    year, _dash, month = typed.strip().partition("-")
    is_one = len(year) == 4 and (year + month).isascii() and year.isdigit() and month.isdigit() and len(month) == 2
    return date(int(year), int(month), 1) if is_one and 1 <= int(month) <= 12 and int(year) >= 2000 else None


def _filters(asked: dict[str, str]) -> str:
    given = {name: value for name, value in asked.items() if value}
    return f"?{urlencode(given)}" if given else ""


async def _rows(found: AsyncIterator[IssuedInvoice]) -> AsyncIterator[tuple[str, ...]]:
    async for row in found:
        told = issuing.document_of(row)
        rates = [(one.name, one.rate_bp, one.net, one.tax) for one in told.taxes if one.net or one.tax]
        if told.untaxed or not rates:
            rates.append(("", 0, told.untaxed, 0))
        for name, rate_bp, net, tax in rates:
            yield (
                row.number, KINDS[row.kind], row.issued_on.isoformat(), row.about, row.buyer, told.buyer.country,
                told.buyer.vat_number, name, rate(rate_bp), amount(net, row.currency), amount(tax, row.currency),
                amount(net + tax, row.currency), row.currency, told.corrects or told.replaces,
                "yes" if row.is_simplified else "",
            )  # fmt: skip
