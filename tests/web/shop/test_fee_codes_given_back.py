"""A code on a fee that was paid with an order, and what comes after: refunds, guests, trials not had, outages."""

from datetime import timedelta

import pytest

from components.foundation import clock, database, ids
from components.memberships.billing import fee_refunds
from components.orders.refunds import refund_requests, refunds
from components.pricing.coupons import editing
from tests.support import buy_products, join_members, people
from tests.support.shops import Shop
from tests.web.shop.test_fee_codes import code, states
from tests.web.shop.test_fee_codes_with_orders import FEE_PAID, MAYA, all_is_well, club, later, pays, places, shopping

__all__ = ["club"]
CARD = "4242424242424242"


async def test_goods_and_fee_give_back_what_was_paid_for_each(club: Shop) -> None:
    await code("SPRING", value=2000)
    maya = await shopping(club, "SPRING")
    await pays(club, maya, await places(maya))
    order, by = await buy_products.the_order(), (await people.owner()).id
    await refunds.create(order.id, refund_requests.whole_order(order, restocks=True), by=None, key=order.id)
    await club.catch_up()
    assert (await buy_products.the_order()).refunded == 2160
    subscription = (await join_members.subscription())["id"]
    invoice = await database.fetch_value("SELECT stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    paid = await fee_refunds.payment(subscription, invoice)  # type: ignore[arg-type]
    assert paid.left.amount == 400
    await fee_refunds.create(subscription, invoice, 400, reason="Sorry", ends_now=False, by=by, key=ids.new())  # type: ignore[arg-type]
    await club.catch_up()
    assert sorted(await database.fetch_values("SELECT amount FROM mirrored_refund")) == [400, 2160]
    assert await states() == ["used"], "a refund gives no use back"
    await all_is_well()


async def test_a_guest_joins_with_it_once_the_e_mail_is_known_to_be_theirs(club: Shop) -> None:
    """Limited for each person, it is looked at when it is known who they are."""
    await code("EACH", limit_each=1)
    guest = club.browser()
    await buy_products.put_in(guest)
    kept = await guest.submit(await guest.get("/basket"), "/basket/coupon", coupon="EACH")
    assert kept.status == 200 and "EACH is limited for each person. Sign in" in kept.words
    page = await guest.get("/checkout?join=annual")
    assert "Coupon EACH" not in page.words and "26.60" in page.prices()
    asked = await guest.submit(page, "/checkout", **{**buy_products.TYPED, "email": "maya@example.org"})
    again = await people.enters_code(club, guest, asked)
    assert "Coupon EACH −£1.00" in again.words and "25.60" in again.prices()
    await pays(club, guest, await guest.submit(again, "/checkout"))
    assert await states() == ["used"] and await database.fetch_values(FEE_PAID) == [400]
    await all_is_well()


async def test_with_a_trial_too_it_is_said_when_it_has_ended_since_the_page(club: Shop) -> None:
    """The fee paid now is nothing with it and without: what follows differs all the same."""
    await database.execute("UPDATE plan SET trial_days = 14")
    await club.refresh()
    await code("SPRING", value=2000)
    maya = await shopping(club, "SPRING")
    page = await maya.get("/checkout?join=annual")
    await editing.withdraw(await database.fetch_value("SELECT id FROM coupon"))
    sent = await maya.submit(page, "/checkout", **MAYA)
    assert sent.status == 422 and "SPRING is no longer available." in sent.words
    assert "the first £5.00 is charged on" in sent.words and await buy_products.count("orders") == 0


async def test_a_second_trial_that_is_not_had_gives_it_back(club: Shop) -> None:
    await database.execute("UPDATE plan SET trial_days = 14")
    await club.refresh()
    await code("SPRING", value=2000)
    for email in (join_members.MAYA, "noor@kiln.test"):
        browser = await shopping(club, "SPRING", email)
        await pays(club, browser, await places(browser, email=email))
    assert sorted(await states()) == ["returned", "used"], "one card, one trial"
    assert await buy_products.count("orders", "paid_at IS NOT NULL") == 2
    await all_is_well()


async def test_paid_after_all_when_the_order_had_expired_here(club: Shop) -> None:
    await code("LAST", value=2000, limit_total=1)
    maya = await shopping(club, "LAST")
    page = await places(maya)
    await club.pay(page, CARD)  # nobody has told the shop yet
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await database.execute("UPDATE fee_discount SET ended_at = now(), why_ended = 'not paid'")
    await database.execute("UPDATE coupon_use SET state = 'returned'")
    await database.execute("UPDATE coupon SET used = 0")
    await club.catch_up()
    await later(club, 1)
    assert await states() == ["used"] and (await buy_products.the_order()).is_paid
    await all_is_well()


@pytest.mark.parametrize("payments", [2, None])
async def test_stripe_is_told_of_the_rest_later_where_it_could_not_be_at_once(club: Shop, payments: int | None) -> None:
    await code("SPRING", value=2000, fee_payments=payments)
    maya = await shopping(club, "SPRING")
    await pays(club, maya, await places(maya))
    row = await database.fetch_one("SELECT rest_waits, turn, begun_at FROM fee_discount")
    assert row is not None and not row["rest_waits"] and row["turn"] == 1 and row["begun_at"]
    await database.execute("UPDATE fee_discount SET rest_waits = true")
    await later(club, 1)
    assert not await database.fetch_value("SELECT rest_waits FROM fee_discount"), "asked again, it is there already"
    await later(club, 31)
    assert await database.fetch_values(FEE_PAID) == [400, 400]
    await all_is_well()
