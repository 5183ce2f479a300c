"""Cancelling keeps what is paid for and never charges: the benefits stay until the period ends, and until then it can
be undone. During a pause the paid time that is left is had after the pause. Whoever owes a renewal ends at once, and
the renewal is no longer asked for. A change of plan that waits for the bank is dropped.
"""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import audit, clock
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.memberships.billing import pauses, plan_confirmations, subscriptions
from components.memberships.billing.states import cancel_attempts, current_states, pause_lengths, pause_periods
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MemberAction, MembershipState
from components.memberships.billing.subscription_state import OVER
from components.memberships.tables import Pause, Subscription
from components.payments import running_subscriptions
from components.payments.invoicing import invoices
from components.payments.payment_refusals import (
    NoSubscription,
    OutcomeUnknown,
    PaymentRefused,
    StillAsking,
    StripeUnavailable,
)

REASONS = (
    ("price", N_("It costs more than it saves me")),
    ("use", N_("I don’t buy often enough")),
    ("choice", N_("I didn’t find what I was looking for")),
    ("else", N_("Something else")),
)


class NothingToCancel(Refusal):
    message = N_("There is no active membership to cancel.")
    status = 409


class AlreadyCancelled(Refusal):
    message = N_("This membership is already cancelled.")
    status = 409


class NotCancelled(Refusal):
    message = N_("This membership isn’t cancelled.")
    status = 409


class CannotEndNow(Refusal):
    message = N_("This membership can’t be ended straight away.")
    status = 409


class AlreadyEnded(Refusal):
    message = N_("This membership has already ended.")
    status = 409


async def schedule(subscription_id: UUID, *, reason: str = "", words: str = "", by: UUID | None = None) -> Subscription:
    """End it with what is paid for, at once where nothing is; `by` when staff asked for it. `words` of the member's.

    Raises `NothingToCancel`, `AlreadyCancelled`, `OutcomeUnknown`.
    """
    found = await current_states.of_subscription(subscription_id)
    await _check(found, MemberAction.CANCEL, by)
    before = found.subscription.cancel_reason if found.subscription is not None else None
    if by is not None:
        await audit.record(by, "subscription cancelled", "subscription", subscription_id)
    try:
        async with cancel_attempts.kept(found, reason=reason[:40], words=words, by=by):
            await _set_reason(subscription_id, reason[:40])
            return await _change(subscription_id, lambda: _cancel(found), gone=NothingToCancel)
    except OutcomeUnknown:
        raise
    except Refusal:
        await _set_reason(subscription_id, before)
        raise


async def withdraw(subscription_id: UUID, *, by: UUID | None = None) -> Subscription:
    """Undo the cancellation. Raises `AlreadyEnded` once it has ended, `NotCancelled`, `OutcomeUnknown`."""
    found, since = await current_states.of_subscription(subscription_id), clock.now()
    await _check(found, MemberAction.UNDO_CANCELLATION, by)
    if by is not None:
        await audit.record(by, "cancellation withdrawn", "subscription", subscription_id)
    await _change(subscription_id, lambda: running_subscriptions.resume(subscription_id), gone=AlreadyEnded)
    await cancel_attempts.forget_reason(subscription_id, since=since)
    return await subscriptions.by_id(subscription_id)


async def end_at_once(subscription_id: UUID, *, by: UUID | None = None) -> Subscription:
    """End it now, whatever is paid for; nothing is charged or refunded. Raises `CannotEndNow`, `AlreadyEnded`."""
    found = await current_states.of_subscription(subscription_id)
    await _check(found, MemberAction.END_NOW, by)
    before = found.subscription.cancel_reason if found.subscription is not None else None
    if by is not None:
        await audit.record(by, "subscription ended", "subscription", subscription_id)
    try:
        async with cancel_attempts.kept_unless_cancelled(found, by=by):
            await _set_reason(subscription_id, before or "")
            return await _change(subscription_id, lambda: _end(subscription_id), gone=AlreadyEnded)
    except OutcomeUnknown:
        raise
    except Refusal:
        await _set_reason(subscription_id, before)
        raise


async def end_now(person_id: UUID) -> None:
    """Stop billing at once, for an account that is being erased."""
    running = await subscriptions.running(person_id)
    if running is None or running.status in OVER:
        return
    await note(running.id)
    await _end(running.id)
    await subscriptions.apply(running.id)


