from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.payments import desk
from components.payments.desk import EventRow, MismatchRow, PageRow, RunRow, Standing
from web.guards import staff
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class PaymentsPage(View):
    template: ClassVar[str] = "staff/payments/index.html"
    standing: Standing
    mismatches: list[MismatchRow]
    parked: list[EventRow]
    pages: list[PageRow]
    runs: list[RunRow]
    may_change: bool


class StaffPaymentsController(Controller):
    """Mismatches with Stripe, failed events, and the newest checkout sessions."""

    path = "/staff/payments"
    guards = [staff("orders")]

    @get("/")
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        return page(
            request,
            PaymentsPage(
                standing=await desk.standing(),
                mismatches=await desk.mismatches(),
                parked=await desk.parked_events(),
                pages=await desk.recent_pages(),
                runs=await desk.runs(),
                may_change=visitor_of(request).may("refunds"),
            ),
        )
