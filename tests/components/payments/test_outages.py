"""Stripe is slow, broken or away: the shopper is answered, nothing is lost, nothing happens twice."""

import asyncio
import time
from typing import Any

import pytest

from components.foundation import database, ids
from components.foundation.money import Money
from components.payments import invariants, payment_refunds, reconcile, running_subscriptions, stripe_connection
from components.payments.checkout_sessions import pages
from components.payments.differences import admin_views
from components.payments.payment_refusals import MoreThanPaid, OutcomeUnknown, StripeUnavailable
from components.payments.timeouts import request_time
from components.payments.values import Payer
from components.payments.webhooks import inbox
from tests.components.payments.conftest import Till
from web.standin.http.client import OfflineClient
from web.standin.state import paging

TRIES = stripe_connection.RETRIES + 1


async def listed_sessions() -> int:
    return len((await stripe_connection.client().v1.checkout.sessions.list_async({"limit": 100})).data)


async def test_40_an_outage_is_said_in_words_and_the_next_click_is_the_same_attempt(till: Till) -> None:
    order_id = ids.new()
    till.stand_in.fault("unavailable", times=TRIES)
    with pytest.raises(StripeUnavailable) as refusal:
        await till.open(order_id)
    assert refusal.value.status == 503 and "no payment was taken by this attempt" in str(refusal.value)
    page = await till.open(order_id)
    assert page.attempt == 1 and await listed_sessions() == 1


async def test_40_an_answer_that_got_lost_is_found_again_under_the_same_key(till: Till) -> None:
    till.stand_in.fault("timeout", times=1)
    page = await till.open()
    assert page.attempt == 1 and await listed_sessions() == 1


async def test_40_a_shopper_waits_for_all_calls_together_no_longer_than_we_say(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object, **__: object) -> None:
        await asyncio.sleep(60)

    assert request_time.Patience().reads < 10
    request_time.use_patience(request_time.Patience(reads=0.4))
    monkeypatch.setattr(OfflineClient, "request_async", never)
    began = time.monotonic()
    with pytest.raises(StripeUnavailable):
        await till.open(payer=Payer(ids.new(), "maya@kiln.test"))
    assert time.monotonic() - began < 2


