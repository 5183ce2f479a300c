"""Staff pause a person's membership: one choice of when and for how long, a page that says what it means, the pause."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.foundation.formatting import day
from components.foundation.refusals import Refusal
from components.memberships.billing import pauses, plan_confirmations
from components.memberships.billing.states import pause_lengths, pause_refusals
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import StaffAction
from components.memberships.tables import Subscription
from web.account.membership.pausing.pause_forms import AT_THE_END, TODAY, HiddenDay, begins_at, lengths_from, local_day
from web.current_person import person_id_of
from web.forms.fields import Choice, Choices
from web.forms.form import Form
from web.guards import staff
from web.staff.members import act_consequences
from web.staff.members.act_consequences import Consequences
from web.staff.members.membership_act_pages import shown
from web.staff.members.membership_actions import MEMBERS, done, refused, subscription_of


class StaffPauseForm(Form):
    """`until` is the last day that the page between has named."""

    choice = Choice("Pause")
    until = HiddenDay("Until", required=False)


class PauseNotChosen(Refusal):
    message = "Choose when the pause starts and how long it lasts."


class OtherDates(Refusal):
    message = "The dates have changed since that page was opened. Nothing was paused; please choose again."
    status = 409


class DatesNotSeen(Refusal):
    message = "Nothing was paused. Choose the pause, look at its dates and confirm them."
    status = 409


class ChangeAwaitsMember(Refusal):
    message = (
        "Nothing was paused: the member’s bank is waiting for the member to confirm a change of plan. "
        "They can confirm or drop it on their membership page."
    )
    status = 409


class StaffPausesController(Controller):
    path = f"{MEMBERS}/{{person_id:uuid}}/pause"
    guards = [staff("members")]

    @get()
    async def before(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        async def explained(current: CurrentState, running: Subscription) -> Consequences:
            if await plan_confirmations.awaited(running.id) is not None:
                raise ChangeAwaitsMember
            choice = _chosen(StaffPauseForm.of_query(request, choices={"choice": staff_choices(running)}))
            start, months = choice.split("-")
            begins = begins_at(start, None, running)
            return await act_consequences.of_pausing(running, choice, begins=begins, months=int(months))

        return await shown(request, person_id, StaffAction.PAUSE, explained)

    @post()
    async def create(self, request: Request[Any, Any, Any], person_id: FromPath[UUID]) -> Response[Any]:
        running = await subscription_of(person_id)
        try:
            if running is None:
                raise pause_refusals.CannotPause
            form = await StaffPauseForm.read(request, choices={"choice": staff_choices(running)})
            start, months = _chosen(form).split("-")
            begins = begins_at(start, None, running)
            until = pause_lengths.end_of(begins, int(months))
            if form.until is None:
                raise DatesNotSeen
            if form.until != local_day(until):
                raise OtherDates
            made = await pauses.start(running.id, from_at=begins, until=until, by=person_id_of(request))
        except plan_confirmations.ChangeAwaited:
            return refused(person_id, ChangeAwaitsMember())
        except Refusal as refusal:
            return refused(person_id, refusal)
        return done(person_id, f"The membership pauses from {day(made.from_at)} until {day(made.until_at)}.")


def staff_choices(running: Subscription) -> Choices:
    """Each start with each length, named with the days: `now-1`, `end-6`."""
    ends = running.current_period_end
    starts = ((TODAY, "Today"), (AT_THE_END, f"When the paid period ends, {day(ends)}" if ends else ""))
    return tuple(
        (f"{start}-{months}", f"{words}, for {length}")
        for start, words in starts
        if words
        for months, length in lengths_from(begins_at(start, None, running))
    )


def _chosen(form: StaffPauseForm) -> str:
    if not form.is_valid:
        raise PauseNotChosen
    return form.choice