def paid_time_after(found: CurrentState) -> timedelta | None:
    """The paid time that a member who cancels during a pause still has; None when there is no pause under way."""
    pause = found.pause
    if not found.is_paused or pause is None:
        return None
    return pause_periods.paid_time_left(pause) if not pause_periods.is_credited(pause) else _left_of_old(found, pause)


def ends_if_cancelled(found: CurrentState) -> datetime | None:
    """When it would end if it were cancelled now; a pause that is still to come is then dropped."""
    if found.state is MembershipState.PAUSE_PLANNED and found.pause is not None:
        return pause_periods.renewal(found.pause, back_at=clock.now())
    return found.subscription.current_period_end if found.subscription else None


async def _check(found: CurrentState, action: MemberAction, by: UUID | None) -> None:
    if action in (found.staff_actions if by is not None else found.actions):
        return
    is_over = found.subscription is None or found.subscription.status in (*OVER, "pending", "incomplete")
    if action is MemberAction.CANCEL:
        raise NothingToCancel if is_over else AlreadyCancelled
    if is_over:
        raise AlreadyEnded
    raise NotCancelled if action is MemberAction.UNDO_CANCELLATION else CannotEndNow


async def _change(
    subscription_id: UUID, change: Callable[[], Awaitable[object]], *, gone: type[Refusal]
) -> Subscription:
    try:
        await change()
    except NoSubscription:
        raise gone from None
    await subscriptions.apply(subscription_id)
    return await subscriptions.by_id(subscription_id)


async def _cancel(found: CurrentState) -> None:
    assert found.subscription is not None
    subscription_id = found.subscription.id
    if found.owes:
        await _end(subscription_id)
        return
    left = paid_time_after(found)
    if found.is_paused and (left is None or left < pause_lengths.NEXT_TO_NOTHING):
        await _end(subscription_id)
        return
    with contextlib.suppress(*plan_confirmations.NOT_DROPPED, StripeUnavailable):
        await plan_confirmations.give_up(subscription_id)
    renews_at = await _renewal_without_pause(found, left)
    try:
        await running_subscriptions.cancel_at_period_end(
            subscription_id, renews_at=renews_at, ends_then=_is_all_paid_time_before(found.pause)
        )
    except (PaymentRefused, StillAsking, StripeUnavailable):
        if found.pause is not None:
            await pauses.forget_return(found.pause)
        raise


async def _renewal_without_pause(found: CurrentState, left: timedelta | None) -> datetime | None:
    """When it would renew if the pause were over: one that is planned is dropped, and one of former days ends without
    a charge, and its paid time begins. None where the renewal stays where it is.

    The pause is over with the cancellation, in one request to Stripe: who cancels has not asked for anything else.
    """
    if found.pause is not None and found.state is MembershipState.PAUSE_PLANNED:
        return await pauses.note_return(found.pause)
    if found.pause is not None and left is not None and pause_periods.is_credited(found.pause):
        return clock.now().replace(microsecond=0) + left
    return None


def _is_all_paid_time_before(pause: Pause | None) -> bool:
    if pause is None or pause_periods.is_credited(pause):
        return False
    return pause_periods.paid_time_left(pause) < pause_lengths.NEXT_TO_NOTHING


def _left_of_old(found: CurrentState, pause: Pause) -> timedelta | None:
    if found.subscription is None or found.subscription.current_period_end is None:
        return None
    return max(timedelta(0), found.subscription.current_period_end - pause.from_at)


async def _end(subscription_id: UUID) -> None:
    """Now; a renewal that is still owed is not asked for any more: at the latest by `payments_due.close_ended`."""
    await running_subscriptions.end_now(subscription_id)
    owed = await invoices.unpaid(subscription_id)
    if owed is not None:
        with contextlib.suppress(OutcomeUnknown, StripeUnavailable):
            await invoices.void(owed.stripe_id)


async def note(subscription_id: UUID) -> None:
    """It is being ended with a refund, after a dispute or with the account, not because a renewal failed."""
    is_new = (Subscription.id == subscription_id) & Subscription.cancel_reason.is_null()
    await Subscription.update({Subscription.cancel_reason: ""}).where(is_new)


async def _set_reason(subscription_id: UUID, reason: str | None) -> None:
    """Empty where it was cancelled without one; none where it was not cancelled."""
    await Subscription.update({Subscription.cancel_reason: reason}).where(Subscription.id == subscription_id)
