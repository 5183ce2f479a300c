"""Where a person is signed in, with a button to end each."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.languages.words import _
from components.foundation.operations import security_events
from components.foundation.refusals import NotFound
from components.people import session_list, sessions
from components.people.session_list import OpenSession
from web.account.security.confirm_identity import confirm_first
from web.account.sign_in import browser_names
from web.current_person import person_id_of, session_of
from web.guards import signed_in
from web.replies import see_other, with_notice
from web.sign_in_session import sign_out
from web.views import View, page


@dataclass(frozen=True, kw_only=True)
class SessionsPage(View):
    template: ClassVar[str] = "account/sign_in/sessions/index.html"
    sessions: tuple[tuple[OpenSession, str], ...]


class SessionsController(Controller):
    path = "/account/sessions"
    guards = [signed_in]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        running = await session_list.active_sessions(person_id_of(request), token=session_of(request))
        return page(
            request, SessionsPage(sessions=tuple((one, browser_names.browser_name(one.agent)) for one in running))
        )

    @post("/others/end", before_request=confirm_first)
    async def destroy_others(self, request: Request[Any, Any, Any]) -> Response[Any]:
        await sessions.end_others(person_id_of(request), than=session_of(request))
        await security_events.note("signed out elsewhere", person=person_id_of(request))
        return with_notice(see_other("/account/sessions"), _("You’ve been signed out everywhere else."))

    @post("/all/end", before_request=confirm_first)
    async def destroy_all(self, request: Request[Any, Any, Any]) -> Response[Any]:
        await sessions.end_all(person_id_of(request))
        await security_events.note("signed out elsewhere", person=person_id_of(request))
        return with_notice(sign_out(see_other("/")), _("You’ve been signed out everywhere."))

    @post("/{name:str}/end", before_request=confirm_first)
    async def destroy(self, request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
        if not await sessions.end_one(person_id_of(request), name=name):
            raise NotFound
        return with_notice(see_other("/account/sessions"), _("That browser has been signed out."))
