"""Deliveries by HTTP that should not be believed: 400, 413 or nothing at all, and never a 500."""

import json
from datetime import datetime, timedelta

from stripe import WebhookSignature

from components.foundation import clock, database, settings
from tests.scenarios.conftest import Kiln
from tests.support.cells import every_cell

SECRET = "whsec_somebody_elses"
EVENT = {
    "id": "evt_39",
    "object": "event",
    "type": "checkout.session.completed",
    "livemode": False,
    "created": 1_803_902_400,
    "data": {"object": {"id": "cs_test_39", "object": "checkout.session"}},
}


def body_of(**changes: object) -> bytes:
    return json.dumps({**EVENT, **changes}).encode()


def signed(body: bytes, *, secret: str | None = None, at: datetime | None = None) -> str:
    text, moment = body.decode("utf-8", "replace"), int((at or clock.now()).timestamp())
    key = secret or settings.current().stripe_webhook_secret
    return WebhookSignature.generate_signature_header(text, key, moment)


async def kept() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM inbox_event"))


async def answer(kiln: Kiln, body: bytes, signature: str | None) -> int:
    headers = {"content-type": "application/json"} | ({"stripe-signature": signature} if signature else {})
    return await kiln.post(body, headers)


async def test_39_a_good_delivery_is_kept_once_and_answered_200(kiln: Kiln) -> None:
    body = body_of()
    assert [await answer(kiln, body, signed(body)) for _ in range(2)] == [200, 200]
    assert await kept() == 1


async def test_39_a_wrong_secret_a_replay_and_a_future_timestamp_are_400(kiln: Kiln) -> None:
    body, now = body_of(), clock.now()
    for signature in (
        signed(body, secret=SECRET),
        signed(body, at=now - timedelta(hours=1)),
        signed(body, at=now + timedelta(hours=1)),
        None,
        "t=,v1=",
    ):
        assert await answer(kiln, body, signature) == 400
    assert await kept() == 0


async def test_39_two_signatures_while_the_secret_is_being_changed_are_enough(kiln: Kiln) -> None:
    body = body_of()
    both = f"{signed(body, secret=SECRET)},{signed(body).split(',')[1]}"
    assert await answer(kiln, body, both) == 200


async def test_39_a_header_outside_ascii_is_400(kiln: Kiln) -> None:
    moment = int(clock.now().timestamp())
    raw = f"t={moment},v1=".encode() + b"\xe9\xff" * 32
    assert await kiln.post(body_of(), {"stripe-signature": raw}) == 400  # type: ignore[dict-item]


async def test_39_a_body_outside_utf8_is_400(kiln: Kiln) -> None:
    body = body_of()[:-1] + b', "x": "\xff"}'
    assert await answer(kiln, body, signed(body)) == 400


async def test_39_a_megabyte_is_413(kiln: Kiln) -> None:
    body = body_of(padding="x" * 1_000_000)
    assert await answer(kiln, body, signed(body)) == 413
    assert await kept() == 0


async def test_39_another_mode_is_400_and_another_account_is_ignored(kiln: Kiln) -> None:
    live, elsewhere = body_of(livemode=True), body_of(account="acct_1")
    assert await answer(kiln, live, signed(live)) == 400
    assert await answer(kiln, elsewhere, signed(elsewhere)) == 200
    assert await kept() == 0


@every_cell("body", [b"", b"{", b"[]", b"\x00", b"[" * 100_000, body_of(id="evt \x00"), body_of(data=1)])
async def test_39_signed_nonsense_is_400(kiln: Kiln, body: bytes) -> None:
    assert await answer(kiln, body, signed(body)) == 400


async def test_39_only_posting_is_possible(kiln: Kiln) -> None:
    page = await kiln.shop.browser().get("/hooks/stripe")
    assert page.status == 405
