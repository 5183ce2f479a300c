"""Notices before a charge: a renewal, the end of a trial. Each goes out once, on the day that `notice_timing` gives."""

from datetime import timedelta

from components.foundation import clock, formatting, settings
from components.foundation.money import Money
from components.foundation.operations import one_by_one
from components.memberships.billing import renewals
from components.memberships.billing.renewals import ComingRenewal
from components.memberships.entitlements import membership_history, savings
from components.memberships.entitlements.membership_history import EndingMembership
from components.memberships.plans import member_taxes, plan_catalogue
from components.memberships.renewal_credits import credit_choices
from components.memberships.tables import Subscription
from components.messaging import email_outbox
from components.messaging.emails import member_recipients
from components.messaging.emails.charge_text import card_text, tax_text
from components.messaging.notices import cancel_links, notice_timing
from components.payments import cards

BEFORE_THE_END = timedelta(days=14)
AHEAD = timedelta(days=92)
"""No rule asks for a notice sooner than three months before."""


async def send_renewal_notices() -> None:
    """Scheduled: before renewals, with amount, tax, card, date, what was saved, and a link that cancels."""
    now = clock.now()
    found = await renewals.renewing(from_at=now, until_at=now + AHEAD)
    places = await notice_timing.places(found)

    async def tell(kept: Subscription) -> None:
        assert kept.current_period_end is not None
        term, began = plan_catalogue.by_version(kept.plan_version), kept.started_at or kept.created_at
        days = notice_timing.before_renewal(term, began, kept.current_period_end, places[kept.id])
        which = notice_timing.due(days, kept.current_period_end)
        if which is None:
            return
        key = notice_timing.key(f"renewal-notice:{kept.id}", kept.current_period_end, days, which)
        if not await email_outbox.was_sent(key):
            await _renewal(await renewals.coming(kept), key)

    await one_by_one.each(found, tell, what="renewal notice")


async def _renewal(coming: ComingRenewal, key: str) -> None:
    if not coming.fee:
        return
    saved = await savings.total(coming.payer, since=coming.since)
    cancelling = cancel_links.made(coming.subscription_id, coming.renews_at)
    credit = await credit_choices.coming(coming.payer, coming.price, coming.renews_at)
    async with member_recipients.to(coming.payer) as send:
        await send(
            key=key,
            template="renewal_notice",
            subject=f"Your membership renews on {formatting.day(coming.renews_at)}",
            secrets=cancelling.secrets,
            secrets_until=coming.renews_at,
            plan_name=coming.plan_name,
            length_words=coming.length_words,
            price=coming.price,
            discount=coming.discount,
            fee=coming.fee,
            credit=credit,
            to_pay=_to_pay(coming.price, credit),
            tax=tax_text(coming.price, coming.tax_category, await member_taxes.of_fee(coming.plan, coming.payer)),
            card="" if credit == coming.price else card_text(await cards.of_subscription(coming.subscription_id)),
            renews_at=coming.renews_at,
            saved=Money(max(0, saved), coming.price.currency),
            cancel_link=cancelling.link,
        )


def _to_pay(price: Money, credit: Money | None) -> str:
    return formatting.money(price - credit) if credit else ""


async def send_ending_notices() -> None:
    """Scheduled: two weeks before a membership that nobody is billed for ends."""
    now = clock.now()
    found = await membership_history.ending(from_at=now, until_at=now + BEFORE_THE_END)
    await one_by_one.each(found, _ending, what="notice of an end")


async def _ending(found: EndingMembership) -> None:
    key = f"membership-ending:{found.membership_id}:{found.ends_at.date()}"
    if await email_outbox.was_sent(key):
        return
    async with member_recipients.to(found.person_id) as send:
        await send(
            key=key,
            template="membership_ending",
            subject=f"Your membership ends on {formatting.day(found.ends_at)}",
            plan_name=found.plan_name,
            ends_at=found.ends_at,
            is_gift=found.source == "gift",
            join_link=f"{settings.current().base_url}/join",
        )


async def send_trial_notices() -> None:
    """Scheduled: before a trial ends, with the amount, the date, and a link that cancels."""
    now = clock.now()
    found = await renewals.trials_ending(from_at=now, until_at=now + AHEAD)
    places = await notice_timing.places(found)

    async def tell(kept: Subscription) -> None:
        assert kept.current_period_start is not None and kept.current_period_end is not None
        days = notice_timing.before_trial_end(kept.current_period_start, kept.current_period_end, places[kept.id])
        which = notice_timing.due(days, kept.current_period_end)
        if which is None:
            return
        key = notice_timing.key(f"trial-ending:{kept.id}", kept.current_period_end, days, which)
        if not await email_outbox.was_sent(key):
            await _trial(kept, key)

    await one_by_one.each(found, tell, what="notice of a trial's end")


async def _trial(kept: Subscription, key: str) -> None:
    """Where no card is on file and the plan asks for none, nothing will be charged: then it says how to stay."""
    coming, card = await renewals.coming(kept), await cards.of_subscription(kept.id)
    if not coming.fee:
        return
    is_charged = card is not None or plan_catalogue.by_version(kept.plan_version).trial_ends == "create_invoice"
    cancelling = cancel_links.made(kept.id, coming.renews_at)
    credit = await credit_choices.coming(kept.payer, coming.price, coming.renews_at) if is_charged else None
    async with member_recipients.to(kept.payer) as send:
        await send(
            key=key,
            template="trial_ending",
            subject=f"Your trial ends on {formatting.day(coming.renews_at)}",
            secrets=cancelling.secrets,
            secrets_until=coming.renews_at,
            plan_name=coming.plan_name,
            price=coming.price,
            tax=tax_text(coming.price, coming.tax_category, await member_taxes.of_fee(coming.plan, coming.payer)),
            credit=credit,
            to_pay=_to_pay(coming.price, credit),
            card="" if credit == coming.price else card_text(card),
            until=coming.renews_at,
            is_charged=is_charged,
            cancel_link=cancelling.link,
        )
