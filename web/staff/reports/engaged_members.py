"""Members by how engaged they were last night."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get

from components.foundation.refusals import NotFound
from components.insights.behaviour_figures import engagement
from components.insights.behaviour_figures.engagement import EngagedMember
from web.guards import staff
from web.pager import Pager, page_asked
from web.views import View, page

PAGE = "/staff/behaviour/engagement"


@dataclass(frozen=True, kw_only=True)
class EngagementPage(View):
    template: ClassVar[str] = "staff/reports/behaviour/engagement.html"

    members: tuple[EngagedMember, ...]
    noted_at: datetime | None
    formula: str
    pages: Pager


class StaffEngagementController(Controller):
    path = PAGE
    guards = [staff("metrics"), staff("members")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        number = page_asked(request)
        found = await engagement.members(number=number)
        if not found and number > 1:
            raise NotFound
        total = found[0].total if found else 0
        pages = Pager(page=number, pages=-(-total // engagement.PER_PAGE), path=PAGE)
        noted_at = await engagement.noted_at()
        return page(request, EngagementPage(members=found, noted_at=noted_at, formula=engagement.FORMULA, pages=pages))
