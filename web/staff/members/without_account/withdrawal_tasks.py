"""Withdrawals that staff should see to: what each is about, whether it is in time, and the day to refund by."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import paging
from components.messaging.notices import withdrawals
from components.messaging.notices.withdrawals import OpenWithdrawal
from web.current_person import person_id_of
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.views import View, page

LIST = "/staff/withdrawals"


@dataclass(frozen=True, kw_only=True)
class WithdrawalTasksPage(View):
    template: ClassVar[str] = "staff/members/withdrawals/index.html"
    rows: tuple[OpenWithdrawal, ...]
    pages: Pager


class StaffWithdrawalTasksController(Controller):
    path = LIST
    guards = [staff("orders")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        total, most = await withdrawals.count_to_do(), withdrawals.A_PAGE
        number = paging.within(page_asked(request), total, most)
        pages = Pager(page=number, pages=paging.last(total, most), path=LIST)
        return page(request, WithdrawalTasksPage(rows=await withdrawals.to_do(page=number), pages=pages))

    @post("/{withdrawal_id:uuid}/{outcome:str}")
    async def update(
        self, request: Request[Any, Any, Any], withdrawal_id: FromPath[UUID], outcome: FromPath[str]
    ) -> Response[Any]:
        await withdrawals.settle(withdrawal_id, outcome=outcome, by=person_id_of(request))
        return with_notice(see_other(LIST), "Marked as seen to.")
