"""A change that may move money is done, refused, surely not carried out, or not known: each is what it is called."""

import asyncio
from typing import Any

import pytest

from components.foundation import clock, database, ids
from components.foundation.refusals import Refusal
from components.payments import running_subscriptions, stripe_connection, subscription_changes
from components.payments.billing_requests import billing_requests, request_completion, stripe_pauses
from components.payments.billing_requests.stripe_pauses import PAUSE
from components.payments.payment_refusals import CardDeclined, OutcomeUnknown, StillAsking, StripeUnavailable
from components.payments.stripe_calls import stripe_subscriptions
from components.payments.tables import BillingRequest, CheckoutSession
from components.payments.timeouts import request_time
from components.payments.timeouts.request_time import Patience
from tests.components.payments.conftest import Till

ATTACHES_THEN_FAILS = "4000000000000341"


@pytest.fixture
async def joined(till: Till) -> CheckoutSession:
    page = await till.join()
    await till.work()
    request_time.use_patience(Patience(writes=0.3, first_pause=0.02, answer=2))
    return await till.fresh(page)


async def outcome(joined: CheckoutSession, key: str = "k") -> str:
    assert joined.subscription_ref
    try:
        await stripe_subscriptions.cancel_at_period_end(joined.subscription_ref, key=key)
    except (OutcomeUnknown, StripeUnavailable) as trouble:
        return type(trouble).__name__
    return "done"


@pytest.mark.parametrize(
    ("fault", "times", "wanted"),
    [
        ("timeout", 1, "done"),
        ("key_in_use", 2, "done"),
        ("rate_limit", 2, "done"),
        ("unavailable", 2, "done"),
        ("rate_limit", 1000, "StripeUnavailable"),
        ("unavailable", 1000, "OutcomeUnknown"),
        ("key_in_use", 1000, "OutcomeUnknown"),
        ("error_after_commit", 1, "OutcomeUnknown"),
    ],
)
async def test_40_what_is_said_follows_from_what_stripe_documents(
    till: Till, joined: CheckoutSession, fault: Any, times: int, wanted: str
) -> None:
    till.stand_in.fault(fault, times=times)
    assert await outcome(joined) == wanted


async def test_40_where_nobody_listens_nothing_was_sent(joined: CheckoutSession) -> None:
    stripe_connection.connect(api_base="http://127.0.0.1:9")
    assert await outcome(joined) == "StripeUnavailable"


async def test_40_another_request_under_the_same_key_says_nothing_about_the_first(joined: CheckoutSession) -> None:
    assert joined.subscription_ref
    assert await outcome(joined, "same") == "done"
    with pytest.raises(OutcomeUnknown):
        await stripe_subscriptions.keep_running(joined.subscription_ref, key="same")


async def test_what_surely_was_not_sent_leaves_no_request_behind(till: Till, joined: CheckoutSession) -> None:
    till.stand_in.fault("rate_limit", times=1000)
    request_time.use_patience(Patience(reads=0.2, writes=0.2, first_pause=0.02, answer=2))
    with pytest.raises(StripeUnavailable):
        await running_subscriptions.cancel_at_period_end(joined.reference_id)
    till.stand_in.fault("rate_limit", times=0)
    assert await database.fetch_value("SELECT count(*) FROM billing_request") == 0
    cancelled = await running_subscriptions.cancel_at_period_end(joined.reference_id)
    assert cancelled.cancel_at is not None


async def test_a_500_is_looked_up_at_stripe(till: Till, joined: CheckoutSession) -> None:
    till.stand_in.fault("error_after_commit")
    cancelled = await running_subscriptions.cancel_at_period_end(joined.reference_id)
    assert cancelled.cancel_at is not None


async def test_what_one_key_wanted_is_wanted_once_for_ever(till: Till, joined: CheckoutSession) -> None:
    await stripe_pauses.pause(joined.reference_id, key="pause:1")
    await stripe_pauses.resume(joined.reference_id, key="resume:1")
    till.advance(hours=30)
    await till.work()
    assert (await stripe_pauses.pause(joined.reference_id, key="pause:1")).status == "active"


