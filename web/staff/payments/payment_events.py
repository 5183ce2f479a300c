from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import paging
from components.payments.differences import admin_views
from components.payments.differences.admin_views import EventRow
from components.payments.webhooks import inbox
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of

A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class PaymentEventsPage(View):
    template: ClassVar[str] = "staff/payments/payment_events/index.html"
    events: list[EventRow]
    pager: Pager


class StaffPaymentEventsController(Controller):
    """Every event received from Stripe, with its result."""

    path = "/staff/payments/events"
    guards = [staff("orders")]

    @get("/")
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        total = await admin_views.event_count()
        number = paging.within(page_asked(request), total, A_PAGE)
        pages = Pager(page=number, pages=paging.last(total, A_PAGE), path=self.path)
        events = await admin_views.events(limit=A_PAGE, offset=(number - 1) * A_PAGE)
        return page(request, PaymentEventsPage(events=events, pager=pages))

    @post("/{event_id:str}/tries", guards=[staff("refunds")])
    async def create(self, request: Request[Any, Any, Any], event_id: FromPath[str]) -> Response[Any]:
        by = visitor_of(request).person_id
        assert by is not None
        await inbox.retry(event_id, by=by)
        return with_notice(see_other("/staff/payments"), "The event is being retried.")
