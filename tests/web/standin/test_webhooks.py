"""Events on their way to the shop."""

import asyncio
import contextlib
import itertools
import json
import time
from datetime import timedelta
from typing import Any

import pytest
import stripe

from tests.web.standin.desk import SECRET, Desk
from web.standin.resources import events
from web.standin.standin import StandIn
from web.standin.state import paging
from web.standin.webhooks import signing


async def test_the_sdk_accepts_the_signature_and_no_other(desk: Desk) -> None:
    sent: list[tuple[bytes, str]] = []

    async def post(body: bytes, headers: dict[str, str]) -> int:
        sent.append((body, headers["stripe-signature"]))
        return 200

    await desk.v1.customers.create_async({"email": "maya@kiln.test"})
    assert await desk.standin.deliver_due(post) == 1
    body, signature = sent[0]
    event = stripe.Webhook.construct_event(body, signature, SECRET, tolerance=10**9)
    assert (event.type, event.data.object.email, event.api_version) == (
        "customer.created",
        "maya@kiln.test",
        "2026-10-28.endive",
    )
    for wrong in ((body + b" ", signature, SECRET), (body, signature, "whsec_other")):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(*wrong, tolerance=10**9)


def test_the_signature_is_stamped_with_the_time() -> None:
    now = int(time.time())
    header = signing.header(b"{}", secret=SECRET, at=now - 301)
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        stripe.WebhookSignature.verify_header("{}", header, SECRET, 300)


async def test_what_is_not_accepted_is_tried_again_with_growing_pauses(desk: Desk) -> None:
    tries: list[int] = []

    async def busy(body: bytes, headers: dict[str, str]) -> int:
        tries.append(desk.seconds())
        return 503 if len(tries) < 4 else 200

    await desk.v1.customers.create_async({})
    for _ in range(40):
        await desk.standin.deliver_due(busy)
        desk.advance(seconds=10)
    assert [later - earlier for earlier, later in itertools.pairwise(tries)] == [10, 30, 300]
    assert await desk.standin.deliver_due(busy) == 0


async def test_a_shop_that_answers_nothing_at_all_is_tried_again(desk: Desk) -> None:
    async def broken(body: bytes, headers: dict[str, str]) -> int:
        raise ConnectionError

    await desk.v1.customers.create_async({})
    assert await desk.standin.deliver_due(broken) == 0
    desk.advance(seconds=5)
    assert await desk.delivered() == ["customer.created"]


@pytest.mark.parametrize(("fault", "arrive"), [("duplicate", 4), ("drop", 2)])
async def test_duplicates_and_losses_can_be_ordered(desk: Desk, fault: str, arrive: int) -> None:
    for _ in range(3):
        await desk.v1.customers.create_async({})
    desk.standin.fault(fault)  # type: ignore[arg-type]
    assert len(await desk.delivered()) == arrive
    assert len((await desk.v1.events.list_async()).data) == 3


async def test_the_wrong_order_can_be_ordered(desk: Desk) -> None:
    await desk.bought(2500)
    desk.standin.fault("reorder")
    assert (await desk.delivered())[0] == "checkout.session.completed"


async def test_a_late_delivery_can_be_ordered(desk: Desk) -> None:
    await desk.v1.customers.create_async({})
    desk.standin.fault("delay", amount=600)
    assert await desk.delivered() == []
    desk.advance(seconds=599)
    assert await desk.delivered() == []
    desk.advance(seconds=1)
    assert await desk.delivered() == ["customer.created"]


async def test_an_event_holds_the_object_as_it_was(desk: Desk) -> None:
    customer = await desk.v1.customers.create_async({"name": "Maya"})
    await desk.v1.customers.update_async(customer.id, {"name": "Maya Khan"})
    await desk.delivered()
    assert [event.data.object.name for event in desk.seen] == ["Maya", "Maya Khan"]
    again = await desk.v1.events.retrieve_async(desk.seen[0].id)
    assert (again.data.object.name, again.pending_webhooks) == ("Maya", 0)


