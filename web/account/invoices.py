"""All invoices and credit notes of whoever is signed in."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.invoices import invoice_list
from components.invoices.invoice_links import InvoiceLink
from web.current_person import person_id_of
from web.guards import signed_in
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class OwnInvoicesPage(View):
    template: ClassVar[str] = "account/invoices/index.html"

    invoices: tuple[InvoiceLink, ...]


class AccountInvoicesController(Controller):
    path = "/account/invoices"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return page(request, OwnInvoicesPage(invoices=await invoice_list.of_person(person_id_of(request))))
