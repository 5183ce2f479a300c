"""What became of a change that had no answer while its visitor waited: the row it was made from follows it.

A change that was answered in time has been followed by then; doing so again changes nothing.
"""

from collections.abc import Awaitable, Callable
from uuid import UUID

from components.foundation import clock
from components.memberships.billing import pauses, plan_confirmations, subscriptions
from components.memberships.billing.states import cancel_attempts, pause_periods
from components.memberships.tables import Pause, PlanChange
from components.payments.billing_requests import billing_requests
from components.payments.facts import BillingRequestSettled

DROPPED = "it did not go through at the bank"


async def follow(fact: BillingRequestSettled) -> None:
    closes = _CLOSES.get((fact.kind, fact.outcome))
    if closes is not None:
        await closes(fact)
    if fact.kind in _OF_SUBSCRIPTIONS | _MOVING and fact.outcome == "done":
        await subscriptions.apply(fact.subject)
    if fact.kind in pauses.RETURNS and fact.outcome == "refused":
        await _not_back(fact)
    if (fact.kind, fact.outcome) in _NOT_CANCELLED:
        await _not_cancelled(fact)


async def _pause_over(fact: BillingRequestSettled) -> None:
    """Of the pauses that had begun; one that is planned for later stays."""
    is_its = (Pause.subscription == fact.subject) & Pause.ended_at.is_null() & Pause.begun_at.is_not_null()
    await Pause.update({Pause.ended_at: clock.now()}).where(is_its)


async def _pause_refused(fact: BillingRequestSettled) -> None:
    """Asked for again, it is another pause: this one's request stays refused."""
    if not fact.key.startswith("pause:") or await billing_requests.unsettled(fact.subject) is not None:
        return
    wanted = UUID(fact.key.split(":")[1])
    if await billing_requests.outcome_of(f"pause:{wanted}:begin") == "done":
        return
    is_open = (Pause.id == wanted) & Pause.ended_at.is_null() & Pause.arranged_at.is_null()
    await Pause.update({Pause.ended_at: clock.now()}).where(is_open)


async def _not_back(fact: BillingRequestSettled) -> None:
    """Whoever asks for it again comes back from then on."""
    pause, asked = await pause_periods.current(fact.subject), await billing_requests.by_id(fact.request_id)
    if pause is not None and asked is not None and pause.returning_at and pause.returning_at <= asked.asked_at:
        await pauses.forget_return(pause)


async def _not_cancelled(fact: BillingRequestSettled) -> None:
    """Should it end one day, that is not why; unless it has been cancelled again since this was asked for."""
    if fact.outcome == "refused":
        await cancel_attempts.drop_refused(fact.request_id)
    asked = await billing_requests.by_id(fact.request_id)
    if asked is not None and await billing_requests.unsettled(fact.subject) is None:
        await cancel_attempts.forget_reason(fact.subject, since=asked.asked_at)


async def _plan_changed(fact: BillingRequestSettled) -> None:
    if (kept := _id_in(fact.key, plan_confirmations.KEPT)) is not None:
        await plan_confirmations.take_back(kept)
    await _close_change(fact, {PlanChange.applied_at: clock.now()})


async def _plan_kept(fact: BillingRequestSettled) -> None:
    await _close_change(fact, {PlanChange.dropped_at: clock.now(), PlanChange.why_dropped: DROPPED})


async def _close_change(fact: BillingRequestSettled, how: dict[object, object]) -> None:
    wanted = _id_in(fact.key, "change:")
    is_open = PlanChange.applied_at.is_null() & PlanChange.dropped_at.is_null()
    if wanted is not None:
        await PlanChange.update(how).where((PlanChange.id == wanted) & is_open)  # type: ignore[arg-type]


def _id_in(key: str, prefix: str) -> UUID | None:
    """What follows the id is the turn in which it was asked: see `billing_requests.anew`."""
    return UUID(key.removeprefix(prefix).partition(":")[0]) if key.startswith(prefix) else None


_CLOSES: dict[tuple[str, str], Callable[[BillingRequestSettled], Awaitable[None]]] = {
    ("resume", "done"): _pause_over,
    ("move_renewal", "refused"): _pause_refused,
    ("price_from_renewal", "done"): _plan_changed,
    ("price_from_renewal", "refused"): _plan_kept,
}
_NOT_CANCELLED = {
    ("keep", "done"), ("cancel", "refused"), ("end_now", "refused"),
    ("resume_unbilled", "done"), ("resume_unbilled", "refused"),
}  # fmt: skip
_MOVING = {"move_renewal", "move_back", "renew_now", "resume_unbilled"}
_OF_SUBSCRIPTIONS = {"pause", "resume", "price_now", "price_from_renewal", "cancel", "keep", "end_now", "pay_invoice"}
