"""A new price, before the first renewal that charges it: both prices, the day, and how to cancel.

It is told when it is announced, told anew when its day slips, and once more where the law asks for a day nearer to it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, formatting
from components.foundation.consumer_law import notice_days
from components.foundation.consumer_law.law_rules import LawRule
from components.foundation.languages.words import _
from components.foundation.operations import one_by_one
from components.memberships.billing import coming_price, price_migrations, subscriptions
from components.memberships.billing.price_migrations import AnnouncedPrice
from components.memberships.billing.states import pause_periods
from components.memberships.discounts import fee_discounts
from components.memberships.facts import PriceMigrationAnnounced
from components.memberships.plans import plan_catalogue
from components.memberships.tables import Subscription
from components.messaging import email_outbox
from components.messaging.emails import member_recipients
from components.messaging.notices import cancel_links, notice_timing

PREFERRED = 14
AHEAD = timedelta(days=31)
"""No rule asks for a nearer day sooner than that."""
LONGEST = 366


async def price_moves(fact: PriceMigrationAnnounced) -> None:
    found = await subscriptions.by_id(fact.subscription_id)
    key = f"price-move:{fact.move_id}" + (f":{fact.renews_at.date()}" if fact.has_slipped else "")
    await _send(found, fact.to_version, fact.renews_at, key=key, has_slipped=fact.has_slipped)


async def send_price_notices() -> None:
    """Scheduled: where the law asks for a day on which they have not been told yet."""
    told = await price_migrations.announced(until_at=clock.now() + AHEAD)
    found = {one.move.subscription: await subscriptions.by_id(one.move.subscription) for one in told}
    places = await notice_timing.places(list(found.values()))

    async def tell(one: AnnouncedPrice) -> None:
        kept, renews_at = found[one.move.subscription], one.move.renews_at
        if kept.cancel_at or kept.ended_at:
            return
        asked = places[kept.id].rules("price_change", clock.now())
        unmet = [rule for rule in asked if not _is_met(rule, one.move.told_at, renews_at)]
        days = notice_days.days_before(unmet, preferred=PREFERRED, within=LONGEST, is_wanted=False)
        which = notice_timing.due(days, renews_at)
        key = f"price-move:{one.move.id}:{renews_at.date()}:{which}"
        if which is not None and not await email_outbox.was_sent(key):
            await _send(kept, one.to_version, renews_at, key=key, has_slipped=False)

    await one_by_one.each(told, tell, what="notice of a price")


def _is_met(rule: LawRule, told_at: datetime, renews_at: datetime) -> bool:
    return rule.least_days <= (renews_at - told_at).days < rule.most_days


async def _send(found: Subscription, to_version: UUID, renews_at: datetime, *, key: str, has_slipped: bool) -> None:
    before = plan_catalogue.by_version(found.plan_version)
    after = await coming_price.payable(found, plan_catalogue.by_version(to_version))
    cancelling = cancel_links.made(found.id, renews_at)
    async with member_recipients.to(found.payer) as send:
        await send(
            key=key,
            template="price_moves",
            subject=f"Your membership price changes on {formatting.day(renews_at)}",
            secrets=cancelling.secrets,
            secrets_until=renews_at,
            plan_name=after.name,
            before=await _until_then(found, before.price_words),
            after=await fee_discounts.promised_words(found.id, after.price, after.price_words),
            renews_at=renews_at,
            has_slipped=has_slipped,
            cancel_link=cancelling.link,
        )


async def _until_then(found: Subscription, price_words: str) -> str:
    """During a trial nothing was paid yet."""
    if found.status != "trialing" or await pause_periods.is_paid_time(found.id):
        return price_words
    return _("free during your trial (%(price)s was agreed for the time after it)", price=price_words)
