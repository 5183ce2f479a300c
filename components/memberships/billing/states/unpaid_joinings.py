"""Joinings that nobody pays: they lapse, and their place and the use of a code are there for others.

A subscription that waits is taken up again by whoever starts anew. So its page's end says nothing while a newer page is
open, or about to be: the order or the code that was asked for since decides then.
"""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.foundation.operations import one_by_one
from components.memberships.discounts import fee_codes
from components.memberships.discounts.tables import FeeDiscount
from components.memberships.grants import fixed_term
from components.memberships.plans.plan_catalogue import by_version
from components.memberships.promises import plan_places
from components.memberships.tables import Subscription
from components.payments.checkout_sessions import pages
from components.payments.tables import CheckoutSession

OPENING = timedelta(minutes=10)
"""Longer than it takes to open a page: until then a code that is newer than the last page is about to have one."""


async def expire(subscription_id: UUID) -> None:
    """Its page can no longer be paid: the person can start again. Not while they have a newer page, or are getting
    one."""
    async with database.transaction():
        kept, page = await _held(subscription_id)
        if kept is not None and not await _is_taken_up(kept, since=page.created_at if page else kept.created_at):
            await _end(kept, page)


async def give_up_code(subscription_id: UUID) -> None:
    """No page could be opened for it: nothing is reserved for a page that there is not. May run twice."""
    async with database.transaction():
        kept, page = await _held(subscription_id)
        if kept is not None and not (page and (page.is_open or page.is_complete)):
            await fee_codes.release(kept.id)


async def end(subscription_id: UUID) -> None:
    """Nobody can pay it any more, unless there is a page. May run twice."""
    async with database.transaction():
        kept, page = await _held(subscription_id)
        if kept is not None:
            await _end(kept, page)


async def order_expired(subscription_id: UUID, discount_id: UUID | None, *, placed_at: datetime) -> None:
    """The order that it was to be paid with has ended, perhaps before it had a page. Whoever has asked for it since,
    with another order or without one, keeps what they were promised; of what was paid on another page meanwhile its
    invoice says with which code (`codes_paid_with`). May run twice."""
    async with database.transaction():
        kept, page = await _held(subscription_id)
        if kept is None or kept.ordered_at is None or kept.ordered_at > placed_at:
            return
        if discount_id is not None and (page is None or not page.is_complete):
            await fee_codes.release_one(discount_id)
        await _end(kept, page)


async def give_back() -> None:
    """Scheduled: what is reserved for longer than any page can be paid, since the process ended before it opened one,
    or before it said that there is none."""
    over = clock.now() - plan_places.PAGE_OPEN
    await one_by_one.each(await database.fetch_values(_FORGOTTEN, over), end, what="joining that nobody can pay")
    one = FeeDiscount
    waits = (one.source == "code") & one.ended_at.is_null() & one.begun_at.is_null() & (one.at < over)
    terms = one.select(one.term).where(waits & one.term.is_not_null()).order_by(one.at).output(as_list=True)
    await one_by_one.each(await terms, fixed_term.expire, what="term that nobody can pay")


_FORGOTTEN = """
SELECT s.id FROM fee_discount d JOIN subscription s ON s.id = d.subscription
WHERE d.source = 'code' AND d.ended_at IS NULL AND d.begun_at IS NULL AND d.at < $1
  AND s.status IN ('pending', 'lapsed') ORDER BY d.at
"""


async def _held(subscription_id: UUID) -> tuple[Subscription | None, CheckoutSession | None]:
    """Locked in the order in which a joining locks: first the places of its plan, then itself."""
    seen = await Subscription.objects().where(Subscription.id == subscription_id).first()
    if seen is not None:
        await plan_places.take_turn(by_version(seen.plan_version).id)
    kept = await database.locked(Subscription, Subscription.id == subscription_id)
    return kept, await pages.for_reference("joining", subscription_id)


async def _is_taken_up(kept: Subscription, *, since: datetime) -> bool:
    if kept.ordered_at and kept.ordered_at > since:
        return True
    newest = max(since, clock.now() - OPENING)
    waits = (FeeDiscount.subscription == kept.id) & FeeDiscount.ended_at.is_null() & FeeDiscount.begun_at.is_null()
    return bool(await FeeDiscount.exists().where(waits & (FeeDiscount.at > newest)))


async def _end(kept: Subscription, page: CheckoutSession | None) -> None:
    if page is not None and (page.is_open or page.is_complete):
        return
    if kept.status == "pending":
        await kept.update_self({Subscription.status: "lapsed", Subscription.ended_at: clock.now()})
        await plan_places.release(by_version(kept.plan_version).id, kept.payer)
    await fee_codes.release(kept.id)
