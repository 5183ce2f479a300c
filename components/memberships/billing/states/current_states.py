"""The state a person's membership is in, asked of the rows, and the check with which each verb begins."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock
from components.memberships.billing import subscriptions, trials
from components.memberships.billing.states import membership_states, pause_periods
from components.memberships.billing.states.membership_states import (
    ON_HOLD,
    HeldFacts,
    MemberAction,
    MembershipState,
    StaffAction,
    SubscriptionFacts,
)
from components.memberships.billing.subscription_state import OVER
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.grants import seats
from components.memberships.grants.seats import SharedMembership
from components.memberships.tables import Pause, Subscription


@dataclass(frozen=True, kw_only=True)
class CurrentState:
    """`subscription` is the running one, else the last one; `pause` is the one that is planned or under way.

    `shared` is the seat they hold, where that is what they have or what they had until it went on hold. `was_refused`
    when the last one was a trial that never began.
    """

    state: MembershipState
    subscription: Subscription | None
    pause: Pause | None
    shared: SharedMembership | None = None
    was_refused: bool = False

    @property
    def actions(self) -> frozenset[MemberAction]:
        return membership_states.member_actions(self.state)

    @property
    def staff_actions(self) -> frozenset[StaffAction]:
        return membership_states.staff_actions(self.state)

    @property
    def is_paused(self) -> bool:
        return self.state in (MembershipState.PAUSED, MembershipState.CANCELLING_PAUSED)

    @property
    def owes(self) -> bool:
        return self.state in membership_states.OWES


async def of_person(person_id: UUID, held: HeldPlan | None) -> CurrentState:
    """`held` is the membership that counts for them now."""
    found = await subscriptions.running(person_id) or await subscriptions.latest(person_id)
    pause = await pause_periods.current(found.id) if found else None
    facts = _facts(found, pause) if found else None
    shared = await seats.shared_with(person_id) if held is None or held.source == "seat" else None
    has = HeldFacts(held.source, held.until_at) if held else None
    if held is None and shared is not None:
        has = HeldFacts(ON_HOLD, None)
    was_refused = found is not None and found.status in OVER and await trials.was_refused(found.id)
    was_member = await _ever_ran(person_id) if was_refused else found is not None
    state = membership_states.state(facts, has, was_member=was_member, at=clock.now())
    return CurrentState(state=state, subscription=found, pause=pause, shared=shared, was_refused=was_refused)


async def _ever_ran(person_id: UUID) -> bool:
    """Whether any subscription of theirs was more than a trial that was refused."""
    return not all([await trials.was_refused(one.id) for one in await subscriptions.begun(person_id)])


async def of_subscription(subscription_id: UUID) -> CurrentState:
    """Raises `NotFound`."""
    found = await subscriptions.by_id(subscription_id)
    pause = await pause_periods.current(found.id)
    state = membership_states.state(_facts(found, pause), None, was_member=True, at=clock.now())
    return CurrentState(state=state, subscription=found, pause=pause)


async def may(subscription_id: UUID, action: str, *, by: UUID | None) -> bool:
    """Whether the payer, or staff when `by` is given, may do this now."""
    found = await of_subscription(subscription_id)
    return action in (found.staff_actions if by is not None else found.actions)


def _facts(found: Subscription, pause: Pause | None) -> SubscriptionFacts:
    rests_from, rests_until = _dates(pause)
    return SubscriptionFacts(found.status, found.cancel_at, found.past_due_since, rests_from, rests_until)


def _dates(pause: Pause | None) -> tuple[datetime | None, datetime | None]:
    """None for a pause that Stripe has not confirmed, and for one of Stripe's own, which only a call ends."""
    if pause is None or pause_periods.is_credited(pause) or not pause.arranged_at:
        return None, None
    return pause.from_at, pause.until_at
