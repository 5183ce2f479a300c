"""Staff sign a customer out everywhere: somebody on the phone has lost their laptop."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.foundation import audit, database
from components.foundation.operations import security_events
from components.foundation.refusals import NotAllowed, NotFound
from components.people import customer_accounts, operators, sessions
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import visitor_of


class MemberSessionsController(Controller):
    path = "/staff/members/{person_id:uuid}/sessions/end"
    guards = [staff("members")]

    @post()
    async def destroy(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        """Staff are signed out by owners only."""
        if await customer_accounts.by_id(person_id) is None:
            raise NotFound("There is no customer at this address.")
        if await operators.includes(person_id) and not visitor_of(request).is_owner:
            raise NotAllowed("Only an owner can sign out somebody who works here.")
        async with database.transaction():
            await sessions.end_all(person_id)
            await audit.record(person_id_of(request), "signed out everywhere", "person", person_id)
            await security_events.note("signed out by staff", person=person_id)
        return with_notice(see_other(f"/staff/members/{person_id}"), "Signed out everywhere.")
