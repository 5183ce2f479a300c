"""A pause: no charge and no benefits, from a date within the paid period until a date the member chooses.

The paid time that is left when it begins is kept: the renewal moves by the length of the pause, and coming back within
paid time costs nothing. Stripe is told once, when the pause is asked for, so that nothing is charged meanwhile even if
nobody is there to begin or end it. A pause from the end of the paid period on ends with an ordinary renewal.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database, ids
from components.foundation.languages.words import N_
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.billing import plan_confirmations, subscriptions
from components.memberships.billing.states import current_states, pause_lengths, pause_periods
from components.memberships.billing.states.membership_states import MemberAction
from components.memberships.billing.states.pause_refusals import CannotPause, why_not
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Pause, Subscription
from components.payments.billing_requests import billing_requests, moved_renewals, stripe_pauses
from components.payments.invoicing import invoices
from components.payments.payment_refusals import (
    CardDeclined,
    NoSubscription,
    OutcomeUnknown,
    PaymentRefused,
    StillAsking,
    StripeUnavailable,
)

RETURNS = ("move_back", "renew_now", "cancel")  # what is asked of Stripe once a return is noted


class NotPaused(Refusal):
    message = N_("This membership isn’t paused.")
    status = 409


class ReturnDeclined(Refusal):
    message = N_(
        "Your card was declined, so your membership is still paused and you owe nothing. Please use another card."
    )


@dataclass(frozen=True, kw_only=True)
class ComingBack:
    """What coming back now means: the charge (zero within paid time), and when the charge after it comes.

    `is_at_most` where a credit from a pause of former days is still to be deducted.
    """

    due: Money
    renews_at: datetime | None
    is_at_most: bool = False


async def start(
    subscription_id: UUID, *, until: datetime, from_at: datetime | None = None, by: UUID | None = None
) -> Pause:
    """From now, or from a date up to the end of the paid period, until then; `by` when staff asked for it.

    Raises `PauseTooLong`, `PauseTooLate`, `CannotPause`, `ChangeAwaited`, `OutcomeUnknown`.
    """
    begins, until = (from_at or clock.now()).replace(microsecond=0), until.replace(microsecond=0)
    pause_lengths.check_length(max(begins, clock.now()), until)
    await plan_confirmations.refuse_awaited(subscription_id)
    pause = await _requested(subscription_id, begins, until, by)
    try:
        await arrange(pause)
    except OutcomeUnknown:
        raise
    except (StillAsking, StripeUnavailable):
        await close(pause)
        raise
    except Refusal as refusal:
        await close(pause)
        raise CannotPause from refusal
    return await pause_periods.current(subscription_id) or pause


async def end(subscription_id: UUID, *, by: UUID | None = None) -> Subscription:
    """Come back now, or stay if the pause is still to come; `coming_back` says what it costs.

    Raises `NotPaused`, `ReturnDeclined`, `OutcomeUnknown`.
    """
    if not await current_states.may(subscription_id, MemberAction.RESUME, by=by):
        raise NotPaused
    pause = await pause_periods.current(subscription_id)
    try:
        if pause is None or pause_periods.is_credited(pause):
            await resume_credited(subscription_id)
        else:
            await bring_back(pause)
    except NoSubscription:
        raise NotPaused from None
    except CardDeclined:
        raise ReturnDeclined from None
    if by is not None:
        await audit.record(by, "pause ended", "subscription", subscription_id)
    await subscriptions.apply(subscription_id)
    return await subscriptions.by_id(subscription_id)


async def coming_back(subscription_id: UUID) -> ComingBack:
    """Asked of Stripe where something will be charged. Raises `StripeUnavailable`, `NoSubscription`."""
    pause = await pause_periods.current(subscription_id)
    kept = await subscriptions.by_id(subscription_id)
    price = plan_catalogue.by_version(kept.plan_version).price
    if pause is None or pause_periods.is_credited(pause):
        return ComingBack(due=price, renews_at=None, is_at_most=pause is not None)
    if _costs_nothing(pause):
        renews_at = pause_periods.renewal(pause, back_at=clock.now().replace(microsecond=0))
        return ComingBack(due=Money.zero(price.currency), renews_at=renews_at)
    preview = await invoices.preview_of_renewing_now(subscription_id)
    return ComingBack(due=Money(preview.amount_due, preview.currency), renews_at=None)


async def arrange(pause: Pause) -> None:
    """Stripe bills again once the paid time has been had: later by the length of the pause."""
    at = pause_periods.renewal_planned(pause)
    await moved_renewals.move(pause.subscription, to=at, key=f"pause:{pause.id}:begin")
    await subscriptions.apply(pause.subscription)


async def bring_back(pause: Pause) -> None:
    """Within paid time the renewal is moved back; without any the renewal comes now."""
    renews_at = await note_return(pause)
    key = f"pause:{pause.id}:return:{int(pause.returning_at.timestamp())}"
    try:
        if _costs_nothing(pause):
            await moved_renewals.move_back(pause.subscription, to=renews_at, key=key)
        else:
            await moved_renewals.renew_now(pause.subscription, key=key)
    except (PaymentRefused, StillAsking, StripeUnavailable):
        await forget_return(pause)
        raise
    await subscriptions.apply(pause.subscription)


async def note_return(pause: Pause) -> datetime:
    """They are back from now on, written before Stripe is asked, once. Returns when the next charge would then come."""
    now = clock.now().replace(microsecond=0)
    await Pause.update({Pause.returning_at: now}).where((Pause.id == pause.id) & Pause.returning_at.is_null())
    noted = await pause_periods.by_id(pause.id)
    pause.returning_at = (noted.returning_at if noted is not None else None) or now
    return pause_periods.renewal(pause, back_at=pause.returning_at)


async def forget_return(pause: Pause) -> None:
    """Nothing has come of it. The note stays while a return has no answer: it is what that is known by."""
    awaited = await billing_requests.unsettled(pause.subscription)
    if not pause.returning_at or (awaited is not None and awaited.kind in RETURNS):
        return
    await subscriptions.apply(pause.subscription)
    is_its = (Pause.id == pause.id) & (Pause.returning_at == pause.returning_at)
    await Pause.update({Pause.returning_at: None}).where(is_its & Pause.ended_at.is_null())


def _costs_nothing(pause: Pause) -> bool:
    return pause.from_at > clock.now() or pause_periods.paid_time_left(pause) >= pause_lengths.NEXT_TO_NOTHING


async def resume_credited(subscription_id: UUID) -> None:
    """A pause of former days, or a trial that Stripe paused for want of a card: a new period is charged, less the
    credit for what was left of the old one."""
    await stripe_pauses.resume(subscription_id)
    if (pause := await pause_periods.current(subscription_id)) is not None:
        await close(pause)


async def _requested(subscription_id: UUID, begins: datetime, until: datetime, by: UUID | None) -> Pause:
    """The row of it, before Stripe is asked. Asked again while that is not confirmed, it is the same row."""
    async with database.transaction():
        kept = await database.locked(Subscription, Subscription.id == subscription_id)
        known = await pause_periods.current(subscription_id)
        if known is not None and not pause_periods.is_credited(known) and not known.arranged_at:
            return known
        if not await current_states.may(subscription_id, MemberAction.PAUSE, by=by):
            raise why_not(await current_states.of_subscription(subscription_id))
        if kept is None or not kept.current_period_end or kept.current_period_end <= clock.now():
            raise CannotPause
        pause_lengths.check_start(begins, kept.current_period_end)
        left = int((kept.current_period_end - begins).total_seconds())
        pause = Pause(id=ids.new(), subscription=subscription_id, from_at=begins, until_at=until, paid_left=left)
        pause.asked_at = clock.now()
        await Pause.insert(pause)
        if by is not None:
            after = {"from": begins.isoformat(), "until": until.isoformat()}
            await audit.record(by, "pause started", "subscription", subscription_id, after=after)
    return pause


async def close(pause: Pause) -> None:
    await Pause.update({Pause.ended_at: clock.now()}).where((Pause.id == pause.id) & Pause.ended_at.is_null())
