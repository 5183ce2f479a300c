"""Scenarios 42, 43, 55 and 56: the bank is slow or Stripe's answer is lost, and what is said stays true.

Seconds are a tenth of real ones.
"""

import asyncio
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from benchmarks.members import PAUSED, UNSURE, standing_of
from components.foundation import clock, database, ids
from components.foundation.money import Money
from components.insights import order_invariants
from components.memberships.billing import pauses
from components.memberships.billing.states import pause_schedule
from components.orders import queries
from components.orders.refunds import refund_requests, refunds
from components.payments import invariants, payment_refunds, reconcile, stripe_connection
from components.payments.billing_requests import request_completion
from components.payments.payment_refusals import OutcomeUnknown, StillAsking
from components.payments.timeouts import unattended
from tests.scenarios.conftest import Kiln
from tests.support import agreed_dates, buy_products, fill_basket, join_members, make_products, patience, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

TENTH = 0.1
HERE = "/account/membership"
WAITS = (
    "We’re asking your bank…", "We’re still waiting for your bank",
    "We’re waiting for our payment provider…", "We’re still waiting for our payment provider",
)  # fmt: skip
LIES = ("nothing has been charged", "nothing was charged", "have not been charged", "can’t be reached", "refused")


@pytest.fixture(autouse=True)
def tenth() -> Iterator[None]:
    with patience.scaled(TENTH):
        yield


@pytest.fixture
async def goods(shop: Shop) -> Shop:
    await fill_basket.ways()
    return shop


async def settled(shop: Shop) -> None:
    await unattended.finish()
    await shop.catch_up()


async def told_in_the_end(browser: Browser, page: Page) -> Page:
    """The waiting page, reloaded until it knows."""
    for _ in range(100):
        if page.heading in ("Done", "That didn’t go through"):
            return page
        assert page.heading in WAITS, page.words
        assert not any(lie in page.words.lower() for lie in LIES)
        await asyncio.sleep(0.1)
        page = await browser.get(page.path)
    raise AssertionError("the waiting page never knew")


async def charges() -> list[int]:
    """What the bank has taken, invoice by invoice."""
    found = await stripe_connection.client().v1.invoices.list_async({"limit": 100})
    return sorted(one.amount_paid for one in found.data if one.amount_paid)


async def at_the_bank() -> Any:
    (found,) = (await stripe_connection.client().v1.subscriptions.list_async({"status": "all"})).data
    return found


async def member(shop: Shop, kiln: Kiln) -> Browser:
    """A monthly member who has been one for ten days, looked at once so that nothing is done for the first time."""
    browser = await join_members.joins(shop, kiln.monthly)
    clock.set_everywhere(clock.now() + timedelta(days=10))
    await browser.get(f"{HERE}/plan/annual")
    return browser


@pytest.mark.parametrize("seconds", [5, 9, 30])
@pytest.mark.parametrize("fault", ["slow", "slow_start"])
async def test_42_a_charge_that_takes_its_time_is_asked_about_and_then_told_truly(
    shop: Shop, kiln: Kiln, seconds: int, fault: Any
) -> None:
    browser = await member(shop, kiln)
    shown = await browser.get(f"{HERE}/plan/annual")
    shop.stand_in.fault(fault, amount=seconds * TENTH)
    began = time.monotonic()
    page = await browser.submit(shown, f"{HERE}/plan/annual")
    assert time.monotonic() - began < 10 * TENTH + 1
    if page.path.startswith("/account/waiting"):
        page = await told_in_the_end(browser, page)
        assert page.heading == "Done" and "You’re on your new plan" in page.words
    else:
        assert seconds == 5 and "You’re now on Annual" in page.alerts()
    await settled(shop)
    assert len(await charges()) == 2
    assert "annual" in (await browser.get(HERE)).words.lower()
    row = await database.fetch_one("SELECT applied_at, dropped_at FROM plan_change")
    assert row is not None and row["applied_at"] is not None and row["dropped_at"] is None
    assert await invariants.invariants() == []