async def test_an_update_tells_what_was_before(desk: Desk) -> None:
    subscription = await desk.joined(await desk.price(1000))
    await desk.v1.subscriptions.update_async(subscription.id, {"cancel_at_period_end": True})
    await desk.delivered()
    previous = desk.seen[-1].data.previous_attributes
    assert (previous["cancel_at_period_end"], previous["cancel_at"]) == (False, None)


async def test_events_can_be_listed_by_type_and_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.bought(2500)
    middle = desk.seconds() + 1
    desk.advance(days=1)
    await desk.bought(2500)
    found = await desk.v1.events.list_async({"types": ["checkout.session.completed"], "created": {"gte": middle}})
    assert len(found.data) == 1
    monkeypatch.setattr(paging, "LOT", 2)
    everything = [event.id async for event in (await desk.v1.events.list_async({"limit": 2})).auto_paging_iter()]
    assert len(everything) == len(set(everything)) == 12


async def test_a_page_of_events_reads_no_more_than_it_shows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        await desk.bought(2500)
        desk.advance(days=1)
    read: list[str] = []

    def shown(_: object, body: str) -> dict[str, Any]:
        read.append(body)
        return dict(json.loads(body))

    monkeypatch.setattr(events, "_shown", shown)
    monkeypatch.setattr(paging, "LOT", 2)
    newest = (await desk.v1.events.list_async({"limit": 3})).data
    assert len(read) == 4, "one more says whether there is another page"
    read.clear()
    await desk.v1.events.list_async({"limit": 3, "starting_after": newest[-1].id})
    assert len(read) == 5, "from the last one on"
    read.clear()
    assert len((await desk.v1.events.list_async({"created": {"gte": newest[-1].created}})).data) == len(read) == 6


async def test_a_webhook_endpoint_chooses_the_events(desk: Desk) -> None:
    await desk.v1.webhook_endpoints.create_async(
        {"url": "http://shop.test/hooks/stripe", "enabled_events": ["checkout.session.completed"]}
    )
    await desk.bought(2500)
    assert await desk.delivered() == ["checkout.session.completed"]


async def test_nothing_is_announced_quietly(desk: Desk) -> None:
    with desk.standin.quietly():
        await desk.bought(2500)
    assert await desk.delivered() == []
    assert (await desk.v1.events.list_async()).data == []


async def test_two_couriers_deliver_each_event_once(desk: Desk) -> None:
    other = StandIn(desk.standin.engine.store.path, SECRET, strict=True)
    other.follow(desk.standin.now)
    for _ in range(60):
        await desk.v1.customers.create_async({})
    seen: list[str] = []

    async def post(body: bytes, headers: dict[str, str]) -> int:
        await asyncio.sleep(0)
        seen.append(json.loads(body)["id"])
        return 200

    counts = await asyncio.gather(desk.standin.deliver_due(post), other.deliver_due(post))
    assert sum(counts) == len(seen) == len(set(seen)) == 60
    assert min(counts) > 0
    other.close()


async def test_running_delivers_as_soon_as_something_happens(desk: Desk) -> None:
    arrived = asyncio.Event()

    async def post(body: bytes, headers: dict[str, str]) -> int:
        arrived.set()
        return 200

    task = asyncio.create_task(desk.standin.run(post))
    await asyncio.sleep(0.05)
    began = time.perf_counter()
    await desk.v1.customers.create_async({})
    await asyncio.wait_for(arrived.wait(), 2)
    assert time.perf_counter() - began < 0.5
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def test_running_keeps_time(desk: Desk) -> None:
    """Renewals happen, and are announced, without anybody asking."""
    subscription = await desk.joined(await desk.price(1000))
    await desk.delivered()
    paid = asyncio.Event()

    async def post(body: bytes, headers: dict[str, str]) -> int:
        if json.loads(body)["type"] == "invoice.paid":
            paid.set()
        return 200

    later = desk.start + timedelta(days=31, hours=1)
    desk.standin.follow(lambda: later)
    task = asyncio.create_task(desk.standin.run(post))
    await asyncio.wait_for(paid.wait(), 5)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert len(await desk.invoices(subscription)) == 2
