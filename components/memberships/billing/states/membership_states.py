"""The states of a membership and what may be done in each: one table, pure. `docs/memberships.md` shows the same.

Pages draw their buttons from `member_actions` and `staff_actions`, and the verbs check with them, so that no page
offers what is refused and none hides what is allowed.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from components.memberships.billing.subscription_state import OVER, grace_until


class MembershipState(StrEnum):
    NEVER = "never"
    FREE = "free"
    TRIAL = "trial"
    ACTIVE = "active"
    PAST_DUE_IN_GRACE = "past due in grace"
    PAST_DUE_AFTER_GRACE = "past due after grace"
    UNPAID = "unpaid"
    PAUSE_PLANNED = "pause planned"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    CANCELLING_PAUSED = "cancelling while paused"
    ENDED = "ended"
    COMPLIMENTARY = "complimentary"
    GIFT = "gift"
    SEAT = "seat"
    SEAT_ON_HOLD = "seat on hold"
    EARNED = "earned"
    FIXED_TERM = "fixed term"
    LIFE = "life"


class MemberAction(StrEnum):
    JOIN = "join"
    CHANGE_CARD = "change card"
    CHANGE_PLAN = "change plan"
    PAY = "pay"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    END_NOW = "end now"
    UNDO_CANCELLATION = "undo cancellation"
    LEAVE_HOUSEHOLD = "leave household"
    LEAVE_FREE = "leave free plan"


class StaffAction(StrEnum):
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    END_NOW = "end now"
    UNDO_CANCELLATION = "undo cancellation"
    RETRY = "retry"
    END_COMPLIMENTARY = "end complimentary"


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """What the rows say of a subscription. `rests_from` and `rests_until` are the pause's that Stripe has confirmed."""

    status: str
    cancel_at: datetime | None = None
    past_due_since: datetime | None = None
    rests_from: datetime | None = None
    rests_until: datetime | None = None


ON_HOLD = "seat on hold"
"""In place of a source: a seat whose membership gives no benefits now."""


@dataclass(frozen=True, slots=True)
class HeldFacts:
    """The membership held without a running subscription; without an end it is for life."""

    source: str
    ends_at: datetime | None


def state(
    subscription: SubscriptionFacts | None, held: HeldFacts | None, *, was_member: bool, at: datetime
) -> MembershipState:
    """A running subscription counts before anything held besides it. What is held after it is over has a fixed end."""
    if subscription is not None and subscription.status not in (*OVER, "pending", "incomplete"):
        return subscription_state(subscription, at)
    if held is not None:
        return _HELD.get(held.source) or (MembershipState.FIXED_TERM if held.ends_at else MembershipState.LIFE)
    return MembershipState.ENDED if was_member else MembershipState.NEVER


def subscription_state(found: SubscriptionFacts, at: datetime) -> MembershipState:
    """The state of a subscription that runs, at an instant."""
    if found.status == "unpaid":
        return MembershipState.UNPAID
    if found.status == "past_due":
        is_in_grace = found.past_due_since is not None and grace_until(found.past_due_since) > at
        return MembershipState.PAST_DUE_IN_GRACE if is_in_grace else MembershipState.PAST_DUE_AFTER_GRACE
    if _is_paused(found, at):
        return MembershipState.CANCELLING_PAUSED if found.cancel_at else MembershipState.PAUSED
    if found.cancel_at:
        return MembershipState.CANCELLING
    if found.status == "trialing":
        return MembershipState.TRIAL
    return MembershipState.PAUSE_PLANNED if found.rests_from and found.rests_from > at else MembershipState.ACTIVE


def _is_paused(found: SubscriptionFacts, at: datetime) -> bool:
    """By the dates of the pause, where there are any; otherwise as Stripe has it."""
    if found.rests_from is not None and found.rests_until is not None:
        return found.rests_from <= at < found.rests_until
    return found.status == "paused"


def member_actions(of: MembershipState) -> frozenset[MemberAction]:
    return _MEMBER[of]


