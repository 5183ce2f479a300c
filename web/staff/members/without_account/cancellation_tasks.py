"""Cancellations that came without signing in and that staff should see to."""

from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import paging
from components.messaging import cancellation_notices
from components.messaging.cancellation_notices import OpenNotice
from components.messaging.emails import cancellation_emails
from web.current_person import person_id_of
from web.guards import staff
from web.pager import Pager, page_asked
from web.replies import see_other, with_notice
from web.views import View, page

LIST = "/staff/cancellations"


@dataclass(frozen=True, kw_only=True)
class CancellationTasksPage(View):
    """`rows` are pairs of a notice and the date it is to end, in words."""

    template: ClassVar[str] = "staff/members/cancellations/index.html"
    rows: tuple[tuple[OpenNotice, str], ...]
    pages: Pager


class StaffCancellationTasksController(Controller):
    path = LIST
    guards = [staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        total, most = await cancellation_notices.count_to_do(), cancellation_notices.A_PAGE
        number = paging.within(page_asked(request), total, most)
        pages = Pager(page=number, pages=paging.last(total, most), path=LIST)
        found = await cancellation_notices.to_do(page=number)
        rows = tuple((one, cancellation_emails.wanted_in_words(one.notice)) for one in found)
        return page(request, CancellationTasksPage(rows=rows, pages=pages))

    @post("/{notice_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], notice_id: FromPath[UUID]) -> Response[Any]:
        await cancellation_notices.settle(notice_id, by=person_id_of(request))
        return with_notice(see_other(LIST), "Marked as seen to.")
