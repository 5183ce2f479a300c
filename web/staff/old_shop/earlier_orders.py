"""Orders of the earlier shop for staff: found by number, e-mail and name. A record, and nothing else."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get
from litestar.params import FromQuery

from components.old_shop import old_orders
from components.old_shop.old_orders import OldOrderPage
from web.guards import staff
from web.pager import Pager, page_asked
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class StaffEarlierOrdersPage(View):
    template: ClassVar[str] = "staff/old_shop/orders.html"

    orders: OldOrderPage
    search: str
    pages: Pager


class StaffEarlierOrdersController(Controller):
    path = "/staff/orders/earlier"
    guards = [staff("orders")]

    @get()
    async def index(self, request: Request[Any, Any, Any], q: FromQuery[str] = "") -> Response[Any]:
        search = q[:254]
        found = await old_orders.for_staff(search, page=page_asked(request))
        pages = Pager(page=found.number, pages=found.last, path=self.path, query={"q": search})
        return page(request, StaffEarlierOrdersPage(orders=found, search=search, pages=pages))
