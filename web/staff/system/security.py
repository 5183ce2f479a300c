"""Who tried what, from where: for the owner, after an attack or before one succeeds."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from litestar import Controller, Request, Response, get

from components.foundation.operations import security_events
from components.foundation.operations.security_events import KINDS, NotedEvent
from components.people import customer_accounts
from web.forms.fields import Choice, Text
from web.forms.form import Form
from web.guards import owner
from web.pager import Pager, page_asked
from web.views import View, page

PER_PAGE = 50


class SecuritySearchForm(Form):
    kind = Choice("What", tuple(KINDS.items()), required=False)
    who = Text("E-mail or name", longest=254, required=False)
    address = Text("Address", longest=60, required=False)


@dataclass(frozen=True, slots=True)
class EventLine:
    """`who` is the account, or what was typed when there is none; `href` is the person's page."""

    at: datetime
    what: str
    detail: str
    who: str
    href: str
    address: str
    times: int
    request_id: str


@dataclass(frozen=True, kw_only=True)
class SecurityEventsPage(View):
    template: ClassVar[str] = "staff/system/security/index.html"
    form: SecuritySearchForm
    events: tuple[EventLine, ...]
    kept_days: int
    newer: str
    older: str


class SecurityEventsController(Controller):
    path = "/staff/security"
    guards = [owner]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = SecuritySearchForm.of_query(request)
        kind = form.kind if "kind" not in form.errors else ""
        who = form.who.strip() if "who" not in form.errors else ""
        address = form.address.strip() if "address" not in form.errors else ""
        number = page_asked(request)
        found = await security_events.page(
            kind=kind, address=address, email=who, limit=PER_PAGE + 1, offset=(number - 1) * PER_PAGE,
            people=await customer_accounts.matching(who) if who else None,
        )  # fmt: skip
        names = await customer_accounts.called(one.person for one in found if one.person)
        query = {"kind": kind, "who": who, "address": address}
        pages = Pager(page=number, pages=number + (len(found) > PER_PAGE), path=self.path, query=query)
        view = SecurityEventsPage(
            form=form,
            events=tuple(_line(one, names) for one in found[:PER_PAGE]),
            kept_days=security_events.KEPT.days,
            newer=pages.url(number - 1) if number > 1 else "",
            older=pages.url(number + 1) if pages.pages > number else "",
        )
        return page(request, view)


def _line(event: NotedEvent, names: dict[UUID, str]) -> EventLine:
    is_known = event.person in names
    unnamed = "Deleted account" if event.person else event.email
    return EventLine(
        at=event.at,
        what=KINDS.get(event.kind, event.kind),
        detail=event.detail,
        who=names[event.person] if event.person and is_known else unnamed,
        href=f"/staff/members/{event.person}" if is_known else "",
        address=event.address,
        times=event.times,
        request_id=event.request_id,
    )