def staff_actions(of: MembershipState) -> frozenset[StaffAction]:
    return _STAFF[of]


OWES = frozenset({MembershipState.PAST_DUE_IN_GRACE, MembershipState.PAST_DUE_AFTER_GRACE, MembershipState.UNPAID})
"""A renewal is not paid and Stripe still asks for it, whatever became of the benefits."""

_HELD = {
    "comp": MembershipState.COMPLIMENTARY,
    "free": MembershipState.FREE,
    "gift": MembershipState.GIFT,
    "seat": MembershipState.SEAT,
    ON_HOLD: MembershipState.SEAT_ON_HOLD,
    "earned": MembershipState.EARNED,
}
_JOIN = frozenset({MemberAction.JOIN})
_PAYING = frozenset({MemberAction.CHANGE_CARD, MemberAction.CANCEL})
_OWING = _PAYING | {MemberAction.PAY}
_RESTING = frozenset({MemberAction.CHANGE_CARD, MemberAction.RESUME, MemberAction.END_NOW})

_MEMBER: dict[MembershipState, frozenset[MemberAction]] = {
    MembershipState.NEVER: _JOIN,
    MembershipState.FREE: _JOIN | {MemberAction.LEAVE_FREE},
    MembershipState.TRIAL: _PAYING | {MemberAction.CHANGE_PLAN},
    MembershipState.ACTIVE: _PAYING | {MemberAction.CHANGE_PLAN, MemberAction.PAUSE},
    MembershipState.PAST_DUE_IN_GRACE: _OWING,
    MembershipState.PAST_DUE_AFTER_GRACE: _OWING,
    MembershipState.UNPAID: _OWING,
    MembershipState.PAUSE_PLANNED: _PAYING | {MemberAction.CHANGE_PLAN, MemberAction.RESUME},
    MembershipState.PAUSED: _RESTING | {MemberAction.CANCEL},
    MembershipState.CANCELLING: frozenset({MemberAction.UNDO_CANCELLATION, MemberAction.CHANGE_CARD}),
    MembershipState.CANCELLING_PAUSED: _RESTING | {MemberAction.UNDO_CANCELLATION},
    MembershipState.ENDED: _JOIN,
    MembershipState.COMPLIMENTARY: _JOIN,
    MembershipState.GIFT: _JOIN,
    MembershipState.SEAT: _JOIN | {MemberAction.LEAVE_HOUSEHOLD},
    MembershipState.SEAT_ON_HOLD: _JOIN | {MemberAction.LEAVE_HOUSEHOLD},
    MembershipState.EARNED: _JOIN,
    MembershipState.FIXED_TERM: _JOIN,
    MembershipState.LIFE: _JOIN,
}
_STAFF_PAYING = frozenset({StaffAction.CANCEL, StaffAction.END_NOW})
_STAFF_RESTING = frozenset({StaffAction.RESUME, StaffAction.END_NOW})

_STAFF: dict[MembershipState, frozenset[StaffAction]] = {
    **dict.fromkeys(MembershipState, frozenset()),
    MembershipState.TRIAL: _STAFF_PAYING,
    MembershipState.ACTIVE: _STAFF_PAYING | {StaffAction.PAUSE},
    **dict.fromkeys(OWES, frozenset({StaffAction.CANCEL, StaffAction.RETRY})),
    MembershipState.PAUSE_PLANNED: _STAFF_PAYING | {StaffAction.RESUME},
    MembershipState.PAUSED: _STAFF_RESTING | {StaffAction.CANCEL},
    MembershipState.CANCELLING: frozenset({StaffAction.UNDO_CANCELLATION, StaffAction.END_NOW}),
    MembershipState.CANCELLING_PAUSED: _STAFF_RESTING | {StaffAction.UNDO_CANCELLATION},
    MembershipState.COMPLIMENTARY: frozenset({StaffAction.END_COMPLIMENTARY}),
}
