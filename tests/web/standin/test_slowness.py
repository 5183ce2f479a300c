"""Calls that really take time: the shop's other visitors do not wait for them, and keys are in use meanwhile."""

import asyncio
import time

import pytest
import stripe

from tests.support.pages import Browser
from tests.web.standin.desk import Desk


def client(desk: Desk) -> stripe.StripeClient:
    return stripe.StripeClient("sk_test_x", http_client=desk.standin.http_client(), max_network_retries=0)


async def made(desk: Desk) -> int:
    return len((await client(desk).v1.customers.list_async()).data)


async def create(desk: Desk, key: str = "k") -> stripe.Customer:
    return await client(desk).v1.customers.create_async({"name": "Maya"}, {"idempotency_key": key})


async def test_a_slow_change_is_made_at_once_answered_late_and_its_key_is_in_use_meanwhile(desk: Desk) -> None:
    assert await made(desk) == 0  # what is read once for all is read by now
    desk.standin.fault("slow", amount=0.6)
    began = time.monotonic()
    first = asyncio.create_task(create(desk))
    await asyncio.sleep(0.05)
    assert await made(desk) == 1 and not first.done()
    with pytest.raises(stripe.APIError) as refused:
        await create(desk)
    assert refused.value.http_status == 409 and "another in-progress request" in str(refused.value)
    answer = await first
    assert time.monotonic() - began >= 0.6
    assert (await create(desk)).id == answer.id and await made(desk) == 1


async def test_what_starts_late_is_done_although_the_client_has_gone(desk: Desk) -> None:
    assert await made(desk) == 0
    desk.standin.fault("slow_start", amount=0.6)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await create(desk)
    assert await made(desk) == 0
    with pytest.raises(stripe.APIError):
        await create(desk)
    await asyncio.sleep(0.7)
    assert await made(desk) == 1
    await create(desk)
    assert await made(desk) == 1


async def test_silence_is_for_reading_too_and_ends_with_a_connection_that_is_cut(desk: Desk) -> None:
    desk.standin.fault("silent", times=2, amount=0.1)
    began = time.monotonic()
    with pytest.raises(stripe.APIConnectionError):
        await made(desk)
    with pytest.raises(stripe.APIConnectionError):
        await create(desk)
    assert time.monotonic() - began >= 0.2
    assert await made(desk) == 0


async def test_a_storm_of_409_is_for_calls_with_a_key_only(desk: Desk) -> None:
    desk.standin.fault("key_in_use", times=2)
    assert await made(desk) == 0
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            await create(desk)
    await create(desk)
    assert await made(desk) == 1


async def test_they_are_ordered_on_the_control_page_with_their_seconds(desk: Desk) -> None:
    browser = Browser(desk.standin.pages)
    asked = {"kind": "slow_start", "times": "2", "seconds": "12"}
    page = await browser.post("/offline-payments/control/fault", asked)
    assert "even when nobody waits any more: 2 left" in page.words
    with desk.standin.engine.store.reading() as connection:
        rows = connection.execute("SELECT kind, remaining, amount FROM faults").fetchall()
    assert [tuple(row) for row in rows] == [("slow_start", 2, 12)]
    refused = await browser.post("/offline-payments/control/fault", {**asked, "seconds": "soon"})
    assert refused.status == 422 and "how many seconds" in refused.words
    await browser.close()
