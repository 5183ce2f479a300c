"""A plan that is paid once, joined with an order: one page, one payment, and each has its own part of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database, ids, json
from components.foundation.shop_settings import setting_rows
from components.insights import invariants as insight_invariants
from components.ledger import credit
from components.memberships.billing.states import unpaid_joinings
from components.memberships.editing import plan_benefits
from components.memberships.grants import fixed_term, paid_once_refunds
from components.memberships.plans import plan_catalogue
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments import stripe_connection
from tests.support import buy_products, join_members, make_products, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop
from tests.web.shop import test_fee_codes_with_orders as with_orders
from tests.web.shop.test_fee_codes import states
from tests.web.shop.test_fee_codes_paid_once import INVOICES, once, term
from tests.web.shop.test_fee_codes_with_orders import MAYA, club, pays, shopping
from tests.web.shop.test_pages_of_terms import dear, held_plans, places_held

__all__ = ["club"]

CHECKOUT = "/checkout?join=once"
PAGES = """SELECT concat_ws(' ', purpose, status, amount, along_amount) FROM checkout_session
  ORDER BY created_at, attempt"""


async def term_club(*, interval: str = "month", count: int = 6) -> None:
    """Once, for £20.00, with 10% off and free delivery."""
    await once(interval=interval, count=count)
    for position, one in enumerate(plan_catalogue.by_slug("annual").benefits[:2]):
        await plan_benefits.attach(plan_catalogue.by_slug("once").id, one.id, by=None, position=position)


async def places(browser: Browser, address: str = CHECKOUT, **typed: Any) -> Page:
    return await browser.submit(await browser.get(address), "/checkout", **{**MAYA, **typed})


async def all_is_well() -> None:
    await with_orders.all_is_well()
    assert await insight_invariants.invariants() == []


@pytest.mark.parametrize("kind", [("month", 6), ("life", 1)])
async def test_it_is_told_charged_and_begun_as_one(club: Shop, kind: tuple[str, int]) -> None:
    await setting_rows.change(INVOICES, by=None)
    await club.refresh()
    await term_club(interval=kind[0], count=kind[1])
    maya = await shopping(club)
    shown = await maya.get(CHECKOUT)
    assert "41.60" in shown.prices(), shown.words
    assert "It doesn’t renew" in shown.words and "renews until you cancel" not in shown.words
    paying = await places(maya)
    assert "41.60" in paying.text
    thanks = await pays(club, maya, paying)
    assert "You’re now a member: Once was paid for with this order." in thanks.words
    assert await database.fetch_values(PAGES) == ["term complete 4160 2160"]
    order = await buy_products.the_order()
    assert (order.total, order.joining_fee, order.joins) == (2160, 2000, None) and order.joins_term
    assert order.is_paid and not order.is_flagged
    assert await held_plans() == ["once"] and (await term())["net_amount"] == 1667
    assert "Once" in (await maya.get("/account/membership")).words
    begun, confirmed = [await people.letter(kind) for kind in ("membership_started", "order_confirmation")]
    assert "£20.00" in begun and "41.60" not in begun
    assert "Paid: £41.60" in confirmed and ": £20.00" in confirmed
    documents = [json.load(one) for one in await database.fetch_values("SELECT document FROM invoice ORDER BY subject")]
    assert sorted(sum(each["amount"] for each in one["payments"]) for one in documents) == [2000, 2160]
    await all_is_well()


async def test_a_code_is_off_the_fee_alone(club: Shop) -> None:
    await term_club()
    await with_orders.code("SPRING", fee_plans=("once",), value=2000)
    maya = await shopping(club, "SPRING")
    assert "Taken off the membership fee when you join with this order." in (await maya.get("/basket")).words
    shown = await maya.get(CHECKOUT)
    assert "Coupon SPRING −£4.00" in shown.words and "37.60" in shown.prices()
    assert "You pay £16.00 once, for 6 months." in shown.words
    await pays(club, maya, await places(maya))
    assert await database.fetch_values(PAGES) == ["term complete 3760 2160"] and await states() == ["used"]
    assert (await term())["off"] == 400
    assert "SPRING" not in (await maya.get("/basket")).words
    await all_is_well()


async def test_a_code_that_names_no_plan_is_for_those_that_renew(club: Shop) -> None:
    await term_club()
    await with_orders.code("SPRING", value=2000)
    maya = await shopping(club, "SPRING")
    shown = await maya.get(CHECKOUT)
    assert "SPRING is for memberships that renew." in shown.words and "41.60" in shown.prices()


async def test_fee_and_goods_are_refunded_each_by_itself(club: Shop) -> None:
    """A part and the rest of either, and neither touches the other."""
    await term_club()
    maya = await shopping(club)
    await pays(club, maya, await places(maya))
    staff, order = (await people.owner()).id, await buy_products.the_order()
    assert order.joins_term
    for amount in (500, 1500):
        await paid_once_refunds.create(order.joins_term, amount, by=staff, key=ids.new())
        await club.catch_up()
    for amount in (1000, 1160):
        await refunds.create(order.id, RefundRequest(amount=amount, reason=""), by=staff, key=ids.new())
        await club.catch_up()
    assert (await paid_once_refunds.left(order.joins_term)).amount == 0
    order = await buy_products.the_order()
    assert order.refunded == 2160
    assert await database.fetch_value("SELECT sum(amount) FROM mirrored_refund WHERE status = 'succeeded'") == 4160
    assert "Membership fee refunded" in (await maya.get(f"/orders/{order.token}")).words
    await all_is_well()


async def test_the_code_is_there_again_when_nobody_pays(club: Shop) -> None:
    await term_club()
    await with_orders.code("LAST", fee_plans=("once",), limit_total=1)
    maya = await shopping(club, "LAST")
    await places(maya)
    assert await states() == ["reserved"]
    clock.set_everywhere(clock.now() + timedelta(days=2))
    await club.catch_up()
    assert await states() == ["returned"] and await fixed_term.pending((await term())["payer"]) is None
    await all_is_well()


async def test_the_code_is_there_again_where_there_never_was_a_page(club: Shop) -> None:
    await term_club()
    await with_orders.code("LAST", fee_plans=("once",), limit_total=1)
    maya = await shopping(club, "LAST")
    shown = await maya.get(CHECKOUT)
    club.stand_in.fault("unavailable", times=stripe_connection.RETRIES + 1)
    assert (await maya.submit(shown, "/checkout", **MAYA)).status == 503
    clock.set_everywhere(clock.now() + timedelta(hours=2))
    await unpaid_joinings.give_back()
    await with_orders.completion.expire_overdue()
    await club.catch_up()
    assert await states() == ["returned"] and await fixed_term.pending((await term())["payer"]) is None


async def test_a_changed_basket_is_another_order_and_keeps_the_code(club: Shop) -> None:
    await term_club()
    await with_orders.code("LAST", fee_plans=("once",), limit_total=1)
    maya = await shopping(club, "LAST")
    await places(maya)
    await buy_products.put_in(maya)
    page = await places(maya)
    await club.catch_up()
    assert await states() == ["reserved"] or (await states())[-1] == "reserved", await states()
    await pays(club, maya, page)
    assert await held_plans() == ["once"] and (await states())[-1] == "used"
    await all_is_well()


async def test_the_end_of_an_earlier_page_leaves_a_later_order_its_code(club: Shop) -> None:
    """The worker hears of it after the new order was placed and before its page was opened."""
    await term_club()
    await with_orders.code("LAST", fee_plans=("once",), limit_total=1)
    maya = await shopping(club, "LAST")
    await places(maya)
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    await database.execute("UPDATE paid_term SET ordered_at = $1", clock.now())
    await database.execute("UPDATE checkout_session SET status = 'expired'")
    await fixed_term.expire((await term())["id"])
    assert await states() == ["reserved"] and (await term())["lapsed_at"] is None
    await database.execute("UPDATE paid_term SET ordered_at = NULL")
    await fixed_term.expire((await term())["id"])
    assert await states() == ["returned"] and (await term())["lapsed_at"]


async def test_two_tabs_the_page_of_the_plan_and_the_order(club: Shop) -> None:
    """The page that was opened last is the one that can be paid; who has paid on the plan's is told at the checkout."""
    await term_club()
    maya = await shopping(club)
    await places(maya)
    shown = await maya.get(CHECKOUT)
    alone = await maya.submit(await maya.get("/join/once"), "/join/once")
    await club.pay(alone, "4242424242424242")
    again = await maya.submit(shown, "/checkout", **MAYA)
    assert again.status == 409 and "already have an active membership" in again.words, again.words
    await club.catch_up()
    assert await held_plans() == ["once"]
    assert await database.fetch_values("SELECT number FROM orders WHERE paid_at IS NOT NULL") == []
    await all_is_well()


