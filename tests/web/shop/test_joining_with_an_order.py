"""Joining in the basket: the first order is at member prices already, and both are paid in one payment."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.orders import completion, queries
from components.orders.refunds import refund_requests, refunds
from components.payments import invariants
from tests.support import buy_products, give_benefits, join_members, make_plans, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

CARD, OTHER_CARD = "4242424242424242", "4000002500003155"
TOTAL = 2160 + 3900
"""Two a tenth off, delivered for nothing, and a year's fee: in pence."""


@pytest.fixture
async def club(goods: Shop) -> Shop:
    await make_products.product(on_hand=20)
    await make_plans.club()
    return goods


async def joins(shop: Shop, browser: Browser, **typed: str) -> Page:
    """Choose the plan in the checkout, look at the new total, and go on to the payment."""
    page = await browser.get("/checkout?join=annual")
    wanted = {**buy_products.TYPED, "email": "maya@example.org", **typed}
    asked = await browser.submit(page, "/checkout", **wanted)
    if asked.path != "/sign-in/code":
        return asked
    again = await people.enters_code(shop, browser, asked)
    assert again.path == "/checkout?join=annual", again.path
    return await browser.submit(again, "/checkout")


def declined(outcome: Any) -> bool:
    return bool(outcome.state == "declined")


async def is_sound() -> bool:
    assert await invariants.invariants() == []
    return await buy_products.is_sound()


