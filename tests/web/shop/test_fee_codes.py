"""A discount code on the fee of a membership: told line by line before paying, charged so, and never too often."""

import asyncio
import re
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database, ids
from components.memberships.discounts import discount_upkeep
from components.pricing import invariants as coupon_invariants
from components.pricing.coupons import editing, fee_redemptions, queries
from components.pricing.coupons.editing import CouponDetails
from components.pricing.coupons.redemptions import CouponGone
from tests.support import make_plans, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop


async def code(name: str, **given: Any) -> None:
    known = {"words": "Off your fee", "discount_type": "percent", "value": 2000, "for_fees": True, "fee_payments": 1}
    await editing.create(CouponDetails(**{"code": name, **known, **given}))


async def visits(shop: Shop, email: str) -> Browser:
    await people.customer(email, name="Maya")
    return await shop.signed_in(email)


async def with_code(browser: Browser, slug: str, typed: str) -> Page:
    return await browser.submit(await browser.get(f"/join/{slug}"), f"/join/{slug}", nth=0, code=typed)


async def states() -> list[str]:
    return [str(each) for each in await database.fetch_values("SELECT state FROM coupon_use ORDER BY at, id")]


async def charged() -> list[int]:
    sql = "SELECT amount_paid FROM mirrored_invoice WHERE status = 'paid' ORDER BY created_at"
    return [int(each) for each in await database.fetch_values(sql)]


async def test_it_is_told_before_and_charged_as_told(shop: Shop) -> None:
    plan = await make_plans.club(price=500, interval="month")
    two = "You pay £4.00 for each of your first 2 payments, the first of them today, then £5.00 a month"
    for name, payments, said, renews, wanted in (
        ("ONE", 1, "You pay £4.00 today, then £5.00 a month", "£5.00 a month", [400, 500, 500]),
        ("TWO", 2, two, "£4.00 (20% off your next payment; without it £5.00 a month)", [400, 400, 500]),
        (
            "EVER",
            None,
            "You pay £4.00 today, and £4.00 a month from then on",
            "£4.00 (20% off every payment; without it £5.00 a month)",
            [400, 400, 400],
        ),
    ):
        await code(name, fee_payments=payments)
        maya = await visits(shop, f"{name.lower()}@kiln.test")
        page = await maya.get(f"/join/{plan.slug}?code={name.lower()}")
        assert said in page.words and f"Coupon {name} −£1.00" in page.words and "To pay today £4.00" in page.words
        outcome = await shop.pay(await maya.submit(page, f"/join/{plan.slug}"), "4242424242424242")
        welcome = await maya.get(outcome.url)
        assert re.search(rf"It renews on \d+ \w+ 2027: {re.escape(renews)}\.", welcome.words), (
            name,
            welcome.words[welcome.words.find("renews on") :][:200],
        )
        await shop.catch_up()
        row = await database.fetch_one("SELECT * FROM fee_discount WHERE code = $1", name)
        assert row is not None and row["begun_at"] is not None and (row["ended_at"] is None) == (payments != 1)
        for _ in range(2):
            for hours in (31 * 24, 2):
                clock.set_everywhere(clock.now() + timedelta(hours=hours))
                await shop.catch_up()
            await discount_upkeep.keep_promises()
            await shop.catch_up()
        sql = "SELECT amount_paid FROM mirrored_invoice WHERE local_id = $1 AND status = 'paid' ORDER BY created_at"
        assert await database.fetch_values(sql, row["subscription"]) == wanted, name
        sql = "SELECT subject FROM email WHERE template = 'fee_discount' AND recipient = $1"
        told = ["Your discount has ended"] if payments == 2 else []
        assert await database.fetch_values(sql, f"{name.lower()}@kiln.test") == told, "not in the minute it was used"
    assert await states() == ["used"] * 3 and await coupon_invariants.invariants() == []


async def test_what_is_refused_says_why(shop: Shop) -> None:
    plan = await make_plans.club(price=500, interval="month")
    await code("GOODS", for_fees=False, fee_payments=None)
    await code("OTHER", fee_plans=("another",))
    await code("WHOLE", discount_type="amount", value=500)
    await code("LATER", from_at=clock.now() + timedelta(days=3))
    await code("FEE", limit_each=1)
    maya = await visits(shop, "maya@kiln.test")
    for typed, slug, said in (
        ("GOODS", plan.slug, "is for products"),
        ("OTHER", plan.slug, "isn’t for this plan"),
        ("WHOLE", plan.slug, "can’t be used here"),
        ("LATER", plan.slug, "starts on"),
        ("NOPE", plan.slug, "don’t recognise"),
    ):
        page = await maya.get(f"/join/{slug}?code={typed}")
        assert page.status == 200 and said in page.words, (typed, page.words)
    guest = await shop.browser().get(f"/join/{plan.slug}?code=FEE")
    assert "applied on the next page" in guest.words and "£4.00" not in guest.words


async def test_the_last_use_is_used_once_and_given_back_when_nobody_pays(shop: Shop) -> None:
    plan = await make_plans.club(price=500, interval="month")
    await code("LAST", limit_total=1)
    both = [await visits(shop, f"{name}@kiln.test") for name in ("maya", "noor")]
    shown = [await each.get(f"/join/{plan.slug}?code=LAST") for each in both]
    sent = await asyncio.gather(
        *(each.submit(page, f"/join/{plan.slug}") for each, page in zip(both, shown, strict=True))
    )
    paths = sorted("/offline-payments" in page.path for page in sent)
    assert paths == [False, True] and await states() == ["reserved"]
    clock.set_everywhere(clock.now() + timedelta(days=2))
    await shop.catch_up()
    assert await states() == ["returned"] and await coupon_invariants.invariants() == []
    again = await both[0].submit(await both[0].get(f"/join/{plan.slug}?code=LAST"), f"/join/{plan.slug}")
    assert "/offline-payments" in again.path
    without = await both[0].submit(await both[0].get(f"/join/{plan.slug}"), f"/join/{plan.slug}")
    assert "/offline-payments" in without.path and sorted(await states()) == ["returned", "returned"]
    newest = "SELECT amount FROM checkout_session ORDER BY created_at DESC, attempt DESC LIMIT 1"
    assert await database.fetch_value(newest) == 500


async def test_one_person_in_two_windows_has_it_once(shop: Shop) -> None:
    """Both pages were checked before either was opened: what counts is the look when a use is reserved."""
    await code("ONCE", limit_each=1)
    maya = (await people.customer("maya@kiln.test", name="Maya")).id
    (stored,) = await database.batch(queries.code_query("ONCE", person_id=maya, email="maya@kiln.test"))
    assert stored is not None
    async with database.transaction():
        await fee_redemptions.reserve(ids.new(), stored.coupon, person_id=maya, email="maya@kiln.test")
    for person, email in ((maya, "maya@kiln.test"), (ids.new(), "m.aya+shop@kiln.test"), (maya, "")):
        with pytest.raises(CouponGone, match="maximum number of times") if person == maya else nullcontext():
            async with database.transaction():
                await fee_redemptions.reserve(ids.new(), stored.coupon, person_id=person, email=email)
