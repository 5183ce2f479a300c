"""E-mails about pauses: one begins, is to end or ended early."""

from datetime import timedelta

from components.foundation import clock, formatting
from components.foundation.money import Money
from components.foundation.operations import one_by_one
from components.memberships.billing import subscriptions
from components.memberships.billing.states import next_charges, pause_lengths, pause_periods, pause_schedule
from components.memberships.facts import PauseBegan, PauseDropped, PauseEndedEarly, PausePlanned
from components.memberships.plans import plan_catalogue
from components.memberships.renewal_credits import credit_choices
from components.memberships.tables import Pause, Subscription
from components.messaging import email_outbox
from components.messaging.emails import member_recipients
from components.payments.invoicing import invoices
from components.payments.payment_refusals import is_silence

NOTICE_OF_RETURN = timedelta(days=3)


async def pause_begun(fact: PauseBegan) -> None:
    found, pause = await subscriptions.by_id(fact.subscription_id), await pause_periods.current(fact.subscription_id)
    if pause is None or pause.id != fact.pause_id or pause.until_at <= clock.now():
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"pause-begun:{pause.id}",
            template="pause_begun",
            subject=f"Your membership is paused until {formatting.day(pause.until_at)}",
            plan_name=_plan_name(found),
            until=pause.until_at,
            renews_at=None if found.cancel_at else pause_periods.renewal_planned(pause),
            ends_at=found.cancel_at,
        )


async def pause_planned(fact: PausePlanned) -> None:
    """At once: its dates, and when the next charge comes. Not of one that was dropped meanwhile."""
    found, pause = await subscriptions.by_id(fact.subscription_id), await pause_periods.current(fact.subscription_id)
    if pause is None or pause.id != fact.pause_id or pause.from_at <= clock.now() or found.cancel_at:
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"pause-planned:{pause.id}",
            template="pause_planned",
            subject=f"Your pause is planned from {formatting.day(pause.from_at)}",
            plan_name=_plan_name(found),
            begins=pause.from_at,
            until=pause.until_at,
            renews_at=None if _is_charged_then(pause) else pause_periods.renewal_planned(pause),
            is_charged_then=_is_charged_then(pause),
        )


async def pause_dropped(fact: PauseDropped) -> None:
    """Of one that they were told about; whoever has cancelled gets the receipt of that instead."""
    found, pause = await subscriptions.by_id(fact.subscription_id), await pause_periods.by_id(fact.pause_id)
    was_told = await email_outbox.was_sent(f"pause-planned:{fact.pause_id}")
    is_cancelled = found.ended_at or found.cancel_at or found.cancel_reason is not None
    if pause is None or was_told is None or is_cancelled:
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"pause-dropped:{pause.id}",
            template="pause_dropped",
            subject="Your membership won’t be paused",
            plan_name=_plan_name(found),
            begins=pause.from_at,
            until=pause.until_at,
            renews_at=found.current_period_end,
        )


async def membership_resumed(fact: PauseEndedEarly) -> None:
    """Whoever ended the pause: the member, staff or somebody at Stripe. What is charged has a receipt of its own."""
    found, pause = await subscriptions.by_id(fact.subscription_id), await pause_periods.by_id(fact.pause_id)
    if pause is None or found.ended_at:
        return
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"membership-resumed:{pause.id}",
            template="membership_resumed",
            subject="Your membership is back",
            plan_name=_plan_name(found),
            until=pause.until_at,
            is_charged=_is_charged_then(pause),
            renews_at=None if found.cancel_at else found.current_period_end,
            ends_at=found.cancel_at,
        )


async def send_pause_notices() -> None:
    """Scheduled: three days before a pause ends, with the sum and the day of the next charge."""
    now = clock.now()
    found = await pause_schedule.ending(from_at=now, until_at=now + NOTICE_OF_RETURN)
    await one_by_one.each(found, _pause_ending, what="notice of a pause's end", unless=is_silence)


async def _pause_ending(pause: Pause) -> None:
    found = await subscriptions.by_id(pause.subscription)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=f"pause-ending:{pause.id}",
            template="pause_ending",
            subject=f"Your membership is back on {formatting.day(pause.until_at)}",
            plan_name=_plan_name(found),
            until=pause.until_at,
            amount=await _next_charge(found),
            renews_at=None if found.cancel_at or _is_charged_then(pause) else pause_periods.renewal_planned(pause),
            is_charged_then=_is_charged_then(pause),
            ends_at=found.cancel_at,
        )


def _is_charged_then(pause: Pause) -> bool:
    """Whether a new period is charged on the day on which it ends, so that there is no later day to name."""
    return pause_periods.paid_time_left(pause) < pause_lengths.NEXT_TO_NOTHING


async def _next_charge(found: Subscription) -> Money | None:
    """To the penny; none when it has been cancelled."""
    if found.cancel_at:
        return None
    coming = await next_charges.of_renewal(found)
    if coming.is_about:
        preview = await invoices.next_charge(found.id)
        amount = Money(preview.amount_due, preview.currency)
        return amount - await credit_choices.coming(found.payer, amount, coming.at)
    return coming.left


def _plan_name(subscription: Subscription) -> str:
    return plan_catalogue.by_version(subscription.plan_version).name
