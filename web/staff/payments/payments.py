from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.payments import admin_views, disputes
from components.payments.admin_views import EventRow, MismatchRow, PageRow, PaymentsStatus, RunRow
from components.payments.disputes import DisputeView
from components.payments.stripe_account import key_alarm
from components.payments.stripe_account.key_alarm import KeyAlarm
from components.payments.webhooks import refused_deliveries
from components.payments.webhooks.refused_deliveries import RefusedCount
from web.guards import staff
from web.views import View, page, visitor_of


@dataclass(frozen=True, kw_only=True)
class PaymentsPage(View):
    template: ClassVar[str] = "staff/payments/index.html"
    standing: PaymentsStatus
    disputes: list[DisputeView]
    mismatches: list[MismatchRow]
    parked: list[EventRow]
    pages: list[PageRow]
    runs: list[RunRow]
    key_alarm: KeyAlarm | None
    refused_deliveries: list[RefusedCount]
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
                standing=await admin_views.status(),
                disputes=await disputes.recent(),
                mismatches=await admin_views.mismatches(),
                parked=await admin_views.parked_events(),
                pages=await admin_views.recent_pages(),
                runs=await admin_views.runs(),
                key_alarm=await key_alarm.current(),
                refused_deliveries=await refused_deliveries.recent(),
                may_change=visitor_of(request).may("refunds"),
            ),
        )
