"""Scenario 49: what a lost dispute does by itself, by the shop's setting: to fees, gifts, orders and cashback."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock, database, ids
from components.foundation.money import Money
from components.foundation.refusals import NotFound
from components.foundation.shop_settings import setting_rows
from components.ledger import balances, invariants
from components.memberships.billing import fee_disputes, fee_refunds
from components.memberships.editing import plans
from components.memberships.grants import paid_once_refunds
from components.memberships.plans import plan_catalogue
from components.orders.refunds import refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.payments import disputes, payment_refunds
from components.payments.billing_requests import request_completion
from components.payments.disputes import WORDS
from components.payments.facts import DisputeMirrored
from tests.scenarios.conftest import HOME, Kiln, session_of
from tests.scenarios.test_38_gift_refunds import with_one_gift
from tests.scenarios.test_48_fee_refunds import iris
from tests.scenarios.test_49_disputes import DISPUTED, decided, disputed_fee, disputed_order, is_member
from tests.support import buy_products, fill_basket, give_benefits, join_members, make_products, patience, people
from tests.support.shops import Shop
from web.standin.charging import disputes as bank

NO_REFUND = {"needs_response", "under_review", "lost"}
SENTENCES = {
    "ask": "Please decide what follows.",
    "keep": "Nothing else changes, as your settings say.",
    "end": "The membership ends now, as your settings say.",
}


async def told() -> str:
    """The e-mail to staff about the loss."""
    sql = "SELECT text FROM email WHERE template = 'dispute' AND key LIKE '%:lost:%'"
    return " ".join(str(await database.fetch_value(sql)).split())


@pytest.mark.parametrize("setting", ["ask", "keep", "end"])
async def test_49_a_lost_fee_follows_the_setting_and_the_email_says_what_happened(kiln: Kiln, setting: str) -> None:
    staff = await iris(kiln)
    form = await staff.get("/staff/settings/disputes")
    assert (await staff.submit(form, "/staff/settings/disputes", dispute_lost=setting)).status == 200
    await disputed_fee(kiln)
    await decided(kiln, "lost")
    assert await is_member() is (setting != "end") and SENTENCES[setting] in await told()
    assert ("to decide on" in (await staff.get("/staff")).words) is (setting == "ask")
    noted = await database.fetch_value("SELECT words FROM mirrored_dispute")
    by_setting = {"ask": "", "keep": "By the shop’s setting", "end": "By the shop’s setting (membership ended)"}
    assert noted == by_setting[setting]
    (dispute,) = await database.fetch_values("SELECT stripe_id FROM mirrored_dispute")
    reference = (await disputes.by_id(dispute)).reference_id
    assert reference
    await fee_disputes.follow_setting(DisputeMirrored(dispute, reference, "lost"))
    if setting != "ask":
        with pytest.raises(NotFound):
            await fee_disputes.decide(await disputes.by_id(dispute), ends_now=True, words="Late", by=None)
    assert await kiln.broken() == []


async def test_49_what_is_noted_says_that_it_ended_only_once_stripe_has_said_so(kiln: Kiln) -> None:
    await iris(kiln)
    await disputed_fee(kiln)
    await decided(kiln, "lost")
    (lost,) = await database.fetch_values("SELECT stripe_id FROM mirrored_dispute")
    noted = "SELECT words FROM mirrored_dispute"
    kiln.stand_in.fault("slow_start", amount=2)
    with patience.of(answer=0.1):
        await fee_disputes.decide(await disputes.by_id(lost), ends_now=True, words="Fraud", by=None)
    assert await is_member()
    unanswered = "Fraud (the membership is being ended: Stripe hasn’t answered yet)"
    assert await database.fetch_value(noted) == unanswered
    await asyncio.sleep(2.5)
    kiln.later(minutes=5)
    await request_completion.settle_due()
    await kiln.work()
    assert not await is_member() and await database.fetch_value(noted) == "Fraud (membership ended)"
    assert await kiln.broken() == []


async def test_49_time_that_a_later_fee_has_paid_for_ends_only_when_staff_say_so(kiln: Kiln) -> None:
    await iris(kiln)
    await setting_rows.change({"dispute_lost": "end"}, by=None)
    await join_members.joins(kiln.shop, kiln.annual)
    with kiln.stand_in.engine.changing() as books:
        bank.open_against(books, next(iter(books.find("charge"))), reason="general")
    await kiln.work()
    clock.set_everywhere(clock.now() + timedelta(days=8))
    await kiln.work()
    await database.execute("""INSERT INTO paid_period (id, subscription, invoice, starts_at, ends_at, amount, currency,
      paid_at, plan_version, net_amount, net_price, is_partial, is_opening) SELECT gen_random_uuid(), subscription,
      'in_later', ends_at, ends_at + interval '1 year', amount, currency, paid_at, plan_version, net_amount, net_price,
      is_partial, is_opening FROM paid_period""")
    await decided(kiln, "lost")
    assert await is_member() and SENTENCES["ask"] in await told()


async def test_49_a_lost_gift_ends_and_a_lost_order_needs_no_decision(shop: Shop) -> None:
    await setting_rows.change({"dispute_lost": "end"}, by=None)
    iris, gift = await with_one_gift(shop, DISPUTED)
    with shop.stand_in.engine.changing() as books:
        bank.close(books, next(iter(books.find("dispute"))), verdict="lost")
    await shop.catch_up()
    assert await database.fetch_value("SELECT voided_at IS NOT NULL FROM gift_membership WHERE id = $1", gift)
    assert "to decide on" not in (await iris.get("/staff")).words and SENTENCES["end"] in await told()


async def test_49_cashback_of_an_order_that_was_lost_is_taken_back_once(shop: Shop) -> None:
    await people.owner()
    await fill_basket.ways()
    await make_products.product(price=12000, on_hand=9)
    await give_benefits.plan(("cashback", "3% back", {"rate": 300, "days": 90}))
    browser = await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    maya = await join_members.person()
    await buy_products.buy(shop, browser)
    await shop.catch_up()
    assert (await balances.for_person(maya)).pending == 300
    charge = await database.fetch_value("SELECT payment_intent FROM checkout_session WHERE purpose = 'order'")
    with shop.stand_in.engine.changing() as books:
        (paid,) = [one for one in books.find("charge") if one["payment_intent"] == charge]
        bank.open_against(books, paid, reason="general")
    await shop.catch_up()
    assert (await balances.for_person(maya)).pending == 300, "nothing is decided yet"
    with shop.stand_in.engine.changing() as books:
        bank.close(books, next(iter(books.find("dispute"))), verdict="lost")
    await shop.catch_up()
    purse = await balances.for_person(maya)
    assert (purse.spendable, purse.pending, purse.owed) == (0, 0, 0)
    assert await invariants.invariants() == [] and await buy_products.is_sound()


async def test_49_a_payment_for_a_fee_and_an_order_is_one_dispute_about_both(kiln: Kiln) -> None:
    staff = await iris(kiln)
    await setting_rows.change({"dispute_lost": "end"}, by=None)
    await people.customer(join_members.MAYA, name="Maya")
    browser = await kiln.shop.signed_in(join_members.MAYA)
    await kiln.to_checkout(browser)
    address = {name: value for name, value in HOME.items() if name != "email"}
    session = session_of(await browser.submit(await browser.get("/checkout?join=annual"), "/checkout", **address))
    await kiln.pay(session, DISPUTED)
    await kiln.come_back(browser, session)
    await kiln.work()
    (order,) = await kiln.orders()
    dispute = await database.fetch_value("SELECT stripe_id FROM mirrored_dispute")
    page = await staff.get(f"/staff/payments/disputes/{dispute}")
    both = {f"/staff/orders/{order['number']}", f"/staff/members/{await join_members.person()}"}
    assert "paid together" in page.words and both <= set(page.links())
    here = f"{page.path}/evidence"
    typed = (await staff.get(here)).form(here).given
    assert (
        "Membership “Annual”" in typed["product_description"] and str(order["number"]) in typed["product_description"]
    )
    assert "4 Mill Lane" in typed["shipping_address"]
    assert "Disputed: answer needed" in (await staff.get("/staff/orders")).words
    with pytest.raises(disputes.PaymentDisputed):
        await refunds.create(order["id"], RefundRequest(amount=1), by=None, key=ids.new())
    await decided(kiln, "lost")
    assert not await is_member() and "Dispute lost" in (await staff.get("/staff/orders")).words
    assert await kiln.broken() == []


async def test_37_every_way_to_refund_is_refused_in_every_state_in_which_the_bank_has_the_money(kiln: Kiln) -> None:
    """What is refunded in the other states reaches the bank, which agrees about each."""
    by = (await people.owner()).id
    await disputed_order(kiln)
    await disputed_fee(kiln)
    await plans.create(slug="once", name="Once", summary="", price=2500, interval="year", is_once=True, by=None)
    await join_members.joins(kiln.shop, plan_catalogue.by_slug("once"), card=DISPUTED, email="noor@kiln.test")
    order = await database.fetch_value("SELECT id FROM orders")
    fee = await database.fetch_one("SELECT local_id, stripe_id FROM mirrored_invoice WHERE status = 'paid'")
    term = await database.fetch_value("SELECT id FROM paid_term")
    assert fee is not None
    ways: dict[str, Callable[[], Awaitable[Any]]] = {
        "order": lambda: refunds.create(order, RefundRequest(amount=1), by=by, key=ids.new()),
        "fee": lambda: fee_refunds.create(
            fee["local_id"], fee["stripe_id"], 1, reason="", ends_now=False, by=by, key=ids.new()
        ),
        "term": lambda: paid_once_refunds.create(term, 1, by=by, key=ids.new()),
        "money of an order": lambda: payment_refunds.create(order, Money(1, "GBP"), key=ids.new()),
        "money of a fee": lambda: payment_refunds.create(
            fee["local_id"], Money(1, "GBP"), key=ids.new(), invoice=fee["stripe_id"]
        ),
        "money of a term": lambda: payment_refunds.create(term, Money(1, "GBP"), key=ids.new()),
    }
    assert await database.fetch_value("SELECT count(*) FROM mirrored_dispute") == 3
    for status in WORDS:
        await database.execute("UPDATE mirrored_dispute SET status = $1", status)
        with kiln.stand_in.engine.changing() as books:
            for dispute in list(books.find("dispute")):
                dispute["status"] = "won" if status == "prevented" else status
        for name, refund in ways.items():
            if status in NO_REFUND:
                with pytest.raises((disputes.PaymentDisputed, disputes.DisputeLost)):
                    await refund()
            else:
                assert await refund(), (name, status)
    refunded = len(WORDS) - len(NO_REFUND)
    for table in ("refund", "fee_refund", "paid_once_refund"):
        assert await database.fetch_value(f"SELECT count(*) FROM {table} WHERE amount = 1") == refunded, table
