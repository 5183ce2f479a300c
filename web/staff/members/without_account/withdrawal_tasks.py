"""Withdrawals that staff should see to: what each is about, whether it is in time, and the day to refund by."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import paging
from components.messaging.notices import settled_withdrawals, withdrawals
from components.messaging.notices.open_withdrawals import OpenWithdrawal
from components.messaging.notices.settled_withdrawals import NotRefunded, WithdrawalRow
from web.current_person import person_id_of
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice, with_undo
from web.views import View, page

LIST = "/staff/withdrawals"


@dataclass(frozen=True, kw_only=True)
class WithdrawalTasksPage(View):
    template: ClassVar[str] = "staff/members/withdrawals/index.html"
    rows: tuple[OpenWithdrawal, ...]
    pages: Pager


@dataclass(frozen=True, kw_only=True)
class SettledWithdrawalsPage(View):
    template: ClassVar[str] = "staff/members/withdrawals/settled.html"
    rows: tuple[WithdrawalRow, ...]
    pages: Pager


@dataclass(frozen=True, kw_only=True)
class NotRefundedPage(View):
    """Asks once more before what was not refunded is marked as refunded."""

    template: ClassVar[str] = "staff/members/withdrawals/not_refunded.html"
    withdrawal_id: UUID
    words: str


class StaffWithdrawalTasksController(Controller):
    path = LIST
    guards = [staff("orders")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        total, most = await withdrawals.count_to_do(), withdrawals.A_PAGE
        number = paging.within(page_asked(request), total, most)
        pages = Pager(page=number, pages=paging.last(total, most), path=LIST)
        return page(request, WithdrawalTasksPage(rows=await withdrawals.to_do(page=number), pages=pages))

    @get("/settled")
    async def settled(self, request: Request[Any, Any, Any]) -> Response[Any]:
        total, most = await settled_withdrawals.count_settled(), settled_withdrawals.A_PAGE
        number = paging.within(page_asked(request), total, most)
        pages = Pager(page=number, pages=paging.last(total, most), path=f"{LIST}/settled")
        rows = await settled_withdrawals.settled(page=number)
        return page(request, SettledWithdrawalsPage(rows=rows, pages=pages))

    @post("/{withdrawal_id:uuid}/{outcome:str}")
    async def update(
        self, request: Request[Any, Any, Any], withdrawal_id: FromPath[UUID], outcome: FromPath[str]
    ) -> Response[Any]:
        anyway = (await request.form()).get("anyway") == "on"
        try:
            await settled_withdrawals.settle(withdrawal_id, outcome=outcome, by=person_id_of(request), anyway=anyway)
        except NotRefunded as refusal:
            asked = NotRefundedPage(withdrawal_id=withdrawal_id, words=str(refusal))
            return page(request, asked, status=refusal.status)
        return with_undo(see_other(LIST), "Marked as seen to.", undo=f"{LIST}/{withdrawal_id}/reopening")

    @post("/{withdrawal_id:uuid}/reopening")
    async def reopen(self, request: Request[Any, Any, Any], withdrawal_id: FromPath[UUID]) -> Response[Any]:
        await settled_withdrawals.reopen(withdrawal_id, by=person_id_of(request))
        return with_notice(see_other(LIST), "It waits again.")
