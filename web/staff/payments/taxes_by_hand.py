"""Sales and refunds that Stripe Tax has not recorded: entered there by hand, and marked so here."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import paging
from components.insights.todo import taxes_by_hand
from components.insights.todo.taxes_by_hand import TaxToEnter
from components.orders.history import tax_by_hand
from web.current_person import person_id_of
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of

LIST = "/staff/payments/taxes"
A_PAGE = 25
MARKED = "Marked as entered by hand."
NOTHING = "There was nothing to mark here any more."


@dataclass(frozen=True, kw_only=True)
class TaxesByHandPage(View):
    template: ClassVar[str] = "staff/payments/taxes_by_hand.html"
    waiting: list[TaxToEnter]
    may_mark: bool
    pages: Pager


class StaffTaxesByHandController(Controller):
    path = LIST
    guards = [staff("orders")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        total = await taxes_by_hand.count()
        number = paging.within(page_asked(request), total, A_PAGE)
        return page(
            request,
            TaxesByHandPage(
                waiting=await taxes_by_hand.part(limit=A_PAGE, offset=(number - 1) * A_PAGE),
                may_mark=visitor_of(request).may("refunds"),
                pages=Pager(page=number, pages=paging.last(total, A_PAGE), path=LIST),
            ),
        )

    @post("/{order_id:uuid}", guards=[staff("refunds")])
    async def sale(self, request: Request[Any, Any, Any], order_id: FromPath[UUID]) -> Response[Any]:
        return _back(is_marked=await tax_by_hand.mark_sale(order_id, by=person_id_of(request)))

    @post("/{order_id:uuid}/{refund_id:uuid}", guards=[staff("refunds")])
    async def refund(
        self, request: Request[Any, Any, Any], order_id: FromPath[UUID], refund_id: FromPath[UUID]
    ) -> Response[Any]:
        return _back(is_marked=await tax_by_hand.mark_refund(order_id, refund_id, by=person_id_of(request)))


def _back(*, is_marked: bool) -> Response[Any]:
    return with_notice(see_other(LIST), MARKED if is_marked else NOTHING)
