"""Rules about subscriptions: what is stored of them is what Stripe says, and either side has what the other has."""

from collections.abc import Callable
from datetime import datetime

from components.foundation import clock, database, outbox
from components.payments.differences.difference_rules import AtStripe, DifferenceRule, Found, amount_words
from components.payments.differences.mirror_repairs import read_again
from components.payments.facts import SubscriptionMirrored
from components.payments.mirror.mirror_rows import lock_row
from components.payments.ownership import is_ours
from components.payments.payment_refusals import UnknownAtStripe
from components.payments.stripe_calls import stripe_subscriptions as calls
from components.payments.stripe_calls.stripe_subscriptions import SubscriptionAnswer
from components.payments.stripe_calls.stripe_values import uuid_in
from components.payments.tables import MirroredSubscription

OVER = ("cancelled", "incomplete_expired")
ASKED_ONE_BY_ONE = 50
Told = Callable[[MirroredSubscription | SubscriptionAnswer], str]


def _status(one: MirroredSubscription | SubscriptionAnswer) -> str:
    return one.status


def _price(one: MirroredSubscription | SubscriptionAnswer) -> str:
    return f"{amount_words(one.amount, one.currency)}, {one.price}"


def _period(one: MirroredSubscription | SubscriptionAnswer) -> str:
    is_running = one.status not in OVER and one.current_period_end is not None
    return f"{one.current_period_end:%Y-%m-%d %H:%M} UTC" if is_running else "over"


async def _differing(seen: AtStripe, told: Told) -> list[Found]:
    here = {row.stripe_id: row for row in await MirroredSubscription.objects()}
    settled = [one for one in seen.subscriptions.values() if one.id in here and seen.is_settled(_moved_at(one))]
    pairs = [(here[one.id], one) for one in settled]
    return [Found(one.id, told(row), told(one)) for row, one in pairs if told(row) != told(one)]


def _moved_at(one: SubscriptionAnswer) -> datetime:
    """When it last changed by itself, as far as Stripe says: its webhook may still be on its way."""
    return max(at for at in (one.started_at, one.current_period_start, one.cancelled_at, one.ended_at) if at)


async def subscription_status(seen: AtStripe) -> list[Found]:
    return await _differing(seen, _status)


async def subscription_price(seen: AtStripe) -> list[Found]:
    return await _differing(seen, _price)


async def subscription_period(seen: AtStripe) -> list[Found]:
    """A status that differs says enough: the period is not named beside it."""
    by_status = {found.subject for found in await subscription_status(seen)}
    return [found for found in await _differing(seen, _period) if found.subject not in by_status]


async def subscription_unknown(seen: AtStripe) -> list[Found]:
    here = set(await MirroredSubscription.select(MirroredSubscription.stripe_id).output(as_list=True))
    return [
        Found(one.id, "unknown", one.status, uuid_in(one.metadata, "reference_id"))
        for one in seen.subscriptions.values()
        if is_ours(one.metadata) and one.id not in here and seen.is_settled(one.started_at)
    ]


async def subscription_gone(seen: AtStripe) -> list[Found]:
    """What is not in the list is asked for by itself, a few a run, the longest unread first."""
    running = MirroredSubscription.status.not_in(list(OVER))
    rows = await MirroredSubscription.objects().where(running).order_by(MirroredSubscription.mirrored_at)
    unlisted = [row for row in rows if row.stripe_id not in seen.subscriptions][:ASKED_ONE_BY_ONE]
    return [Found(row.stripe_id, row.status, "unknown") for row in unlisted if not await _is_at_stripe(row.stripe_id)]


async def _is_at_stripe(subscription_id: str) -> bool:
    try:
        await calls.get(subscription_id)
    except UnknownAtStripe:
        return False
    return True


async def end_here(subject: str) -> str:
    """Stripe does not have the subscription, so it cannot bill: here it is over as well."""
    if await _is_at_stripe(subject):
        return await read_again("subscription")(subject)
    row, now = MirroredSubscription, clock.now()
    async with database.transaction():
        await lock_row(subject)
        ended = row.update({row.status: "cancelled", row.ended_at: now, row.cancelled_at: now, row.mirrored_at: now})
        changed = await ended.where((row.stripe_id == subject) & row.status.not_in(list(OVER))).returning(row.local_id)
        if changed and changed[0]["local_id"]:
            await outbox.announce(SubscriptionMirrored(subject, changed[0]["local_id"]))
    return "Ended here. The membership ends with it; nothing can be charged any more."


SUBSCRIPTION_RULES = (
    DifferenceRule(
        "subscription_status",
        "A subscription has another status at Stripe",
        "Read again",
        subscription_status,
        read_again("subscription"),
    ),
    DifferenceRule(
        "subscription_price",
        "A subscription has another price at Stripe",
        "Read again",
        subscription_price,
        read_again("subscription"),
    ),
    DifferenceRule(
        "subscription_period",
        "A subscription’s period ends at another time at Stripe",
        "Read again",
        subscription_period,
        read_again("subscription"),
    ),
    DifferenceRule(
        "subscription_unknown",
        "Stripe bills a subscription that the shop doesn’t know",
        "Record it",
        subscription_unknown,
        read_again("subscription"),
    ),
    DifferenceRule(
        "subscription_gone",
        "Stripe doesn’t have a subscription that runs here",
        "End it here",
        subscription_gone,
        end_here,
    ),
)
