"""The page between a button on a member's page and the act: what will happen, what it costs, and who is told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from litestar import Request, Response

from components.foundation.refusals import NotFound, Refusal
from components.memberships.billing.states import current_states
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import StaffAction
from components.memberships.entitlements import entitlements
from components.people import customer_accounts
from web.replies import see_other, with_refusal
from web.staff.members import act_consequences as consequences
from web.staff.members.act_consequences import Consequences
from web.views import View, page

MEMBERS = "/staff/members"
Explain = Callable[[CurrentState, Any], Awaitable[Consequences]]
"""Of the current state and its subscription."""


class NotNow(Refusal):
    message = "This can’t be done in the state the membership is in now."
    status = 409


@dataclass(frozen=True, kw_only=True)
class MembershipActPage(View):
    """`action` is where the form is sent; `membership` which complimentary one is meant."""

    template: ClassVar[str] = "staff/members/membership_act_pages/show.html"
    name: str
    back: str
    action: str
    act: Consequences
    membership: str = ""


async def shown(
    request: Request[Any, Any, Any], person_id: UUID, action: StaffAction, explain: Explain
) -> Response[Any]:
    """The page, or back with why not."""
    standing = await entitlements.for_person(person_id)
    current = await current_states.of_person(person_id, standing.plan)
    if current.subscription is None or action not in current.staff_actions:
        return back_with(person_id, NotNow())
    try:
        act = await explain(current, current.subscription)
    except Refusal as refusal:
        return back_with(person_id, refusal)
    return page(request, await act_page(person_id, _PATHS[action], act))


_PATHS = {
    StaffAction.CANCEL: "cancellation",
    StaffAction.END_NOW: "cancellation/now",
    StaffAction.UNDO_CANCELLATION: "cancellation/withdrawal",
    StaffAction.PAUSE: "pause",
    StaffAction.RESUME: "pause/end",
}


async def act_page(person_id: UUID, path: str, act: Consequences, *, membership: str = "") -> MembershipActPage:
    person = await customer_accounts.by_id(person_id)
    if person is None:
        raise NotFound("There is no customer at this address.")
    back = f"{MEMBERS}/{person_id}"
    return MembershipActPage(
        name=person.name or person.email, back=back, action=f"{back}/{path}", act=act, membership=membership
    )


def back_with(person_id: UUID, refusal: Refusal) -> Response[Any]:
    return with_refusal(see_other(f"{MEMBERS}/{person_id}"), consequences.refused(refusal))