async def test_another_plan_is_another_order_and_place(club: Shop) -> None:
    await term_club()
    await dear()
    await database.execute("UPDATE plan SET places = 5")
    await club.refresh()
    maya = await shopping(club)
    await places(maya)
    page = await places(maya, "/checkout?join=dear")
    await club.catch_up()
    assert await places_held() == ["dear"]
    await pays(club, maya, page)
    assert await held_plans() == ["dear"] and await database.fetch_values("SELECT net_amount FROM paid_term") == [41667]
    await all_is_well()


async def test_from_a_plan_that_renews_to_one_paid_once_and_back(club: Shop) -> None:
    await term_club()
    maya = await shopping(club)
    for plan in ("annual", "once", "annual"):
        page = await places(maya, f"/checkout?join={plan}")
        await club.catch_up()
    await pays(club, maya, page)
    assert await held_plans() == ["annual"]
    assert await database.fetch_values("SELECT purpose FROM checkout_session WHERE paid_at IS NOT NULL") == ["joining"]
    await all_is_well()


async def test_store_credit_pays_for_the_goods_and_never_for_the_fee(club: Shop) -> None:
    await term_club()
    maya = await shopping(club)
    person = await database.fetch_value("SELECT id FROM person WHERE email = $1", join_members.MAYA)
    await credit.grant(person, 5000, cause="goodwill", words="Sorry", expires_at=None)
    shown = await maya.get(CHECKOUT)
    paying = await maya.submit(shown, "/checkout", **MAYA)
    await pays(club, maya, paying)
    assert await database.fetch_values(PAGES) == ["term complete 2000 0"]
    order = await buy_products.the_order()
    assert order.is_paid and order.credit == 2160
    await all_is_well()


async def test_the_last_one_goes_to_one_of_two(club: Shop) -> None:
    await term_club()
    await database.execute("UPDATE variant SET on_hand = 1")
    both = [await shopping(club, email=f"{name}@kiln.test") for name in ("maya", "noor")]
    shown = [await each.get(CHECKOUT) for each in both]
    typed = [{**MAYA, "email": f"{name}@kiln.test"} for name in ("maya", "noor")]
    sent = await asyncio.gather(
        *(one.submit(page, "/checkout", **each) for one, page, each in zip(both, shown, typed, strict=True))
    )
    assert sorted(buy_products.is_pay_page(page) for page in sent) == [False, True]
    assert await database.fetch_value("SELECT count(*) FROM paid_term") == 1


async def test_where_only_plans_paid_once_are_offered_a_code_that_names_none_is_refused(goods: Shop) -> None:
    await make_products.product(on_hand=20)
    await once()
    await with_orders.code("SPRING", fee_plans=(), value=2000)
    maya = await shopping(goods)
    refused = await with_orders.enters(maya, "SPRING")
    assert refused.status == 422 and "SPRING is for a membership that isn’t joined with an order." in refused.words
