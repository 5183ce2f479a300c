"""A discount code on a fee that is paid together with an order: told line by line, and charged so."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database, json
from components.foundation.shop_settings import setting_rows
from components.memberships import invariants as membership_invariants
from components.memberships.discounts import discount_upkeep
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.orders import completion
from components.payments import invariants as payment_invariants
from components.pricing import invariants as coupon_invariants
from components.pricing.coupons import editing
from components.pricing.coupons.editing import CouponDetails
from tests.support import buy_products, join_members, make_plans, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import code, states, visits
from tests.web.shop.test_fee_codes_paid_once import INVOICES
from web.api.orders import order_json

MAYA = {**buy_products.TYPED, "email": join_members.MAYA}
FEE_PAID = """SELECT i.amount_paid - coalesce((SELECT s.along_amount FROM checkout_session s
  WHERE s.reference_id = i.local_id AND s.along IS NOT NULL AND i.reason = 'subscription_create' LIMIT 1), 0)
FROM mirrored_invoice i WHERE i.status = 'paid' ORDER BY i.created_at"""

FEE_INVOICES = "SELECT document FROM invoice WHERE subject = 'fee'"


@pytest.fixture
async def club(goods: Shop) -> Shop:
    await make_products.product(on_hand=20)
    await make_plans.club(price=500, interval="month")
    return goods


async def enters(browser: Browser, typed: str) -> Page:
    return await browser.submit(await browser.get("/basket"), "/basket/coupon", coupon=typed)


async def shopping(shop: Shop, typed: str = "", email: str = join_members.MAYA) -> Browser:
    """Somebody with a mug in the basket, and a code for a fee."""
    browser = await visits(shop, email)
    await buy_products.put_in(browser)
    if typed:
        page = await enters(browser, typed)
        assert page.status == 200, page.alerts()
    return browser


async def places(browser: Browser, **typed: Any) -> Page:
    return await browser.submit(await browser.get("/checkout?join=annual"), "/checkout", **{**MAYA, **typed})


async def pays(shop: Shop, browser: Browser, page: Page) -> Page:
    assert buy_products.is_pay_page(page), page.alerts()
    thanks = await browser.get((await shop.pay(page, "4242424242424242")).url)
    await shop.catch_up()
    return thanks


async def later(shop: Shop, days: int = 31) -> None:
    for hours in (days * 24, 2):
        clock.set_everywhere(clock.now() + timedelta(hours=hours))
        await shop.catch_up()
    await discount_upkeep.keep_promises()
    await shop.catch_up()


async def all_is_well() -> None:
    assert await buy_products.is_sound()
    for rules in (membership_invariants, payment_invariants, coupon_invariants):
        assert await rules.invariants() == []


TERMS: dict[str, tuple[dict[str, Any], list[int]]] = {
    "off one payment": ({"value": 2000}, [400, 500, 500]),
    "off N payments": ({"discount_type": "amount", "value": 150, "fee_payments": 2}, [350, 350, 500]),
    "off every payment": ({"value": 2000, "fee_payments": None}, [400, 400, 400]),
}


@pytest.mark.parametrize("terms", TERMS)
async def test_it_is_told_line_by_line_and_charged_as_told(club: Shop, terms: str) -> None:
    given, wanted = TERMS[terms]
    await code("SPRING", **given)
    maya = await shopping(club, "spring")
    first, off = f"£{wanted[0] / 100:.2f}", f"£{5 - wanted[0] / 100:.2f}"
    total = f"{21.6 + wanted[0] / 100:.2f}"
    page = await maya.get("/checkout?join=annual")
    assert f"Annual, £5.00 a month £5.00 Coupon SPRING −{off}" in page.words and total in page.prices(), page.words
    paying = await places(maya)
    assert total in paying.text
    thanks = await pays(club, maya, paying)
    assert f"Coupon SPRING −{off}" in thanks.words and total in thanks.prices()
    order = await buy_products.the_order()
    assert (order.total, order.joining_fee, order.joining_off, order.joining_code) == (
        2160, wanted[0], 500 - wanted[0], "SPRING",
    )  # fmt: skip
    assert order.is_paid and await states() == ["used"] and not order.is_flagged
    for _ in range(2):
        await later(club)
    assert await database.fetch_values(FEE_PAID) == wanted, first
    await all_is_well()


async def test_every_page_and_e_mail_names_what_it_takes_off(club: Shop) -> None:
    """Both kinds of code at once: one for the goods and one for the fee, by one field."""
    await setting_rows.change(INVOICES, by=None)
    await club.refresh()
    await code("SPRING", value=2000, fee_payments=2)
    await editing.create(CouponDetails(code="MUG", words="Off", discount_type="amount", value=160, stacks=True))
    maya = await shopping(club, "SPRING")
    basket = await maya.get("/basket")
    assert "SPRING Off your fee Taken off the membership fee when you join with this order." in basket.words
    assert "Join and pay" not in basket.words or "£25.60" in basket.words
    assert "Annual costs £5.00 a month With SPRING your first payment for it is £4.00" in basket.words, basket.words
    assert "What it costs is given without SPRING." in basket.words
    both = await enters(maya, "mug")
    assert "Coupon MUG −£1.60" in both.words and "Remove SPRING" in both.words and "Remove MUG" in both.words
    assert "Coupon code" not in both.words, "there is one for each"
    page = await maya.get("/checkout?join=annual")
    assert "The fee is £4.00 for each of your first 2 payments, the first of them today, then £5.00" in page.words
    assert "Coupon MUG −£1.60" in page.words and "Coupon SPRING −£1.00" in page.words and "24.00" in page.prices()
    assert "£4.00 today with SPRING." in page.words
    thanks = await pays(club, maya, await places(maya))
    assert "Coupon MUG −£1.60" in thanks.words and "Coupon SPRING −£1.00" in thanks.words
    (confirmed,) = await database.fetch_values("SELECT text FROM email WHERE template = 'order_confirmation'")
    assert "Annual, £5.00 a month: £5.00" in confirmed and "Coupon SPRING: −£1.00" in confirmed, confirmed
    assert "Paid: £24.00" in confirmed
    mine = (await maya.get("/account/membership")).words
    assert "£4.00 on" in mine, mine
    order = await buy_products.the_order()
    iris = await club.signed_in((await people.owner("iris@kiln.test")).email)
    for seen in (await iris.get(f"/staff/orders/{order.number}"), await iris.get(f"/staff/members/{order.person}")):
        assert "SPRING" in seen.words
    shown = (await iris.get(f"/staff/orders/{order.number}")).words
    assert "including £4.00 membership (£1.00 less with SPRING)" in shown
    told = order_json.order_json(order)
    assert (told.joining_code, told.joining_off.minor, told.joining_fee.minor) == ("SPRING", 100, 400)
    (document,) = [json.load(one) for one in await database.fetch_values(FEE_INVOICES)]
    (line,) = document["lines"]
    assert line["unit"] == 500 and [one["amount"] for one in line["reductions"]] == [100]
    assert sorted(await states()) == ["used", "used"]
    await all_is_well()


async def test_a_trial_takes_it_off_the_payments_after_it(club: Shop) -> None:
    await database.execute("UPDATE plan SET trial_days = 14")
    await club.refresh()
    await code("SPRING", value=2000)
    maya = await shopping(club, "SPRING")
    page = await maya.get("/checkout?join=annual")
    assert "Annual, 14 days free, then £4.00 with SPRING" in page.words and "21.60" in page.prices()
    assert "There is no fee for 14 days. Then it is £4.00 once, and £5.00 a month after that" in page.words
    assert "the first £4.00 is charged on 15 March 2027" in page.words and "£5.00 is charged" not in page.words
    thanks = await pays(club, maya, await places(maya))
    assert "then £4.00 (20% off your next payment; without it £5.00 a month)" in thanks.words
    assert await states() == ["used"]
    order = await buy_products.the_order()
    assert (order.joining_fee, order.joining_off, order.joining_code) == (0, 0, "SPRING")
    await later(club, 14)
    await later(club)
    assert await database.fetch_values("SELECT amount FROM paid_period ORDER BY starts_at") == [400, 500]
    await all_is_well()


async def test_nobody_pays_and_the_use_is_given_back(club: Shop) -> None:
    await code("LAST", limit_total=1)
    maya, noor = await shopping(club, "LAST"), await shopping(club, "LAST", "noor@kiln.test")
    assert buy_products.is_pay_page(await places(maya)) and await states() == ["reserved"]
    assert "Coupon LAST −£1.00" in (await maya.get("/checkout?join=annual")).words, "it is theirs"
    refused = await noor.get("/checkout?join=annual")
    assert "LAST has reached its usage limit." in refused.words and "Coupon LAST" not in refused.words
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await completion.expire_overdue()
    await club.catch_up()
    assert await states() == ["returned"] and (await buy_products.the_order()).state == "lapsed"
    assert buy_products.is_pay_page(await places(noor, email="noor@kiln.test"))
    assert sorted(await states()) == ["reserved", "returned"]
    await all_is_well()


@pytest.mark.parametrize("ended", ["withdrawn", "used up", "over"])
async def test_it_ends_between_the_page_and_the_payment(club: Shop, ended: str) -> None:
    until = clock.now() + timedelta(minutes=30)
    await code("SPRING", limit_total=5, until_at=until)
    maya = await shopping(club, "SPRING")
    page = await maya.get("/checkout?join=annual")
    (coupon_id,) = await database.fetch_values("SELECT id FROM coupon")
    if ended == "withdrawn":
        await editing.withdraw(coupon_id)
    elif ended == "used up":
        await database.execute("UPDATE coupon SET limit_total = 0")
    else:
        clock.set_everywhere(until + timedelta(minutes=1))
    sent = await maya.submit(page, "/checkout", **MAYA)
    said = {"withdrawn": "no longer available", "used up": "reached its usage limit", "over": "SPRING ended on"}[ended]
    assert sent.status == 422 and said in sent.words and "26.60" in sent.prices(), sent.alerts()
    assert await states() == [] and await buy_products.count("orders") == 0
    if ended == "used up":
        await database.execute("UPDATE coupon SET limit_total = 5")
    else:
        assert buy_products.is_pay_page(await maya.submit(sent, "/checkout", **MAYA)), "now it is agreed to without"
        assert (await buy_products.the_order()).joining_fee == 500


async def test_it_ends_while_the_payment_page_is_open_and_what_was_agreed_is_paid(club: Shop) -> None:
    await code("SPRING")
    maya = await shopping(club, "SPRING")
    paying = await places(maya)
    await editing.withdraw(await database.fetch_value("SELECT id FROM coupon"))
    await pays(club, maya, paying)
    assert await states() == ["used"] and await database.fetch_values(FEE_PAID) == [400]
    await all_is_well()


async def test_the_order_and_the_page_of_the_plan_race_for_the_last_use(club: Shop) -> None:
    await code("LAST", limit_total=1)
    maya, noor = await shopping(club, "LAST"), await visits(club, "noor@kiln.test")
    page, joining = await maya.get("/checkout?join=annual"), await noor.get("/join/annual?code=LAST")
    both = await asyncio.gather(
        maya.submit(page, "/checkout", **MAYA), noor.submit(joining, "/join/annual"),
    )  # fmt: skip
    assert sorted(buy_products.is_pay_page(one) for one in both) == [False, True] and await states() == ["reserved"]
    (refused,) = [one for one in both if not buy_products.is_pay_page(one)]
    assert refused.status == 422 and "LAST has reached its usage limit." in refused.words
    await all_is_well()


async def test_one_person_has_it_once_with_an_order_or_without(club: Shop) -> None:
    await code("ONCE", limit_each=1)
    maya = await shopping(club, "ONCE")
    paying = await places(maya)
    with_it = await maya.submit(await maya.get("/join/annual?code=ONCE"), "/join/annual")
    assert buy_products.is_pay_page(with_it) and sorted(await states()) == ["reserved", "returned"]
    assert (await club.pay(paying)).state == "declined", "the other page is the one now"
    again = await places(maya)
    assert buy_products.is_pay_page(again) and sorted(await states()) == ["reserved", "returned", "returned"]
    await pays(club, maya, again)
    assert sorted(await states()) == ["returned", "returned", "used"]
    assert await database.fetch_values(FEE_PAID) == [400]
    await all_is_well()


async def test_a_member_has_no_fee_and_a_gift_makes_one(club: Shop) -> None:
    await code("SPRING")
    maya = await shopping(club, "SPRING")
    person = await join_members.person()
    await complimentary.grant(person, plan_catalogue.by_slug("annual"), until=None, by=person)
    page = await maya.get("/checkout?join=annual")
    assert "SPRING is for a new membership, and you already have one." in page.words
    assert "Coupon SPRING" not in page.words and "21.60" in page.prices()
    refused = await enters(maya, "SPRING")
    assert refused.status == 422 and "you already have one" in refused.words
    removed = await maya.submit(await maya.get("/basket"), "/basket/coupon/fee/removal")
    assert "SPRING" not in removed.words.replace("The code has been removed.", "")


async def test_what_is_refused_says_why(club: Shop) -> None:
    await code("OTHER", fee_plans=("another",))
    await code("LATER", from_at=clock.now() + timedelta(days=3))
    await code("WHOLE", discount_type="amount", value=500)
    maya = await shopping(club)
    for typed, status, said in (
        ("OTHER", 422, "OTHER is for a membership that isn’t joined with an order. Enter it on the page of its plan."),
        ("LATER", 422, "starts on"),
        ("NOPE", 422, "don’t recognise"),
    ):
        page = await enters(maya, typed)
        assert page.status == status and said in page.words, page.words
    await enters(maya, "WHOLE")
    page = await maya.get("/checkout?join=annual")
    assert "This code can’t be used here." in page.words and "26.60" in page.prices()