async def test_42_a_key_that_is_in_use_is_waited_for(shop: Shop, kiln: Kiln) -> None:
    browser = await member(shop, kiln)
    shown = await browser.get(f"{HERE}/plan/annual")
    shop.stand_in.fault("key_in_use", times=3)
    page = await browser.submit(shown, f"{HERE}/plan/annual")
    assert "You’re now on Annual" in page.alerts() and len(await charges()) == 2


async def test_42_nobody_else_sees_the_waiting_page(shop: Shop, kiln: Kiln) -> None:
    browser = await member(shop, kiln)
    shown = await browser.get(f"{HERE}/plan/annual")
    shop.stand_in.fault("slow", amount=1.5)
    page = await browser.submit(shown, f"{HERE}/plan/annual")
    assert page.path.startswith("/account/waiting")
    await join_members.people.customer("noor@kiln.test", name="Noor")
    assert (await (await shop.signed_in("noor@kiln.test")).get(page.path)).status == 404
    assert (await browser.part(page.path)).words.startswith("We’re asking your bank")
    await settled(shop)


async def act(browser: Browser, what: str) -> Page:
    if what == "pause":
        return await browser.post(f"{HERE}/pause", agreed_dates.pause_now())
    if what == "resume":
        return await browser.post(f"{HERE}/pause/end")
    return await browser.submit(await browser.get(f"{HERE}/cancellation"), f"{HERE}/cancellation")


@pytest.mark.parametrize("what", ["pause", "resume", "cancel"])
@pytest.mark.parametrize("fault", ["slow", "slow_start", "error_after_commit", "timeout"])
async def test_43_pause_resume_and_cancel_are_told_truly_however_slow(
    shop: Shop, kiln: Kiln, what: str, fault: Any
) -> None:
    browser = await member(shop, kiln)
    if what == "resume":
        await act(browser, "pause")
        clock.set_everywhere(clock.now() + timedelta(days=3))
    before = await charges()
    shop.stand_in.fault(fault, amount=0.9)
    page = await act(browser, what)
    if page.path.startswith("/account/waiting"):
        assert "bank" not in page.heading, "no card is charged"
        page = await told_in_the_end(browser, page)
        assert page.heading == "Done", page.words
    await settled(shop)
    found = await at_the_bank()
    at_stripe, here = {"pause": ("trialing", "paused"), "resume": ("trialing", "active"), "cancel": ("active",) * 2}[
        what
    ]
    assert found.status == at_stripe and found.cancel_at_period_end == (what == "cancel")
    assert await charges() == before, "paid time was left, so that coming back costs nothing"
    row = await database.fetch_one("SELECT status, cancel_at FROM subscription")
    assert row is not None and (row["status"], row["cancel_at"] is not None) == (here, what == "cancel")
    open_pauses = await database.fetch_value("SELECT count(*) FROM pause WHERE ended_at IS NULL")
    assert open_pauses == (1 if what == "pause" else 0)


async def test_43_staff_who_wait_are_not_told_of_their_own_bank(shop: Shop, kiln: Kiln) -> None:
    await member(shop, kiln)
    await people.owner()
    staff, here = await shop.signed_in("iris@kiln.test"), f"/staff/members/{await join_members.person()}"
    page = await staff.get(f"{here}/cancellation")
    shop.stand_in.fault("silent", amount=3, times=9)
    page = await staff.submit(page, f"{here}/cancellation")
    shop.stand_in.fault("silent", times=0)
    assert page.heading == "We’re waiting for our payment provider…" and "your bank" not in page.words
    await settled(shop)
    await database.execute("UPDATE billing_request SET kind = 'pay_invoice', settled_at = NULL, outcome = NULL")
    assert (await staff.get(page.path)).heading == "We’re asking the member’s bank…"


