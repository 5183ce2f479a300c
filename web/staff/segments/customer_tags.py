"""Tags on one customer: added and removed on their page."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.segments import customer_tags
from components.segments.customer_tags import TagRefused
from web.current_person import person_id_of
from web.forms import sending
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal


class StaffCustomerTagsController(Controller):
    path = "/staff/members/{person_id:uuid}/tags"
    guards = [staff("members")]

    @post()
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        here, sent = see_other(f"/staff/members/{person_id}"), await sending.read_body(request)
        try:
            tag = await customer_tags.add(person_id, str(sent.get("tag") or ""), by=person_id_of(request))
        except TagRefused as refusal:
            return with_refusal(here, str(refusal))
        return with_notice(here, f"Tag “{tag}” added.")

    @post("/removal")
    async def destroy(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        here, sent = see_other(f"/staff/members/{person_id}"), await sending.read_body(request)
        tag = str(sent.get("tag") or "")
        await customer_tags.remove(person_id, tag, by=person_id_of(request))
        return with_notice(here, f"Tag “{tag[:40]}” removed.")
