"""Asked again with the same key, and answers that get lost."""

import asyncio
import threading
import time
from datetime import timedelta

import pytest
import stripe

from tests.web.standin.desk import SHOP, Desk, goods
from web.standin.http.api import Api, Call


def order(quantity: int = 1) -> dict[str, object]:
    lines = [{"quantity": quantity, "price_data": goods(2500)}]
    return {"mode": "payment", "success_url": SHOP, "line_items": lines}


async def test_5_the_same_key_and_question_is_the_same_session(desk: Desk) -> None:
    key = {"idempotency_key": "order:1:checkout:1"}
    first = await desk.v1.checkout.sessions.create_async(order(), key)
    second = await desk.v1.checkout.sessions.create_async(order(), key)
    assert first.id == second.id
    assert second.last_response.headers["idempotent-replayed"] == "true"
    assert len((await desk.v1.checkout.sessions.list_async()).data) == 1


async def test_6_the_same_key_for_another_basket_is_refused(desk: Desk) -> None:
    key = {"idempotency_key": "order:1:checkout:1"}
    await desk.v1.checkout.sessions.create_async(order(), key)
    with pytest.raises(stripe.IdempotencyError) as refused:
        await desk.v1.checkout.sessions.create_async(order(2), key)
    assert refused.value.http_status == 400


async def test_a_refusal_is_remembered_too(desk: Desk) -> None:
    key, question = {"idempotency_key": "refund:1"}, {"payment_intent": "pi_none"}
    for replayed in (None, "true"):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            await desk.v1.refunds.create_async(question, key)
        assert refused.value.headers.get("idempotent-replayed") == replayed


async def test_a_question_that_made_no_sense_is_not_remembered(desk: Desk) -> None:
    key = {"idempotency_key": "order:1"}
    with pytest.raises(stripe.InvalidRequestError):
        await desk.v1.checkout.sessions.create_async({"mode": "payment", "nonsense": 1}, key)
    assert (await desk.v1.checkout.sessions.create_async(order(), key)).status == "open"


async def test_a_key_is_forgotten_after_a_day(desk: Desk) -> None:
    key = {"idempotency_key": "customer"}
    first = await desk.v1.customers.create_async({}, key)
    desk.standin.advance(timedelta(days=1, seconds=1))
    assert (await desk.v1.customers.create_async({}, key)).id != first.id


async def test_many_at_once_make_one(desk: Desk) -> None:
    key = {"idempotency_key": "customer"}
    made = await asyncio.gather(*(desk.v1.customers.create_async({}, key) for _ in range(20)))
    assert len({customer.id for customer in made}) == 1


def test_a_key_under_way_in_another_thread_is_a_conflict(desk: Desk) -> None:
    api = Api(desk.standin.engine)
    call = Call("POST", "/v1/customers", "", {"authorization": "Bearer sk_test_x", "idempotency-key": "k"})
    statuses: list[int] = []
    first = threading.Thread(target=lambda: statuses.append(api.reply(call).status))
    with desk.standin.engine.store.changing():
        first.start()
        until = time.monotonic() + 5
        while "k" not in api._under_way and time.monotonic() < until:
            time.sleep(0.001)
        assert api.reply(call).status == 409
    first.join()
    assert statuses == [200]


@pytest.mark.parametrize("fault", ["error_after_commit", "timeout"])
async def test_40_done_but_never_answered_is_not_done_twice(desk: Desk, fault: str) -> None:
    key = {"idempotency_key": "order:1:checkout:1"}
    desk.standin.fault(fault)  # type: ignore[arg-type]
    with pytest.raises((stripe.APIError, stripe.APIConnectionError)):
        await desk.v1.checkout.sessions.create_async(order(), key)
    again = await desk.v1.checkout.sessions.create_async(order(), key)
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert len((await desk.v1.checkout.sessions.list_async()).data) == 1


@pytest.mark.parametrize(("fault", "status"), [("unavailable", 503), ("rate_limit", 429)])
async def test_40_refused_before_anything_is_done(desk: Desk, fault: str, status: int) -> None:
    desk.standin.fault(fault, times=2)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(stripe.StripeError) as refused:
            await desk.v1.customers.create_async({"email": "maya@kiln.test"})
        assert refused.value.http_status == status
    assert (await desk.v1.customers.list_async()).data == []


async def test_the_sdks_own_retries_see_it_through(desk: Desk) -> None:
    patient = stripe.StripeClient("sk_test_x", http_client=desk.standin.http_client(), max_network_retries=2)
    desk.standin.fault("timeout")
    await patient.v1.customers.create_async({"email": "maya@kiln.test"})
    assert len((await desk.v1.customers.list_async()).data) == 1