async def test_40_an_address_where_nobody_answers_is_an_outage(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way to Stripe itself, without the stand-in."""
    monkeypatch.setattr(stripe_connection, "RETRIES", 0)
    stripe_connection.connect(api_base="http://127.0.0.1:9")
    with pytest.raises(StripeUnavailable):
        await till.open()


async def test_40_a_500_after_the_deed_blocks_nobody_and_charges_once(till: Till) -> None:
    order_id = ids.new()
    till.stand_in.fault("error_after_commit", times=1)
    try:
        page = await till.open(order_id)
    except StripeUnavailable:
        page = await till.open(order_id)
    await till.pay(page)
    await till.work()
    assert len(await till.facts("CheckoutSessionPaid")) == 1
    assert await invariants.invariants() == []


async def test_40_a_refund_answered_with_500_is_made_once(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.work()
    key = ids.new()
    till.stand_in.fault("error_after_commit", times=1)
    try:
        await payment_refunds.create(page.reference_id, Money(500, "GBP"), key=key)
    except OutcomeUnknown:
        till.advance(minutes=5)
        await reconcile.lightly()
    await till.work()
    (refund,) = await payment_refunds.of_reference(page.reference_id)
    assert (refund.amount, refund.key) == (500, key)
    assert await invariants.invariants() == []


async def test_a_refund_asked_for_during_an_outage_is_made_once_when_it_is_over(till: Till) -> None:
    page = await till.open()
    await till.pay(page)
    await till.work()
    request_time.use_patience(request_time.Patience(writes=0.1, first_pause=0.01))
    till.stand_in.fault("unavailable", times=1000)
    with pytest.raises(OutcomeUnknown):
        await payment_refunds.create(page.reference_id, Money(2040, "GBP"), key=ids.new())
    till.stand_in.fault("unavailable", times=0)
    with pytest.raises(MoreThanPaid):
        await payment_refunds.create(page.reference_id, Money(1, "GBP"), key=ids.new())
    till.advance(minutes=5)
    for _ in range(2):
        await reconcile.lightly()
        await till.work()
    assert [refund.amount for refund in await payment_refunds.of_reference(page.reference_id)] == [2040]


async def test_40_while_stripe_is_away_events_wait_and_are_never_parked(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stripe_connection, "RETRIES", 0)
    page = await till.open()
    await till.pay(page)
    await till.deliver()
    for _ in range(12):
        for event_id in await till.waiting():
            till.stand_in.fault("unavailable", times=1)
            await inbox.process(event_id)
    till.stand_in.fault("unavailable", times=0)
    standing = await admin_views.status()
    assert standing.parked == 0 and standing.waiting > 0
    await till.work()
    assert (await till.fresh(page)).is_paid
    assert (await admin_views.status()).waiting == 0


@pytest.mark.parametrize("lot", [500, 1])
async def test_40_a_day_of_lost_webhooks_is_made_good(till: Till, monkeypatch: pytest.MonkeyPatch, lot: int) -> None:
    """However few rows are held at a time, here and at the bank."""
    for module in (reconcile, inbox, paging):
        monkeypatch.setattr(module, "LOT", lot)
    paid, left = await till.open(), await till.open()
    joined = await till.join()
    await till.pay(paid)
    till.stand_in.fault("drop", times=1000)
    till.advance(hours=25)
    await till.deliver()
    till.stand_in.fault("drop", times=0)
    assert await till.waiting() == []
    await reconcile.lightly()
    await till.work()
    assert (await till.fresh(paid)).is_paid and (await till.fresh(joined)).is_paid
    assert (await till.fresh(left)).is_expired
    assert await invariants.invariants() == []
    assert len(await till.facts("CheckoutSessionPaid")) == 2


async def test_40_a_page_whose_making_was_interrupted_is_finished_by_the_next_check(till: Till) -> None:
    order_id = ids.new()
    till.stand_in.fault("unavailable", times=TRIES)
    with pytest.raises(StripeUnavailable):
        await till.open(order_id)
    till.advance(minutes=3)
    await reconcile.lightly()
    page = await pages.for_reference("order", order_id)
    assert page is not None and page.is_open and page.url
    till.advance(hours=25)
    await reconcile.lightly()
    page = await pages.for_reference("order", order_id)
    assert page is not None and page.is_expired


async def test_a_check_during_an_outage_says_so_and_the_next_one_looks_at_the_same_time_again(till: Till) -> None:
    await till.open()
    till.stand_in.fault("unavailable", times=TRIES)
    await reconcile.lightly()
    (run,) = await admin_views.runs()
    assert "did not answer" in run.trouble
    assert await database.fetch_value("SELECT events_until FROM reconcile_run") is None


async def test_the_nightly_check_says_what_does_not_fit(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    page = await till.open()
    await till.pay(page)
    await till.work()
    await database.execute("UPDATE mirrored_payment SET received = received - 1")
    monkeypatch.setattr(reconcile, "_checks", {"payments": invariants.invariants})
    reconcile.also_check("orders", orders_that_do_not_fit)
    await reconcile.fully()
    (run,) = await admin_views.runs()
    assert "2039 of 2040 was captured" in run.trouble and "Order K-1 does not fit." in run.trouble


async def orders_that_do_not_fit() -> list[str]:
    return ["Order K-1 does not fit."]


@pytest.mark.parametrize("fault", ["rate_limit", "key_in_use"])
async def test_a_single_429_or_409_does_not_end_a_check(till: Till, fault: Any) -> None:
    page = await till.open()
    await till.pay(page)
    request_time.use_patience(request_time.Patience(first_pause=0.01))
    till.stand_in.fault(fault, times=4)
    await reconcile.lightly()
    await till.work()
    (run,) = await admin_views.runs()
    assert run.trouble == "" and (await till.fresh(page)).is_paid
    assert await database.fetch_value("SELECT events_until FROM reconcile_run") is not None


async def test_one_bad_object_does_not_end_a_check_and_is_named(till: Till) -> None:
    """A subscription of which Stripe says something that cannot be; the other one is looked at all the same."""
    bad, good = await till.join(), await till.join()
    await till.work()
    await database.execute("UPDATE checkout_session SET reference_id = $2 WHERE id = $1", bad.id, ids.new())
    await running_subscriptions.cancel_at_period_end(good.reference_id)
    await database.execute("UPDATE mirrored_subscription SET status = 'past_due'")
    await reconcile.fully()
    run = (await admin_views.runs())[0]
    assert "which this shop never sent to Stripe" in run.trouble and "did not answer" not in run.trouble
    good_row = await running_subscriptions.mirrored(good.reference_id)
    assert good_row is not None and good_row.status == "active"
    assert await database.fetch_value("SELECT events_until FROM reconcile_run") is not None
