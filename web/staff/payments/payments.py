from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get

from components.foundation import paging
from components.payments.differences import admin_views
from components.payments.differences.admin_views import EventRow, MismatchRow, PageRow, PaymentsStatus, RunRow
from components.payments.dispute_answers import dispute_queue, fraud_warnings
from components.payments.disputes import DisputeView
from components.payments.stripe_account import key_alarm
from components.payments.stripe_account.key_alarm import KeyAlarm
from components.payments.webhooks import refused_deliveries
from components.payments.webhooks.refused_deliveries import RefusedCount
from web.guards import staff
from web.pager import Pager, page_asked
from web.staff.payments.failed_refunds import FailedRefundRow, failed_refund_rows
from web.staff.payments.payment_subject_links import SubjectLink, orders_beside, subject_links
from web.staff.payments.unsettled_requests import UnsettledRow, unsettled_rows
from web.views import View, page, visitor_of

FEW, A_PAGE = 5, 10
"""Of checkout sessions: on a phone each is a card."""


@dataclass(frozen=True, kw_only=True)
class PaymentsPage(View):
    template: ClassVar[str] = "staff/payments/index.html"
    standing: PaymentsStatus
    disputes: list[DisputeView]
    about: dict[UUID, SubjectLink]
    beside: dict[str, SubjectLink]
    disputed: dict[UUID, DisputeView]
    warned: frozenset[UUID]
    mismatches: list[MismatchRow]
    parked: list[EventRow]
    unsettled: list[UnsettledRow]
    failed_refunds: list[FailedRefundRow]
    pages: list[PageRow]
    pager: Pager
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
        total = await admin_views.page_count()
        number = paging.within(page_asked(request), total, A_PAGE)
        pages = await admin_views.recent_pages(limit=A_PAGE, offset=(number - 1) * A_PAGE)
        waiting = (await dispute_queue.part("answer", size=FEW)).disputes
        about = [one.reference_id for one in waiting if one.reference_id]
        return page(
            request,
            PaymentsPage(
                standing=await admin_views.status(),
                disputes=waiting,
                about=await subject_links(about, visitor_of(request)),
                beside=await orders_beside([one.id for one in waiting], visitor_of(request)),
                disputed=await dispute_queue.standing(one.id for one in pages),
                warned=await fraud_warnings.waiting_on(one.id for one in pages),
                mismatches=await admin_views.mismatches(),
                parked=await admin_views.parked_events(),
                unsettled=await unsettled_rows(visitor_of(request)),
                failed_refunds=await failed_refund_rows(visitor_of(request)),
                pages=pages,
                pager=Pager(page=number, pages=paging.last(total, A_PAGE), path=self.path),
                runs=await admin_views.runs(),
                key_alarm=await key_alarm.current(),
                refused_deliveries=await refused_deliveries.recent(),
                may_change=visitor_of(request).may("refunds"),
            ),
        )
