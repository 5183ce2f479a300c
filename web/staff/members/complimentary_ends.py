"""Ending a complimentary membership: what that means, then the end."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation import clock
from components.foundation.refusals import NotFound, Refusal
from components.memberships.entitlements import membership_history
from components.memberships.entitlements.membership_history import MembershipSpan
from components.memberships.grants import complimentary
from web.current_person import person_id_of
from web.forms.fields import ReferenceField
from web.forms.form import Form
from web.guards import staff
from web.replies import see_other, with_notice
from web.staff.members import act_consequences, membership_act_pages
from web.views import page


class OverAlready(Refusal):
    message = "This membership has already ended."
    status = 409


class EndForm(Form):
    membership = ReferenceField("Membership")


class ComplimentaryEndsController(Controller):
    path = "/staff/members/{person_id:uuid}/comps/end"
    guards = [staff("members")]

    @get()
    async def new(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        span = await _span(person_id, EndForm.of_query(request))
        if span is None or _is_over(span):
            return _refused(person_id, span)
        act = act_consequences.of_ending_comp(span)
        return page(request, await membership_act_pages.act_page(person_id, "comps/end", act, membership=str(span.id)))

    @post()
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        span = await _span(person_id, await EndForm.read(request))
        if span is None or _is_over(span):
            return _refused(person_id, span)
        try:
            await complimentary.end(span.id, by=person_id_of(request))
        except NotFound:
            return _refused(person_id, span)
        return with_notice(see_other(f"/staff/members/{person_id}"), "Membership ended.")


async def _span(person_id: UUID, form: EndForm) -> MembershipSpan | None:
    """A complimentary membership of this person; another's id finds nothing."""
    if not form.is_valid:
        return None
    spans = await membership_history.spans(person_id)
    return next((one for one in spans if one.id == form.membership and one.source == "comp"), None)


def _is_over(span: MembershipSpan) -> bool:
    return span.ends_at is not None and span.ends_at <= clock.now()


def _refused(person_id: UUID, span: MembershipSpan | None) -> Response[Any]:
    why = NotFound("We couldn’t find this membership.") if span is None else OverAlready()
    return membership_act_pages.back_with(person_id, why)
