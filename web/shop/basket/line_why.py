"""Why a line has its price: in a basket now, in an order as it was agreed. The same for shoppers and staff."""

from dataclasses import dataclass
from typing import Any, ClassVar, Self
from uuid import UUID

from litestar import Controller, Request, Response, get
from litestar.params import FromPath

from components.foundation.formatting import money
from components.foundation.languages.words import N_, _
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.orders.views import OrderView
from web.guards import anyone
from web.shop.basket.basket_page import basket_page
from web.shop.lines import LineView, Row, order_lines
from web.views import View, page, visitor_of


class UnknownLine(NotFound):
    message = N_("We couldn’t find this item.")


@dataclass(frozen=True, kw_only=True)
class OrderLineWhy(View):
    """Shop and staff area have templates of their own. `rows` lead from everybody's price to the line's price."""

    order: OrderView
    line: LineView
    rows: list[Row]
    paid: Money

    @classmethod
    def of(cls, order: OrderView, n: int) -> Self:
        """The order's line `n`, counted from 1. Raises `UnknownLine`."""
        lines = order_lines(order, "")
        if not 1 <= n <= len(lines):
            raise UnknownLine
        line = lines[n - 1]
        return cls(order=order, line=line, rows=reason_rows(line), paid=price_paid(line))


@dataclass(frozen=True, kw_only=True)
class BasketLineWhy(View):
    template: ClassVar[str] = "shop/basket/why.html"

    line: LineView
    rows: list[Row]
    paid: Money
    club: str


class BasketLineController(Controller):
    path = "/basket/lines/{line_id:uuid}/why"
    guards = [anyone]

    @get()
    async def show(self, request: Request[Any, Any, Any], line_id: FromPath[UUID]) -> Response[Any]:
        """A line of this browser's own basket, free gifts included; a line that cannot be bought has no price to
        explain."""
        visitor = visitor_of(request)
        basket = await basket_page(visitor, visitor.basket_token)
        line = next((line for line in (*basket.lines, *basket.gifts) if line.id == str(line_id)), None)
        if line is None:
            raise UnknownLine
        return page(request, BasketLineWhy(line=line, rows=reason_rows(line), paid=price_paid(line), club=basket.club))


def reason_rows(line: LineView) -> list[Row]:
    usual = line.was_total or line.total
    unit = Money(usual.amount // line.quantity, usual.currency)
    rows: list[Row] = [(f"{line.quantity} × {money(unit)}", usual, "")]
    if usual != line.total:
        rows.append((line.why, Money(usual.amount - line.total.amount, usual.currency), "saved"))
    if line.coupon:
        rows.append((_("Coupon on this item"), line.coupon, "saved"))
    return rows


def price_paid(line: LineView) -> Money:
    """The whole line, less its part of the coupon."""
    return Money(line.total.amount - (line.coupon.amount if line.coupon else 0), line.total.currency)
