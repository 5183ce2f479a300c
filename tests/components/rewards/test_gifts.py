"""A gift is given once and claimed once, whoever else wants it."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from components.foundation import clock, ids
from components.rewards import free_products
from components.rewards.free_products import GiftGone, NotOffered, WaitingGift

MAYA, BENEFIT, CUP, BOWL = ids.new(), ids.new(), ids.new(), ids.new()


async def given(cause: str = "birthday:2027", *, days: int | None = 30) -> WaitingGift:
    until = clock.now() + timedelta(days=days) if days else None
    await free_products.grant(
        MAYA, benefit_id=BENEFIT, cause=cause, words="Birthday", offered=(CUP, BOWL), claim_until=until
    )
    return next(one for one in await free_products.waiting_gifts(MAYA) if one.cause == cause)


async def chosen(**how: object) -> UUID:
    gift = await given(**how)
    await free_products.choose(gift.id, person_id=MAYA, variant_id=CUP)
    return gift.id


async def test_one_occasion_gives_one_gift(db: None) -> None:
    again = [
        free_products.grant(
            MAYA, benefit_id=BENEFIT, cause="joining", words="Welcome", offered=(CUP,), claim_until=None
        )
        for _ in range(10)
    ]
    assert sum(await asyncio.gather(*again)) == 1
    assert len(await free_products.waiting_gifts(MAYA)) == 1


async def test_only_what_is_offered_to_her_may_be_chosen(db: None) -> None:
    gift = await given()
    with pytest.raises(NotOffered):
        await free_products.choose(gift.id, person_id=MAYA, variant_id=ids.new())
    with pytest.raises(GiftGone):
        await free_products.choose(gift.id, person_id=ids.new(), variant_id=CUP)
    await free_products.choose(gift.id, person_id=MAYA, variant_id=BOWL)
    assert (await given()).chosen == BOWL


async def test_fifty_orders_for_one_gift_and_exactly_one_gets_it(db: None) -> None:
    gift = await chosen()

    async def wanted(order: UUID) -> bool:
        try:
            await free_products.reserve([gift], order_id=order)
        except GiftGone:
            return False
        return await free_products.claim([gift], order_id=order)

    assert sum(await asyncio.gather(*(wanted(ids.new()) for _ in range(50)))) == 1
    assert await free_products.waiting_gifts(MAYA) == () and len(await free_products.claimed_gifts(MAYA)) == 1


async def test_it_may_be_claimed_until_just_before_its_last_instant(db: None) -> None:
    gift = await chosen(days=30)
    with clock.frozen(clock.now() + timedelta(days=30)):
        assert await free_products.waiting_gifts(MAYA) == ()
        with pytest.raises(GiftGone):
            await free_products.reserve([gift], order_id=ids.new())
    with clock.frozen(clock.now() + timedelta(days=30) - timedelta(microseconds=1)):
        await free_products.reserve([gift], order_id=ids.new())


async def test_an_order_that_comes_to_nothing_gives_it_back(db: None) -> None:
    gift, order = await chosen(), ids.new()
    await free_products.reserve([gift], order_id=order)
    with pytest.raises(GiftGone):
        await free_products.reserve([gift], order_id=ids.new())
    await free_products.release(order)
    assert await free_products.claim([gift], order_id=order), "the money of that order came after all"
    await free_products.release(order)
    assert len(await free_products.claimed_gifts(MAYA)) == 1


async def test_paid_too_late_it_has_gone_with_another_order(db: None) -> None:
    gift, late, other = await chosen(), ids.new(), ids.new()
    await free_products.reserve([gift], order_id=late)
    await free_products.release(late)
    await free_products.reserve([gift], order_id=other)
    assert not await free_products.claim([gift], order_id=late)
    assert await free_products.claim([gift], order_id=other) and await free_products.claim([gift], order_id=other)


async def test_a_gift_that_came_back_waits_again_for_a_month_at_least(db: None) -> None:
    gift, order = await chosen(days=2), ids.new()
    await free_products.reserve([gift], order_id=order)
    await free_products.claim([gift], order_id=order)
    assert not await free_products.unclaim(gift, order_id=ids.new())
    assert await free_products.unclaim(gift, order_id=order) and not await free_products.unclaim(gift, order_id=order)
    (again,) = await free_products.waiting_gifts(MAYA)
    assert again.chosen is None and again.claim_until == clock.now() + timedelta(days=30)


async def test_a_gift_that_is_no_longer_deserved_goes_unless_it_is_claimed(db: None) -> None:
    await given("spend:100:…")
    assert await free_products.withdraw("spend:100:…") and await free_products.waiting_gifts(MAYA) == ()
    await free_products.restore("spend:100:…")
    gift = (await free_products.waiting_gifts(MAYA))[0]
    await free_products.choose(gift.id, person_id=MAYA, variant_id=CUP)
    await free_products.reserve([gift.id], order_id=ids.new())
    assert not await free_products.withdraw("spend:100:…")