async def test_43_a_pause_that_was_made_without_an_answer_ends_when_it_should(shop: Shop, kiln: Kiln) -> None:
    browser = await member(shop, kiln)
    shop.stand_in.fault("slow", amount=1.5)
    page = await act(browser, "pause")
    assert page.path.startswith("/account/waiting")
    with pytest.raises(StillAsking):
        await pauses.end(await join_members_subscription())
    await settled(shop)
    clock.set_everywhere(clock.now() + timedelta(days=31))
    await shop.catch_up()
    await pause_schedule.end_due()
    assert await database.fetch_value("SELECT status FROM subscription") == "active"
    assert await database.fetch_value("SELECT count(*) FROM pause WHERE ended_at IS NULL") == 0


async def test_43_another_change_meanwhile_is_refused_and_the_page_says_what_is_awaited(shop: Shop, kiln: Kiln) -> None:
    browser = await member(shop, kiln)
    shown = await browser.get(f"{HERE}/cancellation")
    shop.stand_in.fault("slow", amount=5)
    waiting = await act(browser, "pause")
    assert waiting.path.startswith("/account/waiting")
    page = await browser.submit(shown, f"{HERE}/cancellation")
    assert page.path == HERE and "previous request" in page.alerts()
    assert "Until it comes, this page may still show your membership as it was" in page.words
    assert standing_of(page.response) == UNSURE
    assert (await told_in_the_end(browser, waiting)).heading == "Done"
    await settled(shop)
    assert standing_of((await browser.get(HERE)).response) == PAUSED


async def join_members_subscription() -> Any:
    await database.execute("UPDATE subscription SET status = 'paused'")  # as its webhook would have made it
    return (await join_members.subscription())["id"]


async def test_43_what_a_crash_left_is_looked_up_and_not_made_twice(shop: Shop, kiln: Kiln) -> None:
    """The process ends while the bank is being asked: Stripe has done it, the shop does not know."""
    browser = await member(shop, kiln)
    await act(browser, "pause")
    clock.set_everywhere(clock.now() + timedelta(days=3))
    await act(browser, "resume")
    before = (await at_the_bank()).trial_end
    assert await charges() == [450]
    newest = "id = (SELECT id FROM billing_request WHERE kind LIKE 'move_%' ORDER BY asked_at DESC LIMIT 1)"
    await database.execute(f"UPDATE billing_request SET settled_at = NULL, outcome = NULL WHERE {newest}")
    clock.set_everywhere(clock.now() + timedelta(hours=30))
    await request_completion.settle_due()
    row = await database.fetch_one(f"SELECT outcome FROM billing_request WHERE {newest}")
    assert row is not None and row["outcome"] == "done"
    assert await charges() == [450] and (await at_the_bank()).trial_end == before


async def test_43_what_never_reached_stripe_is_made_once_by_the_worker_or_said_not_to_be(
    shop: Shop, kiln: Kiln
) -> None:
    browser = await member(shop, kiln)
    shop.stand_in.fault("key_in_use", times=1000)
    with patience.of(writes=0.3, first_pause=0.02, answer=1):
        subscription_id = (await join_members.subscription())["id"]
        with pytest.raises(OutcomeUnknown):
            await pauses.start(subscription_id, until=clock.now() + timedelta(days=30))  # type: ignore[arg-type]
    shop.stand_in.fault("key_in_use", times=0)
    assert (await at_the_bank()).status == "active"
    clock.set_everywhere(clock.now() + timedelta(minutes=5))
    await request_completion.settle_due()
    await shop.catch_up()
    assert (await at_the_bank()).status == "trialing", "the renewal is moved"
    assert (await browser.get(HERE)).status == 200


async def bought(shop: Shop) -> Any:
    await make_products.product()
    await buy_products.buy(shop, shop.browser())
    return await buy_products.the_order()


async def refunds_at_the_bank() -> list[int]:
    return [one.amount for one in (await stripe_connection.client().v1.refunds.list_async({"limit": 100})).data]


