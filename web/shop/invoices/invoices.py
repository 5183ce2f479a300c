"""An invoice as it was printed, for whoever has its link: as a page and as PDF."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.foundation.languages.words import N_
from components.foundation.refusals import NotFound
from components.invoices import invoice_list, issuing
from components.invoices.pdf import invoice_pdf
from components.invoices.pdf.month_archives import file_name
from components.invoices.printed_invoice import PrintedInvoice
from components.invoices.tables import IssuedInvoice
from web.guards import anyone
from web.sign_in_session import without_store
from web.views import View, page


class UnknownInvoice(NotFound):
    message = N_("We could not find this invoice.")


@dataclass(frozen=True, kw_only=True)
class InvoicePage(View):
    template: ClassVar[str] = "shop/invoices/show.html"

    printed: PrintedInvoice
    path: str


class InvoiceController(Controller):
    path = "/invoices/{token:str}"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
        row = await _found(token)
        view = InvoicePage(printed=issuing.printed_of(row), path=f"/invoices/{token}")
        return without_store(page(request, view))

    @get("/pdf")
    async def pdf(self, token: FromPath[str]) -> Response[bytes]:
        return await pdf_file(await _found(token))


async def pdf_file(row: IssuedInvoice) -> Response[bytes]:
    """Named after its number. Raises `NoPdf`."""
    return Response(
        await invoice_pdf.of(row),
        media_type="application/pdf",
        headers={
            "Content-Disposition": f'attachment; filename="{file_name(row.number)}.pdf"',
            "Cache-Control": "private, no-store",
        },
    )


async def _found(token: str) -> IssuedInvoice:
    row = await invoice_list.by_token(token)
    if row is None:
        raise UnknownInvoice
    return row