async def test_a_guest_joins_and_has_member_prices_in_one_payment(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    plain = await guest.get("/checkout")
    assert "£39.00 a year. You save £6.35 on this order. This order alone won’t cover the fee." in plain.words
    page = await guest.get("/checkout?join=annual")
    assert "60.60" in page.prices() and "Annual, £39.00 a year" in page.words
    checkout_session = await joins(club, guest)
    assert buy_products.is_pay_page(checkout_session), checkout_session.alerts()
    assert "60.60" in checkout_session.text
    thanks = await guest.get((await club.pay(checkout_session)).url)
    assert thanks.status == 200 and "60.60" in thanks.prices()
    assert "As a new member: Annual" in thanks.words
    assert "Welcome to the Kiln Club" in thanks.words and "You’re now a member: Annual" in thanks.words
    order = await buy_products.the_order()
    assert (order.total, order.joining_fee, order.charged) == (2160, 3900, TOTAL) and order.is_paid
    kept = await queries.by_id(order.id)
    assert kept is not None and [(row.rate_bp, row.amount, row.of_fee) for row in kept.taxes] == [
        (2000, 360, False), (2000, 650, True),
    ]  # fmt: skip
    assert "Including VAT (20%) in the fee" in thanks.words
    assert (await guest.get("/account/membership")).status == 200
    assert (await guest.get("/products/moon-mug")).prices()[0] == "21.60"
    await club.catch_up()
    assert await database.fetch_value("SELECT amount FROM paid_period") == 3900
    letter = await database.fetch_one("SELECT text FROM email WHERE template = 'order_confirmation'")
    assert letter and "Annual, £39.00 a year: £39.00" in letter["text"] and "Paid: £60.60" in letter["text"]
    assert await database.fetch_value("SELECT sum(received) FROM mirrored_payment") == TOTAL
    assert await database.fetch_value("SELECT count(*) FROM checkout_session") == 1
    assert (
        await database.fetch_value("SELECT sum(regular - paid) FROM benefit_use WHERE person = $1", order.person) == 635
    )
    assert await is_sound()


async def test_staff_and_shopper_read_the_same_total_everywhere(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    await guest.get((await club.pay(await joins(club, guest))).url)
    order = await buy_products.the_order()
    await people.owner()
    iris = await club.signed_in("iris@kiln.test")
    for address in ("/staff/orders", f"/staff/orders/{order.number}", "/staff/payments"):
        page = await iris.get(address)
        assert "£60.60" in page.words and "including £39.00 membership" in page.words, address
    assert "Paid £60.60, including £39.00 membership" in (await iris.get(f"/staff/orders/{order.number}")).words
    mine = await guest.get("/account/orders")
    assert "£60.60" in mine.words and "including £39.00 membership" in mine.words


async def test_the_webhook_alone_settles_both(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    await club.pay(await joins(club, guest))
    await club.catch_up()
    assert (await buy_products.the_order()).is_paid
    assert (await join_members.subscription())["status"] == "active"
    assert await buy_products.count("membership") == 1 and await is_sound()


async def test_without_script_another_choice_is_shown_before_it_is_paid(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    page = await guest.submit(await guest.get("/checkout"), "/checkout", **{**buy_products.TYPED, "join": "annual"})
    assert page.status == 422 and "Please check the new total before you pay" in page.words and "60.60" in page.prices()
    assert await buy_products.count("orders") == 0
    asked = await guest.submit(page, "/checkout", **{**buy_products.TYPED, "email": "maya@example.org"})
    again = await guest.submit(await people.enters_code(club, guest, asked), "/checkout")
    assert buy_products.is_pay_page(again) and "60.60" in again.text


async def test_member_prices_are_for_whoever_really_joins(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout?join=annual")
    seen = page.form("/checkout").given
    answer = await guest.post("/checkout", {**seen, **buy_products.TYPED, "join": "", "shown_join": ""})
    assert answer.status == 409 and await buy_products.count("orders") == 0


async def test_whoever_the_e_mail_belongs_to_is_asked_for_its_code_and_finds_the_form_as_it_was(club: Shop) -> None:
    maya = await people.customer("maya@kiln.test")
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    guest = club.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout?join=annual")
    asked = await guest.submit(page, "/checkout", **{**buy_products.TYPED, "email": "maya@kiln.test"})
    assert asked.path == "/sign-in/code" and "We've sent an e-mail to maya@kiln.test" in asked.words
    assert await buy_products.count("orders") == 0 and await buy_products.count("subscription") == 0
    again = await people.enters_code(club, guest, asked)
    assert "You already have an account with maya@kiln.test" in again.alerts()
    given = again.form("/checkout").given
    assert {name: given[name] for name in ("line1", "city", "postcode", "join")} == {
        "line1": "4 Mill Lane", "city": "Leeds", "postcode": "LS1 4AB", "join": "annual"
    }  # fmt: skip
    paying = await guest.submit(again, "/checkout")
    assert buy_products.is_pay_page(paying) and (await buy_products.the_order()).person == maya.id
    assert await buy_products.count("person") == 1 and await is_sound()


async def test_a_double_click_makes_one_account_one_order_and_one_page(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout?join=annual")
    asked = await guest.submit(page, "/checkout", **{**buy_products.TYPED, "email": "maya@example.org"})
    given = (await people.enters_code(club, guest, asked)).form("/checkout").given
    answers = await asyncio.gather(*(guest.post("/checkout", given) for _ in range(4)))
    assert len({answer.path for answer in answers}) == 1 and buy_products.is_pay_page(answers[0])
    assert [await buy_products.count(table) for table in ("person", "orders", "subscription")] == [1, 1, 1]
    await club.pay(answers[0])
    await club.catch_up()
    assert (await buy_products.the_order()).is_paid and await is_sound()


async def test_a_declined_card_and_then_a_good_one(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    checkout_session = await joins(club, guest)
    assert declined(await club.pay(checkout_session, card="4000000000000002"))
    await club.catch_up()
    assert not (await buy_products.the_order()).is_paid and await buy_products.count("membership") == 0
    assert not declined(await club.pay(checkout_session))
    await club.catch_up()
    assert (await buy_products.the_order()).is_paid and await buy_products.count("membership") == 1
    assert await database.fetch_value("SELECT sum(received) FROM mirrored_payment") == TOTAL
    assert await is_sound()


async def test_left_alone_both_lapse(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    await joins(club, guest)
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    await completion.expire_overdue()
    await club.catch_up()
    order = await buy_products.the_order()
    assert order.state == "lapsed" and (await join_members.subscription())["status"] == "lapsed"
    assert await buy_products.count("membership") == 0 and await is_sound()


async def test_goods_given_back_leave_the_membership(club: Shop) -> None:
    guest = club.browser()
    await buy_products.put_in(guest)
    await club.pay(await joins(club, guest))
    await club.catch_up()
    order = await buy_products.the_order()
    await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=None, key=order.id)
    await club.catch_up()
    order = await buy_products.the_order()
    assert order.state == "refunded" and order.refunded == 2160
    assert await database.fetch_value("SELECT sum(amount) FROM mirrored_refund") == 2160
    assert (await join_members.subscription())["status"] == "active"
    assert await is_sound()


async def test_who_joined_elsewhere_meanwhile_pays_no_second_fee(club: Shop) -> None:
    await people.customer("maya@kiln.test")
    maya = await club.signed_in("maya@kiln.test")
    await buy_products.put_in(maya)
    await maya.get("/checkout?join=annual")
    with_goods = await joins(club, maya, email="maya@kiln.test")
    alone = await maya.post("/join/annual", {})
    assert declined(await club.pay(with_goods))
    assert not declined(await club.pay(alone))
    await club.catch_up()
    assert await buy_products.count("membership") == 1 and not (await buy_products.the_order()).is_paid
    page = await maya.get("/checkout?join=annual")
    assert "Join with this order" not in page.words and "21.60" in page.prices()
    assert await database.fetch_value("SELECT sum(received) FROM mirrored_payment") == 3900
    assert await is_sound()


async def test_a_member_is_not_asked_to_join(goods: Shop) -> None:
    await make_products.product()
    maya = await buy_products.member(goods)
    await buy_products.put_in(maya)
    page = await maya.get("/checkout?join=annual")
    assert "Join with this order" not in page.words
    answer = await maya.submit(page, "/checkout", **buy_products.TYPED)
    assert "60.60" not in answer.text


async def tried(days: int = 14) -> None:
    """The plan may be tried first."""
    plan = plan_catalogue.by_slug("annual")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=days, trial_ends="card"), by=None)


async def begun_elsewhere(shop: Shop, email: str = "first@kiln.test", card: str = CARD) -> None:
    """Somebody has had the trial by herself, with this card."""
    await join_members.joins(shop, plan_catalogue.by_slug("annual"), email=email, card=card)


async def test_a_trial_begins_with_the_order_and_is_paid_for_when_it_is_over(club: Shop, at: datetime) -> None:
    await tried()
    guest = club.browser()
    await buy_products.put_in(guest)
    basket = await guest.get("/basket")
    assert "Try it: Annual is free for 14 days, and this basket alone saves £6.35." in basket.words
    assert "Join and pay £21.60 now" in basket.words
    page = await guest.get("/checkout?join=annual")
    assert "14 days free, then £39.00 a year. You save £6.35 on this order." in page.words
    assert "You pay nothing for Annual today." in page.words and "charged on 15 March 2027" in page.words
    checkout_session = await joins(club, guest)
    assert (
        buy_products.is_pay_page(checkout_session)
        and "21.60" in checkout_session.text
        and "60.60" not in checkout_session.text
    )
    thanks = await guest.get((await club.pay(checkout_session)).url)
    assert "Annual, 14 days free, then £39.00 a year £0.00" in thanks.words
    assert "Your trial of Annual is free until 15 March 2027" in thanks.words
    assert "The first 14 days are free." in (await guest.get(f"{thanks.path.split('?')[0]}/lines/1/why")).words
    order = await buy_products.the_order()
    assert (order.total, order.joining_fee, order.charged) == (2160, 0, 2160) and order.is_paid
    assert (await join_members.subscription())["status"] == "trialing"
    assert (await guest.get("/products/moon-mug")).prices()[0] == "21.60"
    await club.catch_up()
    assert await buy_products.count("paid_period") == 0 and await is_sound()
    letters = {row["template"]: row["text"] for row in await database.fetch("SELECT template, text FROM email")}
    assert "14 days free, then £39.00 a year: £0.00" in letters["order_confirmation"]
    assert "charged to your card" in letters["trial_started"]
    await join_members.until(club, at + timedelta(days=14, hours=2))
    assert await database.fetch("SELECT amount FROM paid_period") == [{"amount": 3900}]
    assert await database.fetch_value("SELECT sum(received) FROM mirrored_payment") == TOTAL
    assert "is free until" not in (await guest.get(f"/orders/{order.token}")).words
    assert await is_sound()


async def test_cancelled_in_the_trial_the_order_keeps_its_prices(club: Shop, at: datetime) -> None:
    await tried()
    guest = club.browser()
    await buy_products.put_in(guest)
    await guest.get((await club.pay(await joins(club, guest))).url)
    await club.catch_up()
    await guest.submit(await guest.get("/account/membership/cancellation"), "/account/membership/cancellation")
    await club.catch_up()
    order = await buy_products.the_order()
    said = await guest.get(f"/account/orders/{order.number}")
    assert "is cancelled: it ends on 15 March 2027, and this order’s price does not change" in said.words
    await join_members.until(club, at + timedelta(days=14, hours=2))
    assert (await join_members.subscription())["status"] == "cancelled"
    assert await database.fetch_value("SELECT sum(received) FROM mirrored_payment") == 2160
    order = await buy_products.the_order()
    assert (order.total, order.member_savings, order.state) == (2160, 635, "paid") and not order.is_flagged
    assert await is_sound()


async def test_whose_mailbox_has_had_one_is_told_once_it_is_known_to_be_theirs_and_before_paying(club: Shop) -> None:
    """Typed by a guest it may be anybody's: until the code is typed the page is that of everybody."""
    await tried()
    await begun_elsewhere(club, "maya@kiln.test")
    guest = club.browser()
    await buy_products.put_in(guest)
    page = await guest.get("/checkout?join=annual")
    asked = await guest.submit(page, "/checkout", **{**buy_products.TYPED, "email": "maya+again@kiln.test"})
    assert "trial" not in asked.words
    again = await people.enters_code(club, guest, asked)
    assert "You have already had a trial, so the fee is due now" in again.words and "60.60" in again.prices()
    await guest.get((await club.pay(await guest.submit(again, "/checkout"), card=OTHER_CARD)).url)
    await club.catch_up()
    order = await buy_products.the_order()
    assert order.is_paid and order.charged == TOTAL and not order.is_flagged
    assert await buy_products.count("paid_period") == 1 and await is_sound()


@pytest.mark.parametrize("comes_back", [True, False])
async def test_a_card_that_has_had_one_begins_no_membership_and_the_order_stands(club: Shop, comes_back: bool) -> None:
    await tried()
    await begun_elsewhere(club)
    guest = club.browser()
    await buy_products.put_in(guest)
    outcome = await club.pay(await joins(club, guest))
    if comes_back:
        assert "this card or e-mail has already had one" in (await guest.get(outcome.url)).words
    await club.catch_up()
    order = await buy_products.the_order()
    assert order.is_paid and (order.total, order.refunded) == (2160, 0)
    assert "has already had a trial" in order.flag and "keeps its agreed prices" in order.flag
    assert "this card or e-mail has already had one" in (await guest.get(f"/orders/{order.token}")).words
    assert (await guest.get("/products/moon-mug")).prices()[0] == "24.00"
    assert await database.fetch_value("SELECT sum(received) FROM mirrored_payment") == 2160
    letter = await database.fetch_value("SELECT text FROM email WHERE template = 'trial_refused'")
    assert f"Your order {order.number} is not affected: you keep the prices you paid." in letter
    assert await is_sound()


async def test_a_trial_with_nothing_to_pay_still_asks_for_the_card(club: Shop) -> None:
    await tried()
    person = await people.customer("maya@kiln.test", name="Maya")
    await give_benefits.credit(person.id, 10_000)
    maya = await club.signed_in("maya@kiln.test")
    await buy_products.put_in(maya)
    checkout_session = await joins(club, maya, email="maya@kiln.test")
    await completion.complete((await buy_products.the_order()).id)
    assert buy_products.is_pay_page(checkout_session) and not (await buy_products.the_order()).is_paid
    await maya.get((await club.pay(checkout_session)).url)
    await club.catch_up()
    assert (await buy_products.the_order()).is_paid and (await join_members.subscription())["status"] == "trialing"
    assert await is_sound()


async def test_an_order_of_many_pieces_is_one_line_beside_the_plan(club: Shop) -> None:
    guest = club.browser()
    for number in range(21):
        await make_products.product(f"Cup {number}", price=500)
        await buy_products.put_in(guest, f"cup-{number}")
    checkout_session = await joins(club, guest)
    assert buy_products.is_pay_page(checkout_session), checkout_session.alerts()
    await guest.get((await club.pay(checkout_session)).url)
    assert (await buy_products.the_order()).is_paid and await is_sound()


@pytest.mark.parametrize("card", ["4000000000000259", "4000000000005423"])
async def test_staff_are_told_of_both_when_their_one_payment_is_disputed_or_may_be_fraudulent(
    club: Shop, card: str
) -> None:
    await people.owner("iris@kiln.test")
    browser = club.browser()
    await buy_products.put_in(browser)
    outcome = await club.pay(await joins(club, browser), card)
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await club.catch_up()
    number = await database.fetch_value("SELECT number FROM orders")
    (told,) = await database.fetch_values("SELECT text FROM email WHERE template IN ('dispute', 'fraud_warning')")
    assert f"for order {number} and Annual of " in told
    assert ("Don't ship it until you have decided." in told) is (card == "4000000000005423")
