"""Whether somebody asked, in writing, that their membership begins before the days to withdraw are over.

Where the law knows of it (`early_start` of a jurisdiction), whoever withdraws pays for the time until then only if they
asked for it; without that the whole fee goes back. Asked is at joining, with an order as well, and when a gift is
redeemed; both answers are kept, with the words that were read. The membership begins at once either way.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, ids
from components.foundation.consumer_law import law_rules
from components.foundation.languages import language
from components.foundation.languages.words import _
from components.foundation.shop_settings import shop_settings
from components.memberships.promises.tables import EarlyStart
from components.memberships.tables import PaidTerm, Subscription
from components.people import addresses

BEFORE = timedelta(hours=1)
"""The answer is kept in the request that makes the subscription; a payment that was left and taken up again, later."""


@dataclass(frozen=True, slots=True)
class EarlyStartAsked:
    """What is asked of somebody who lives there."""

    country: str
    words: str
    note: str


async def asked_of(person_id: UUID | None, *, is_gift: bool = False) -> EarlyStartAsked | None:
    """By the address in their account, else where the shop is. None where the law knows of no such request."""
    found = await addresses.of_person(person_id) if person_id else []
    return asked_in(found[0].country if found else shop_settings.current().country, is_gift=is_gift)


def asked_in(country: str, *, is_gift: bool = False) -> EarlyStartAsked | None:
    """Of a gift in other words: whoever redeems it has paid nothing."""
    today = clock.now().date()
    if not law_rules.rules("early_start", on=today, country=country):
        return None
    days = max((one.least_days for one in law_rules.rules("withdrawal", on=today, country=country)), default=0)
    if not days:
        return None
    if is_gift:
        words = _(
            "Begin my membership straight away. If the gift is withdrawn from within %(days)s days, the days until "
            "then are not refunded.",
            days=days,
        )
        note = _(
            "It begins straight away either way, and you need not tick this: without the tick, withdrawing gives the "
            "buyer everything back."
        )
        return EarlyStartAsked(country, words, note)
    words = _(
        "Begin my membership straight away. If I withdraw within %(days)s days, I pay for the days until then.",
        days=days,
    )
    note = _(
        "It begins straight away either way, and you need not tick this: without the tick, withdrawing gives you "
        "everything back."
    )
    return EarlyStartAsked(country, words, note)


async def record(
    asked: EarlyStartAsked | None, *, is_wanted: bool, person_id: UUID, plan_version: UUID, gift: UUID | None = None
) -> None:
    """Nothing where nothing was asked."""
    if asked is None:
        return
    row = EarlyStart(
        id=ids.new(), person=person_id, plan_version=plan_version, gift=gift, is_wanted=is_wanted, words=asked.words,
        language=language.current(), country=asked.country, at=clock.now(),
    )  # fmt: skip
    await row.save()


async def of_subscription(kept: Subscription) -> EarlyStart | None:
    """The last answer before it began, of its own joining."""
    return await _of_joining(kept.payer, kept.created_at, kept.started_at or clock.now())


async def of_term(kept: PaidTerm) -> EarlyStart | None:
    """The last answer before it was paid, of its own joining."""
    return await _of_joining(kept.payer, kept.created_at, kept.paid_at or clock.now())


async def _of_joining(payer: UUID, asked_from: datetime, until: datetime) -> EarlyStart | None:
    one = EarlyStart
    is_its = (one.person == payer) & one.gift.is_null() & (one.at >= asked_from - BEFORE) & (one.at <= until)
    return await one.objects().where(is_its).order_by(one.at, ascending=False).first()


async def of_gift(gift_id: UUID) -> EarlyStart | None:
    one = EarlyStart
    return await one.objects().where(one.gift == gift_id).order_by(one.at, ascending=False).first()
