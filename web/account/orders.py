"""A person's own orders, found through whoever is signed in: somebody else's number is a number that does not exist."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.checkout.basket import baskets
from components.foundation.languages.language import isolated
from components.foundation.languages.words import _
from components.foundation.refusals import NotFound, Refusal
from components.old_shop import old_orders
from components.orders import order_list, queries
from components.orders.order_list import OrderListPage
from components.orders.views import OrderView
from components.people import customer_accounts
from web.current_person import person_id_of
from web.guards import signed_in
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice, with_refusal
from web.shop.basket.basket_cookie import with_basket
from web.shop.basket.line_why import OrderLineWhy
from web.shop.order_details import OrderDetails
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class OrdersPage(View):
    template: ClassVar[str] = "account/orders/index.html"

    orders: OrderListPage
    pages: Pager
    has_earlier: bool


@dataclass(frozen=True, kw_only=True)
class OwnOrderPage(OrderDetails):
    template: ClassVar[str] = "account/orders/show.html"


@dataclass(frozen=True, kw_only=True)
class OwnOrderLine(OrderLineWhy):
    template: ClassVar[str] = "account/orders/why.html"


class AccountOrdersController(Controller):
    path = "/account/orders"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        found = await order_list.of_person(person_id_of(request), page=page_asked(request))
        pages = Pager(page=found.number, pages=found.last, path=self.path)
        email = await customer_accounts.confirmed_email(person_id_of(request))
        has_earlier = bool((await old_orders.of_email(email)).rows)
        return page(request, OrdersPage(orders=found, pages=pages, has_earlier=has_earlier))

    @get("/{number:str}")
    async def show(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order = await _mine(request, number)
        return page(request, await OwnOrderPage.of(order, f"/account/orders/{order.number}"))

    @get("/{number:str}/lines/{n:int}/why")
    async def why(self, request: Request[Any, Any, Any], number: FromPath[str], n: FromPath[int]) -> Response[Any]:
        return page(request, OwnOrderLine.of(await _mine(request, number), n))

    @post("/{number:str}/again")
    async def buy_again(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        """Everything from the order that is available goes into the basket, at today's prices."""
        order, visitor = await _mine(request, number), visitor_of(request)
        token, missing, fewer = visitor.basket_token, [], []
        for line in order.lines:
            try:
                added = await baskets.add(
                    token,
                    line.variant_id,
                    quantity=line.quantity,
                    person_id=visitor.person_id,
                    access=visitor.access,
                )
                token = added.token
                fewer += [f"{isolated(line.title)}: {added.words}"] if added.words else []
            except Refusal:
                missing.append(line.title)
        answer: Response[Any] = see_other("/basket")
        if missing or fewer:
            gone = [_("Not available at the moment: %(titles)s.", titles=", ".join(missing))] if missing else []
            answer = with_refusal(answer, " ".join(gone + fewer))
        else:
            answer = with_notice(answer, _("Everything from that order is in your basket at today's prices."))
        return with_basket(answer, token) if token else answer


async def _mine(request: Request[Any, Any, Any], number: str) -> OrderView:
    order = await queries.of_person(person_id_of(request), number)
    if order is None:
        raise NotFound(_("We could not find this order."))
    return order
