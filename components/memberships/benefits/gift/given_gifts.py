"""Giving gifts, each occasion once: also where the benefit is a copy of one that gave it already."""

from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock
from components.memberships.benefits import benefit_families
from components.memberships.benefits.events import Holding, Purchase
from components.memberships.benefits.gift import spend_gifts
from components.memberships.benefits.gift.gift_settings import GiftSettings
from components.rewards import free_products
from components.rewards.free_products import Given


async def for_spending(held: Holding[GiftSettings], purchase: Purchase) -> None:
    """A gift when enough was spent since the last one. One person's simultaneous purchases are processed in turn."""
    asked, at = held.settings.amount, purchase.paid_at
    cause = spend_gifts.cause(asked=asked, benefit_id=held.benefit_id, person_id=held.person_id, at=at)
    async with free_products.serialized(f"spend:{held.person_id}"):
        known = await _by_spending(held.benefit_id, held.person_id)
        others = [one.cause for one in known if not one.is_withdrawn]
        is_counted = any(spend_gifts.window_start(one) >= at for one in others)
        if is_counted or spend_gifts.orders_behind(purchase.spending, at=at, others=others) < asked:
            return
        if not await give(held, cause, clock.now()):
            await free_products.restore(cause)


async def judge_spending_again(person_id: UUID, spent: spend_gifts.Spending) -> None:
    """The spending behind a waiting gift may have been refunded, and a refund may have failed."""
    for one in await free_products.granted_for("spend:", person_id=person_id):
        async with free_products.serialized(f"spend:{person_id}"):
            known = await _by_spending(spend_gifts.benefit_of(one.cause), person_id)
            others = [other.cause for other in known if not other.is_withdrawn and other.cause != one.cause]
            at = spend_gifts.window_start(one.cause)
            if spend_gifts.orders_behind(spent, at=at, others=others) < spend_gifts.orders_query(one.cause):
                await free_products.withdraw(one.cause)
            elif one.is_withdrawn and all(spend_gifts.window_start(other) < at for other in others):
                await free_products.restore(one.cause)


async def _by_spending(benefit_id: UUID, person_id: UUID) -> list[Given]:
    """What spending gave of a benefit, and of those that count as it, in any state."""
    counted_as = (benefit_id, *await benefit_families.relatives(benefit_id, person_id))
    begins = tuple(spend_gifts.prefix(one, person_id) for one in counted_as)
    return [
        one for one in await free_products.granted_for("spend:", person_id=person_id) if one.cause.startswith(begins)
    ]


async def give(held: Holding[GiftSettings], cause: str, at: datetime) -> bool:
    return await free_products.grant(
        held.person_id,
        benefit_id=held.benefit_id,
        cause=cause,
        others=await benefit_families.causes(held.benefit_id, held.person_id, cause),
        words=held.name,
        offered=held.settings.variants,
        claim_until=at + timedelta(days=held.settings.days),
    )
