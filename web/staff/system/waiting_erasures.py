"""Accounts whose owners want them deleted, and what each waits for."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.foundation import paging
from components.people.privacy import erasure_wishes
from components.people.privacy.erasure_wishes import OBSTACLE, WaitingWish
from web.guards import staff
from web.pager import Pager, page_asked
from web.views import View, page, visitor_of

LIST = "/staff/erasures"
A_PAGE = 25
REASONS = {
    OBSTACLE: ("They have a membership that renews, an order to be shipped, or staff access again.", ""),
    "notice": ("A cancellation in writing has not been seen to.", "/staff/cancellations"),
    "order refund": ("A refund of an order is on its way, or failed.", "/staff/orders?show=refunded"),
    "fee refund": ("A refund of a membership is on its way.", "/staff/payments"),
    "payment": ("A payment or refund is on its way, or a bank decides about a dispute.", "/staff/payments"),
}
"""By the name a wait is registered under: what staff read, and where it is seen to."""
BY_ITSELF = ("Stripe has not confirmed that billing has ended and that no payment page is open.", "/staff/payments")


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRow:
    wish: WaitingWish
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class WaitingErasuresPage(View):
    template: ClassVar[str] = "staff/members/erasures/index.html"
    rows: tuple[WishRow, ...]
    pages: Pager
    may_see_payments: bool


class StaffWaitingErasuresController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        total = await erasure_wishes.count_waiting()
        number = paging.within(page_asked(request), total, A_PAGE)
        found = await erasure_wishes.waiting(limit=A_PAGE, offset=(number - 1) * A_PAGE)
        return page(
            request,
            WaitingErasuresPage(
                rows=tuple(WishRow(wish=one, reasons=_said(one)) for one in found),
                pages=Pager(page=number, pages=paging.last(total, A_PAGE), path=LIST),
                may_see_payments=visitor_of(request).may("orders"),
            ),
        )


def _said(wish: WaitingWish) -> tuple[tuple[str, str], ...]:
    return tuple(REASONS[reason] for reason in wish.reasons) or (BY_ITSELF,)
