"""The state of a person's membership as staff see it, with the actions it allows them."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.formatting import day, money
from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.memberships.billing import pauses, plan_confirmations
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState, StaffAction
from components.payments.billing_requests import billing_requests
from web.account.membership.membership_panels import Ended, ended_of, planned_change
from web.account.membership.membership_text import planned_pause
from web.account.membership.state_panel import panel
from web.account.membership.state_text import SECOND_TRIAL
from web.staff.members.staff_pauses import StaffPauseForm, staff_choices


@dataclass(frozen=True, kw_only=True)
class StaffButton:
    label: str
    href: str
    variant: str = "quiet small"


@dataclass(frozen=True, kw_only=True)
class StaffStatePanel:
    """`words` are what the member's own page says; `pause` is the form, where a pause may be started.

    `is_interrupted` where what is held ends for the time of a planned pause only.
    """

    name: str
    plan_name: str
    badge: tuple[str, str]
    words: tuple[str, ...]
    is_running: bool
    buttons: tuple[StaffButton, ...]
    pause: StaffPauseForm | None
    is_interrupted: bool


ASKING = N_(
    "We’re waiting for our payment provider’s answer about your membership. Until it comes, this page may still "
    "show your membership as it was; there’s no need to ask for anything again."
)
_NAMES = {MembershipState.NEVER: "Not a member"}
"""An own name where that of the state is not true of everybody in it: a complimentary membership may have ended. One
that was paid once has "Ended", like one that renewed."""
_WITHOUT = (MembershipState.NEVER, MembershipState.ENDED)
_BUTTONS: dict[StaffAction, StaffButton] = {
    StaffAction.RESUME: StaffButton(label="Resume", href="pause/end"),
    StaffAction.UNDO_CANCELLATION: StaffButton(label="Undo the cancellation", href="cancellation/withdrawal"),
    StaffAction.CANCEL: StaffButton(label="Cancel membership", href="cancellation"),
    StaffAction.END_NOW: StaffButton(label="End now without a refund", href="cancellation/now", variant="plain small"),
}


async def staff_panel(current: CurrentState, person_id: UUID) -> StaffStatePanel:
    shown = panel(current)
    resume = await _resume_label(current)
    running = current.subscription
    awaited = await plan_confirmations.awaited(running.id) if running is not None else None
    ended = await _ended(current, person_id)
    is_over = ended is not None and ended.is_paid_once
    return StaffStatePanel(
        name="Ended" if is_over else _NAMES.get(current.state, current.state.value.capitalize()),
        plan_name=shown.plan_name,
        badge=shown.badge,
        words=(SECOND_TRIAL,)
        if current.was_refused and current.state in _WITHOUT
        else (*await _words(current, awaited), *_ended_words(ended)),
        is_running=shown.is_running,
        buttons=tuple(
            StaffButton(label=resume, href=button.href) if action is StaffAction.RESUME else button
            for action, button in _BUTTONS.items()
            if action in current.staff_actions
        ),
        pause=_pause_form(current) if StaffAction.PAUSE in current.staff_actions and awaited is None else None,
        is_interrupted=planned_pause(current) is not None,
    )


async def _ended(current: CurrentState, person_id: UUID) -> Ended | None:
    """What they had last without ever having paid for one regularly."""
    is_told = current.state is MembershipState.NEVER and not current.was_refused
    return await ended_of(person_id) if is_told else None


def _ended_words(ended: Ended | None) -> tuple[str, ...]:
    if ended is None:
        return ()
    if not ended.is_shared:
        head = _("%(plan)s has ended", plan=ended.plan_name)
    elif ended.giver:
        head = _("Your place in %(giver)s’s membership has ended", giver=ended.giver)
    else:
        head = _("Your shared membership has ended")
    return (f"{head}.", _("It ended on %(day)s.", day=day(ended.at)))


async def _words(current: CurrentState, awaited: plan_confirmations.AwaitedChange | None) -> tuple[str, ...]:
    """With its notices: an answer that has not come, a change that waits for the bank, and one that is planned."""
    running, words = current.subscription, list(panel(current).words)
    if running is not None and await billing_requests.unsettled(running.id) is not None:
        words.append(_(ASKING))
    if awaited is not None:
        words.append(_awaited(awaited))
    planned = await planned_change(running) if running is not None else None
    if planned is not None:
        named = {"plan": planned.plan_name, "price": planned.price_words, "day": day(planned.at)}
        words.append(_("Your plan changes to %(plan)s, %(price)s, on %(day)s. Nothing changes until then.", **named))
        words.extend(planned.losing)
    return tuple(words)


def _awaited(awaited: plan_confirmations.AwaitedChange) -> str:
    return _(
        "Your bank asks you to confirm %(sum)s before you change to %(plan)s. Until you do, your plan stays as it is "
        "and nothing is charged for the change.",
        sum=money(awaited.amount),
        plan=awaited.plan.name,
    )


def _pause_form(current: CurrentState) -> StaffPauseForm | None:
    running = current.subscription
    return StaffPauseForm.blank(choices={"choice": staff_choices(running)}, choice="now-1") if running else None


async def _resume_label(current: CurrentState) -> str:
    """With the sum, where resuming charges the member's card."""
    if current.subscription is None or StaffAction.RESUME not in current.staff_actions:
        return ""
    if not current.is_paused:
        return "Drop the planned pause"
    try:
        found = await pauses.coming_back(current.subscription.id)
    except Refusal:
        return "Resume and charge a new period"
    if not found.due:
        return "Resume at no charge"
    return f"Resume and charge {'at most ' if found.is_at_most else ''}{money(found.due)}"
