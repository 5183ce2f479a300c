from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath, QueryParameter

from components import payments
from components.payments import desk
from components.payments.desk import EventRow
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of

A_PAGE = 50
PageNumber = Annotated[int, QueryParameter(name="page")]


@dataclass(frozen=True)
class Pages:
    page: int
    pages: int

    def url(self, number: int) -> str:
        return f"/staff/payments/events?page={number}"


@dataclass(frozen=True, kw_only=True)
class PaymentEventsPage(View):
    template: ClassVar[str] = "staff/payment_events/index.html"
    events: list[EventRow]
    pager: Pages


class StaffPaymentEventsController(Controller):
    """Every event received from Stripe, with its result."""

    path = "/staff/payments/events"
    guards = [staff("orders")]

    @get("/")
    async def index(self, request: Request[Any, Any, Any], number: PageNumber = 1) -> Response[bytes]:
        total = await desk.event_count()
        pages = max(1, -(-total // A_PAGE))
        number = min(max(1, number), pages)
        events = await desk.events(limit=A_PAGE, offset=(number - 1) * A_PAGE)
        return page(request, PaymentEventsPage(events=events, pager=Pages(number, pages)))

    @post("/{event_id:str}/tries", guards=[staff("refunds")])
    async def create(self, request: Request[Any, Any, Any], event_id: FromPath[str]) -> Response[Any]:
        by = visitor_of(request).person_id
        assert by is not None
        await payments.inbox.retry(event_id, by=by)
        return with_notice(see_other("/staff/payments"), "The event is being retried.")
