"""A person's own orders, found through whoever is signed in: somebody else's number is a number that does not exist."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, FromQuery

from components import orders
from components.checkout import baskets
from components.foundation import settings
from components.foundation.money import Money
from components.foundation.refusals import NotFound, Refusal
from components.orders import OrderView
from components.orders.listing import OrderPage
from web.account.countries import name as country_name
from web.account.whose import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal
from web.shop.basket_cookie import with_basket
from web.shop.joined_words import joined_words
from web.shop.line_why import OrderLineWhy
from web.shop.lines import Line, Row, club_words, order_rows, sold_lines
from web.shop.page_numbers import PageNumbers
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class OrdersPage(View):
    template: ClassVar[str] = "account/orders/index.html"

    orders: OrderPage
    pages: PageNumbers


@dataclass(frozen=True, kw_only=True)
class OrderOfMine(View):
    template: ClassVar[str] = "account/orders/show.html"

    order: OrderView
    lines: tuple[Line, ...]
    rows: list[Row]
    total: Money
    saved: Money | None
    refunded: Money | None
    country: str
    return_days: int
    joined: str


@dataclass(frozen=True, kw_only=True)
class LineOfMine(OrderLineWhy):
    template: ClassVar[str] = "account/orders/why.html"


class AccountOrdersController(Controller):
    path = "/account/orders"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any], number: FromQuery[int] = 1) -> Response[Any]:
        found = await orders.listing.of_person(person_id_of(request), page=number)
        numbers = PageNumbers(page=found.number, pages=found.last, path="/account/orders", query={})
        return page(request, OrdersPage(orders=found, pages=numbers))

    @get("/{number:str}")
    async def show(self, request: Request[Any, Any, Any], number: FromPath[str]) -> Response[Any]:
        order = await _mine(request, number)
        return page(
            request,
            OrderOfMine(
                order=order,
                lines=sold_lines(order, f"/account/orders/{order.number}"),
                rows=order_rows(order, club=club_words(settings.current().club_name)),
                total=Money(order.charged, order.currency),
                saved=Money(order.member_savings, order.currency) if order.member_savings else None,
                refunded=Money(order.refunded, order.currency) if order.refunded else None,
                country=country_name(order.address.country),
                return_days=settings.current().return_days,
                joined=await joined_words(order),
            ),
        )

    @get("/{number:str}/lines/{n:int}/why")
    async def why(self, request: Request[Any, Any, Any], number: FromPath[str], n: FromPath[int]) -> Response[Any]:
        return page(request, LineOfMine.of(await _mine(request, number), n))

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
                fewer += [f"{line.title}: {added.words}"] if added.words else []
            except Refusal:
                missing.append(line.title)
        answer: Response[Any] = see_other("/basket")
        if missing or fewer:
            gone = [f"Not available at the moment: {', '.join(missing)}."] if missing else []
            answer = with_refusal(answer, " ".join(gone + fewer))
        else:
            answer = with_notice(answer, "Everything from that order is in your basket at today's prices.")
        return with_basket(answer, token) if token else answer


async def _mine(request: Request[Any, Any, Any], number: str) -> OrderView:
    order = await orders.of_person(person_id_of(request), number)
    if order is None:
        raise NotFound("We could not find this order.")
    return order
