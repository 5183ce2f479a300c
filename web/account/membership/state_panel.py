"""What the pages say about the state of a membership, and the buttons they draw: exactly the actions it allows."""

from dataclasses import dataclass

from components.foundation.formatting import day
from components.foundation.languages.words import N_, _
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MemberAction, MembershipState
from components.memberships.plans import plan_catalogue
from web.account.membership.state_text import sentences

HERE = "/account/membership"


@dataclass(frozen=True, kw_only=True)
class ActionButton:
    """A link, or a form of one button where `is_post`."""

    label: str
    href: str
    is_post: bool = False
    variant: str = "quiet"


@dataclass(frozen=True, kw_only=True)
class StatePanel:
    """`plan_name` is that of the running subscription; `gives_benefits` whether its benefits are on."""

    state: str
    plan_name: str
    badge: tuple[str, str]
    words: tuple[str, ...]
    is_running: bool
    owes: bool
    actions: tuple[ActionButton, ...]


_LABELS: dict[MemberAction, ActionButton] = {
    MemberAction.RESUME: ActionButton(label=N_("Resume now"), href=f"{HERE}/pause/end", variant="club"),
    MemberAction.UNDO_CANCELLATION: ActionButton(
        label=N_("Keep my membership"), href=f"{HERE}/cancellation/withdrawal", is_post=True, variant="club"
    ),
    MemberAction.JOIN: ActionButton(label=N_("See the plans"), href="/join"),
    MemberAction.CHANGE_CARD: ActionButton(label=N_("Change card"), href=f"{HERE}/card", is_post=True),
    MemberAction.CHANGE_PLAN: ActionButton(label=N_("Change plan"), href=f"{HERE}/plan"),
    MemberAction.PAUSE: ActionButton(label=N_("Pause"), href=f"{HERE}/pause", variant="plain"),
    MemberAction.LEAVE_HOUSEHOLD: ActionButton(
        label=N_("Leave this membership"), href="/account/household/leaving", is_post=True, variant="plain"
    ),
    MemberAction.LEAVE_FREE: ActionButton(
        label=N_("Leave this plan"), href=f"{HERE}/free/end", is_post=True, variant="plain"
    ),
    MemberAction.CANCEL: ActionButton(label=N_("Cancel membership"), href=f"{HERE}/cancellation", variant="plain"),
    MemberAction.END_NOW: ActionButton(label=N_("End now"), href=f"{HERE}/cancellation", variant="plain"),
}
_SPECIAL: dict[tuple[MembershipState, MemberAction], ActionButton] = {
    (MembershipState.PAUSE_PLANNED, MemberAction.RESUME): ActionButton(
        label=N_("Don’t pause"), href=f"{HERE}/pause/end", is_post=True, variant="club"
    ),
    (MembershipState.CANCELLING_PAUSED, MemberAction.RESUME): ActionButton(
        label=N_("Resume now"), href=f"{HERE}/pause/end"
    ),
    (MembershipState.FREE, MemberAction.JOIN): ActionButton(label=N_("See the plans"), href="/join", variant="club"),
    (MembershipState.ENDED, MemberAction.JOIN): ActionButton(label=N_("Rejoin"), href="/join", variant="club"),
    **{
        (owes, MemberAction.CHANGE_CARD): ActionButton(
            label=N_("Use a different card"), href=f"{HERE}/card", is_post=True
        )
        for owes in (MembershipState.PAST_DUE_IN_GRACE, MembershipState.PAST_DUE_AFTER_GRACE, MembershipState.UNPAID)
    },
}
IN_THE_NOTICE = frozenset({MemberAction.PAY})
"""Offered where the page says what is owed."""


def panel(current: CurrentState) -> StatePanel:
    found = current.subscription
    is_running = found is not None and current.state not in _NOT_RUNNING
    return StatePanel(
        state=current.state.value,
        plan_name=plan_catalogue.by_version(found.plan_version).name if found and is_running else "",
        badge=_badge(current),
        words=sentences(current),
        is_running=is_running,
        owes=current.owes,
        actions=buttons(current),
    )


def buttons(current: CurrentState) -> tuple[ActionButton, ...]:
    """In the order in which the page shows them. The page on which one cancels also offers to end at once."""
    shown = current.actions - IN_THE_NOTICE
    if MemberAction.CANCEL in shown:
        shown -= {MemberAction.END_NOW}
    return tuple(_SPECIAL.get((current.state, one), button) for one, button in _LABELS.items() if one in shown)


_NOT_RUNNING = frozenset(
    {
        MembershipState.NEVER,
        MembershipState.FREE,
        MembershipState.ENDED,
        MembershipState.COMPLIMENTARY,
        MembershipState.GIFT,
        MembershipState.SEAT,
        MembershipState.SEAT_ON_HOLD,
        MembershipState.EARNED,
        MembershipState.FIXED_TERM,
        MembershipState.LIFE,
    }
)


def _badge(current: CurrentState) -> tuple[str, str]:
    found, pause = current.subscription, current.pause
    if current.owes:
        return _("Past due"), "bad"
    if current.state is MembershipState.CANCELLING_PAUSED and found and found.cancel_at:
        return _("Paused, ends %(day)s", day=day(found.cancel_at)), "plain"
    if current.is_paused:
        return (_("Paused until %(day)s", day=day(pause.until_at)) if pause else _("Paused")), "plain"
    if current.state is MembershipState.CANCELLING and found and found.cancel_at:
        return _("Ends %(day)s", day=day(found.cancel_at)), "plain"
    if current.state is MembershipState.TRIAL and found and found.current_period_end:
        return _("Trial until %(day)s", day=day(found.current_period_end)), "club"
    if current.state is MembershipState.SEAT_ON_HOLD:
        return _("On hold"), "plain"
    if current.state is MembershipState.PAUSE_PLANNED and pause:
        return _("Pauses %(day)s", day=day(pause.from_at)), "plain"
    return _("Active"), "good"
