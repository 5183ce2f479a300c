"""What arrives at the hook: only what Stripe has signed just now is kept, and nothing makes the shop fall over."""

import json
from datetime import datetime, timedelta

import pytest
from stripe import WebhookSignature

from components.foundation import database, settings
from components.payments.webhooks import inbox, signatures, webhook_payloads
from components.payments.webhooks.inbox import WebhookTooLarge
from components.payments.webhooks.signatures import BadDelivery
from tests.support.cells import every_cell


def event(**changes: object) -> bytes:
    made = {
        "id": "evt_1",
        "object": "event",
        "type": "checkout.session.completed",
        "livemode": False,
        "created": 1_803_902_400,
        "data": {"object": {"id": "cs_test_1", "object": "checkout.session"}},
    }
    return json.dumps({**made, **changes}).encode()


def signed(body: bytes, at: datetime, *, secret: str | None = None) -> str:
    secret = secret or settings.current().stripe_webhook_secret
    return WebhookSignature.generate_signature_header(body.decode("utf-8", "replace"), secret, int(at.timestamp()))


async def kept() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM inbox_event"))


async def test_39_a_signed_event_is_kept_once_however_often_it_comes(db: None, at: datetime) -> None:
    for _ in range(3):
        await inbox.receive(event(), signed(event(), at))
    assert await kept() == 1
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'process_event'") == 1


async def test_39_two_signatures_are_enough_when_one_fits(db: None, at: datetime) -> None:
    good = signed(event(), at)
    await inbox.receive(event(), good.replace(",v1=", f",v1={'0' * 64},v1="))
    assert await kept() == 1


@pytest.mark.parametrize("late", [timedelta(seconds=-299), timedelta(seconds=299)])
async def test_39_clocks_may_differ_a_little(db: None, at: datetime, late: timedelta) -> None:
    await inbox.receive(event(), signed(event(), at + late))
    assert await kept() == 1


@every_cell("late", [timedelta(minutes=-6), timedelta(minutes=6), timedelta(days=-30), timedelta(days=30)])
async def test_39_a_replay_and_a_delivery_from_the_future_are_refused(db: None, at: datetime, late: timedelta) -> None:
    with pytest.raises(BadDelivery):
        await inbox.receive(event(), signed(event(), at + late))
    assert await kept() == 0


@every_cell(
    "header",
    [None, "", "t=1", "v1=abc", "t=abc,v1=abc", "t=1,v0=abc", "rubbish", ",,,", "t=,v1=", "t=1=2=3,v1=é", "t=٣,v1=x"],
)
async def test_39_a_malformed_signature_is_refused(db: None, header: str | None) -> None:
    with pytest.raises(BadDelivery):
        await inbox.receive(event(), header)


async def test_39_a_signature_outside_ascii_is_refused(db: None, at: datetime) -> None:
    with pytest.raises(BadDelivery):
        await inbox.receive(event(), f"t={int(at.timestamp())},v1=ü{'0' * 63}")


async def test_39_the_wrong_secret_is_refused(db: None, at: datetime) -> None:
    with pytest.raises(BadDelivery):
        await inbox.receive(event(), signed(event(), at, secret="whsec_other"))


async def test_39_a_body_that_is_not_text_is_refused(db: None, at: datetime) -> None:
    body = event()[:-1] + b"\xff\xfe}"
    with pytest.raises(BadDelivery):
        await inbox.receive(body, signed(body, at))


async def test_39_a_body_of_a_megabyte_is_refused(db: None, at: datetime) -> None:
    body = event(padding="x" * 1_000_000)
    with pytest.raises(WebhookTooLarge):
        await inbox.receive(body, signed(body, at))


async def test_39_an_event_of_live_money_is_refused_in_test_mode(db: None, at: datetime) -> None:
    with pytest.raises(BadDelivery):
        await inbox.receive(event(livemode=True), signed(event(livemode=True), at))
    assert await kept() == 0


async def test_39_an_event_of_another_account_is_ignored(db: None, at: datetime) -> None:
    await inbox.receive(event(account="acct_other"), signed(event(account="acct_other"), at))
    assert await kept() == 0


@every_cell(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'"event"',
        b"{",
        b"[" * 5000,
        event(object="charge"),
        event(id=7),
        event(id="evt\x00"),
        event(id="evt " * 200),
        event(data={}),
        event(data={"object": []}),
        event(created="now"),
        event(created=10**20),
        b'{"id": "evt_\\ud800", "object": "event"}',
    ],
)
async def test_39_a_signed_body_that_is_no_event_is_refused(db: None, at: datetime, body: bytes) -> None:
    with pytest.raises(BadDelivery):
        await inbox.receive(body, signed(body, at))
    assert await kept() == 0


def test_an_event_about_a_thing_without_an_id_is_kept_without_one() -> None:
    assert webhook_payloads.parse(event(data={"object": {"object": "balance"}})).object_id == ""


def test_the_sdk_alone_would_take_a_delivery_from_the_future(at: datetime) -> None:
    header = signed(event(), at + timedelta(days=9000))
    assert WebhookSignature.verify_header(event(), header, settings.current().stripe_webhook_secret, tolerance=300)
    with pytest.raises(BadDelivery):
        signatures.verify(event(), header, secret=settings.current().stripe_webhook_secret, at=at)
