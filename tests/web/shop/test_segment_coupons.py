"""A coupon that only customers of a segment can use: in the basket, while paying, and whatever staff do meanwhile."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from components.foundation import database
from components.pricing.coupons import editing, queries
from components.pricing.coupons.editing import CouponDetails, CouponRefused
from components.segments import customer_tags, segment_editing
from tests.support import buy_products, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

PRESS = {"match": "all", "parts": [{"kind": "tag", "is": "yes", "tag": "press"}]}
GIVEN: dict[str, Any] = {"code": "PRESS10", "words": "for the press", "discount_type": "percent", "value": 1000}


@pytest.fixture
async def segment(goods: Shop) -> UUID:
    """Of whom staff tagged “press”; a coupon for them, and a mug of £24.00."""
    await make_products.product(on_hand=10)
    kept = await segment_editing.create("Press", PRESS)
    await editing.create(CouponDetails(**GIVEN, segment=kept))
    return kept


async def enter(browser: Browser) -> Page:
    await buy_products.put_in(browser)
    return await browser.submit(await browser.get("/basket"), "/basket/coupon", coupon="press10")


async def test_whoever_is_in_it_pays_less(goods: Shop, segment: UUID) -> None:
    noor = await people.customer()
    await customer_tags.add(noor.id, "Press")
    browser = await goods.signed_in("noor@kiln.test")
    assert "PRESS10 has been applied" in (await enter(browser)).words
    outcome = await goods.pay(await buy_products.check_out(browser))
    await browser.get(outcome.url)
    order = await buy_products.the_order()
    assert (order.is_paid, order.coupon, order.coupon_code) == (True, 240, "PRESS10")


async def test_whoever_is_not_is_told_so_and_nothing_of_the_rule(goods: Shop, segment: UUID) -> None:
    await people.customer()
    page = await enter(await goods.signed_in("noor@kiln.test"))
    assert page.status == 422 and "PRESS10 isn’t available for your account." in page.words
    assert "press" not in page.words.replace("PRESS10", "").replace("press10", "").lower()
    page = await enter(goods.browser())
    assert page.status == 422 and "PRESS10 is for some customers only. Sign in" in page.words
    assert await database.fetch_value("SELECT used FROM coupon") == 0


async def test_whoever_leaves_it_before_paying_is_asked_again(goods: Shop, segment: UUID) -> None:
    """It is looked up when the order is placed, not only when the code was entered."""
    noor = await people.customer()
    await customer_tags.add(noor.id, "press")
    browser = await goods.signed_in("noor@kiln.test")
    await enter(browser)
    page = await browser.get("/checkout")
    await customer_tags.remove(noor.id, "press")
    page = await browser.submit(page, "/checkout", **buy_products.TYPED)
    assert "PRESS10 isn’t available for your account." in page.words, page.words
    assert await database.fetch_value("SELECT count(*) FROM orders WHERE coupon > 0") == 0


async def test_an_archived_segment_goes_on_where_it_is_used(goods: Shop, segment: UUID) -> None:
    """Also when it is archived while the coupon is being limited to it."""
    noor = await people.customer()
    await customer_tags.add(noor.id, "press")
    (kept,) = await queries.all_coupons()
    details = CouponDetails(**{**GIVEN, "words": "changed"}, segment=segment)
    await asyncio.gather(segment_editing.archive(segment), editing.revise(kept.id, details))
    assert "PRESS10 has been applied" in (await enter(await goods.signed_in("noor@kiln.test"))).words
    await people.customer("theo@kiln.test")
    assert "isn’t available" in (await enter(await goods.signed_in("theo@kiln.test"))).words


async def test_rules_changed_meanwhile_count_at_once(goods: Shop, segment: UUID) -> None:
    noor = await people.customer()
    await customer_tags.add(noor.id, "press")
    browser = await goods.signed_in("noor@kiln.test")
    await enter(browser)
    await segment_editing.revise(segment, "Press", {"match": "none", "parts": PRESS["parts"]})
    assert "isn’t available for your account" in (await browser.get("/basket")).words


async def test_a_coupon_for_fees_has_no_segment(segment: UUID) -> None:
    with pytest.raises(CouponRefused) as refused:
        await editing.create(CouponDetails(**{**GIVEN, "code": "FEE10"}, for_fees=True, segment=segment))
    assert refused.value.field == "segment"


async def test_staff_choose_it_and_see_where_it_is_used(goods: Shop, segment: UUID) -> None:
    await people.staff(permissions=("products", "members"))
    sam = await goods.signed_in("sam@kiln.test")
    page = await sam.get(f"/staff/segments/{segment}")
    assert "Coupon: PRESS10" in page.words
    await segment_editing.archive(segment)
    (kept,) = await queries.all_coupons()
    page = await sam.get(f"/staff/coupons/{kept.id}")
    assert "Press (archived)" in page.words
    page = await sam.submit(page, page.path, words="still theirs")
    (kept,) = await queries.all_coupons()
    assert (kept.terms.segment, kept.coupon.words) == (segment, "still theirs")
    page = await sam.submit(await sam.get(f"/staff/coupons/{kept.id}"), f"/staff/coupons/{kept.id}", segment="")
    assert (await queries.all_coupons())[0].terms.segment is None
    page = await sam.post("/staff/coupons/new", {**NEW, "segment": str(segment)})
    assert page.status == 422, page.words


NEW = {"code": "OTHER", "words": "o", "discount_type": "percent", "percent": "10", "covers": "everything"}


async def test_the_list_says_whom_a_coupon_is_for(goods: Shop, segment: UUID) -> None:
    await editing.create(CouponDetails(**{**GIVEN, "code": "ALL10", "words": "for everybody"}))
    await people.owner()
    listed = (await (await goods.signed_in("iris@kiln.test")).get("/staff/coupons")).words
    assert listed.count("only for the segment “Press”") == 1, listed