@pytest.mark.parametrize("hours", [1, 26])
async def test_55_a_refund_tried_again_after_its_key_has_lapsed_is_made_once(goods: Shop, hours: int) -> None:
    """Stripe made it; the process was killed before it was mirrored; the job comes a day later."""
    order = await bought(goods)
    made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=False), by=None, key=ids.new())
    await refunds.send(made.id)
    await database.execute("DELETE FROM mirrored_refund")
    await database.execute("UPDATE requested_refund SET stripe_id = NULL")
    await database.execute("UPDATE refund SET status = 'asked', stripe_id = NULL, settled_at = NULL")
    await goods.stand_in.deliver_due(lost)
    clock.set_everywhere(clock.now() + timedelta(hours=hours))
    await refunds.send(made.id)
    await goods.catch_up()
    await reconcile.lightly()
    await goods.catch_up()
    assert await refunds_at_the_bank() == [order.total]
    assert [one.status for one in (await buy_products.the_order()).refunds] == ["succeeded"]
    assert [*await invariants.invariants(), *await order_invariants.of_orders()] == []


async def lost(body: bytes, headers: dict[str, str]) -> int:
    return 200


async def test_55_two_refunds_of_one_key_are_named(goods: Shop) -> None:
    """The invariants that would have shown it."""
    order = await bought(goods)
    made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=False), by=None, key=ids.new())
    await refunds.send(made.id)
    await goods.catch_up()
    await database.execute(
        """INSERT INTO mirrored_refund (stripe_id, payment_intent, reference_id, key, status, amount, along_amount,
             currency, failure, created_at, mirrored_at)
           SELECT 're_again', payment_intent, reference_id, key, status, amount, along_amount, currency, failure,
             created_at, mirrored_at FROM mirrored_refund"""
    )
    assert f"Refund {made.id} was made 2 times at Stripe." in await invariants.invariants()
    assert any("at Stripe" in words for words in await order_invariants.of_orders())


async def test_55_a_refund_that_takes_its_time_is_answered_and_made_once(goods: Shop) -> None:
    order = await bought(goods)
    found = await queries.by_id(order.id)
    assert found is not None
    goods.stand_in.fault("slow", amount=1.5)
    key = ids.new()
    with pytest.raises(OutcomeUnknown):
        await payment_refunds.create(order.id, Money(500, "GBP"), key=key)
    with pytest.raises(OutcomeUnknown):
        await payment_refunds.create(order.id, Money(500, "GBP"), key=key)
    await unattended.finish()
    assert (await payment_refunds.create(order.id, Money(500, "GBP"), key=key)).amount == 500
    assert await refunds_at_the_bank() == [500]


async def test_56_a_worker_that_was_away_for_a_day_finds_everything_as_it_is(shop: Shop, kiln: Kiln) -> None:
    """Webhooks come in and are stored; no job runs for 26 hours; meanwhile people pay, join, refund and cancel."""
    browser = await member(shop, kiln)
    noor = shop.browser()
    session = await kiln.to_pay(noor)
    await kiln.pay(session)
    (paid,) = await kiln.orders()
    order = await queries.by_id(paid["id"])
    assert order is not None
    await kiln.come_back(noor, session)
    order = await queries.by_id(paid["id"])
    assert order is not None and order.is_paid
    made = await refunds.create(order.id, refund_requests.whole_order(order, restocks=False), by=None, key=ids.new())
    shop.stand_in.fault("timeout", times=1)
    with pytest.raises(OutcomeUnknown), patience.of(writes=0.01, answer=1):
        await refunds.send(made.id)
    await act(browser, "cancel")
    clock.set_everywhere(clock.now() + timedelta(hours=26))
    await kiln.work()
    await request_completion.settle_due()
    await reconcile.lightly()
    await kiln.work()
    assert await refunds_at_the_bank() == [order.total]
    assert len(await charges()) == 1
    found = await queries.by_id(order.id)
    assert found is not None and [one.status for one in found.refunds] == ["succeeded"]
    assert (await at_the_bank()).cancel_at_period_end
    assert await kiln.broken() == []
