"""A person's orders of the shop before this one: those of the e-mail that they have confirmed."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.old_shop import old_orders
from components.old_shop.old_orders import OldOrderPage
from components.people import customer_accounts
from web.current_person import person_id_of
from web.guards import signed_in
from web.pager import Pager, page_asked
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class EarlierOrdersPage(View):
    template: ClassVar[str] = "account/orders/earlier.html"

    orders: OldOrderPage
    pages: Pager


class AccountEarlierOrdersController(Controller):
    path = "/account/orders/earlier"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        email = await customer_accounts.confirmed_email(person_id_of(request))
        found = await old_orders.of_email(email, page=page_asked(request))
        pages = Pager(page=found.number, pages=found.last, path=self.path)
        return page(request, EarlierOrdersPage(orders=found, pages=pages))