async def test_what_is_settled_while_it_is_asked_again_is_the_same_request(till: Till) -> None:
    """Settling takes no turns: it may come between any two statements of asking again."""
    for moment in range(100):
        subject, key = ids.new(), f"pause:{moment}"
        known = {"kind": PAUSE.name, "subject": subject, "key": key, "sent_key": key, "params": "{}"}
        request = BillingRequest(id=ids.new(), asked_at=clock.now(), keyed_at=clock.now(), **known)
        await BillingRequest.insert(request)
        asked = [billing_requests.run(PAUSE, subject=subject, key=key) for _ in range(6)]
        found = await asyncio.gather(*asked, settled_after(request, seconds=moment * 0.0001), return_exceptions=True)
        assert not [each for each in found if isinstance(each, Exception) and not isinstance(each, Refusal)]


async def settled_after(request: BillingRequest, *, seconds: float) -> None:
    await asyncio.sleep(seconds)
    await billing_requests.settle(request, "done")


async def test_a_declined_change_is_refused_and_stays_refused(till: Till) -> None:
    page = await till.join()
    await till.work()
    row = await running_subscriptions.mirrored(page.reference_id)
    assert row is not None
    await spoil_card(till, row.customer, row.stripe_id)
    price = await till.price(9900)
    for _ in range(2):
        with pytest.raises(CardDeclined):
            await subscription_changes.take_price_now(page.reference_id, price, at=clock.now(), key="change:1")
    facts = await till.facts("BillingRequestSettled")
    assert [(fact["key"], fact["outcome"]) for fact in facts] == [("change:1", "refused")]


async def spoil_card(till: Till, customer: str, subscription: str) -> None:
    session = await stripe_connection.client().v1.checkout.sessions.create_async(
        {"mode": "setup", "customer": customer, "currency": "gbp", "success_url": "http://shop.test/done"}
    )
    await till.stand_in.pay(session.id, card=ATTACHES_THEN_FAILS)
    methods = await stripe_connection.client().v1.customers.payment_methods.list_async(customer)
    await stripe_subscriptions.charge_from_now_on(subscription, payment_method=methods.data[0].id, key="card:test")


async def test_a_second_kind_waits_for_the_first(joined: CheckoutSession, till: Till) -> None:
    request_time.use_patience(Patience(answer=0.1))
    till.stand_in.fault("slow", amount=0.8)
    with pytest.raises(OutcomeUnknown) as unknown:
        await running_subscriptions.cancel_at_period_end(joined.reference_id)
    with pytest.raises(StillAsking):
        await stripe_pauses.pause(joined.reference_id, key="pause:2")
    with pytest.raises(OutcomeUnknown) as again:
        await running_subscriptions.cancel_at_period_end(joined.reference_id)
    assert again.value.request_id == unknown.value.request_id


async def test_after_its_key_a_cancellation_is_sent_again_and_a_pause_is_dropped(
    till: Till, joined: CheckoutSession
) -> None:
    """Stripe has neither."""
    till.stand_in.fault("key_in_use", times=1000)
    with pytest.raises(OutcomeUnknown):
        await stripe_pauses.pause(joined.reference_id, key="pause:3")
    till.advance(hours=24)
    await request_completion.settle_due()
    till.stand_in.fault("key_in_use", times=0)
    row = await database.fetch_one("SELECT outcome, why FROM billing_request WHERE key = 'pause:3'")
    assert row is not None and row["outcome"] == "refused" and "goes on as before" in row["why"]
    till.stand_in.fault("key_in_use", times=1000)
    with pytest.raises(OutcomeUnknown):
        await running_subscriptions.cancel_at_period_end(joined.reference_id, key="cancel:3")
    till.stand_in.fault("key_in_use", times=0)
    till.advance(hours=24)
    await request_completion.settle_due()
    row = await database.fetch_one("SELECT outcome, sent_key FROM billing_request WHERE key = 'cancel:3'")
    assert row is not None and row["outcome"] == "done" and row["sent_key"] != "cancel:3"
    known = await running_subscriptions.mirrored(joined.reference_id)
    assert known is not None and known.cancel_at is not None


async def test_it_is_not_asked_inside_a_transaction(joined: CheckoutSession) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError, match="outside the caller"):
            await running_subscriptions.cancel_at_period_end(joined.reference_id)
    assert await billing_requests.unsettled(joined.reference_id) is None
