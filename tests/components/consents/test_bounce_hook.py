"""Reports of a mail provider: its secret, both forms, and whatever else anybody may send there."""

import json
from dataclasses import replace
from typing import Any

import pytest

from components.consents import bounce_hook, consents, mailing_rules
from tests.support import people
from tests.support.shops import Shop

GUEST = "guest@kiln.test"
POSTMARK = {
    "RecordType": "Bounce", "MessageStream": "broadcast", "ID": 42, "Type": "HardBounce", "TypeCode": 1,
    "Email": "Guest@Kiln.test", "Details": "550 5.1.1 The email account does not exist", "Inactive": True,
}  # fmt: skip


@pytest.fixture
async def hook(shop: Shop) -> str:
    owner = await people.owner()
    await mailing_rules.save(replace(await mailing_rules.current(), is_hook_open=True), by=owner.id)
    await consents.agree(GUEST, ("news",), how="checkout")
    return bounce_hook.address(await mailing_rules.current()).removeprefix("http://shop.test")


async def sent(shop: Shop, to: str, what: Any) -> tuple[int, str]:
    body = what if isinstance(what, bytes) else json.dumps(what).encode()
    answer = await shop.browser().client.post(to, content=body, headers={"content-type": "application/json"})
    return answer.status_code, answer.text


async def why() -> str:
    return (await consents.standing(GUEST)).unreachable_why


@pytest.mark.parametrize(
    ("event", "noted"),
    [
        ({"type": "bounce", "email": GUEST, "permanent": True, "detail": "no such user"}, "bounce"),
        ({"type": "bounce", "email": GUEST, "permanent": False}, ""),
        ({"type": "bounce", "email": GUEST}, ""),
        ({"events": [{"type": "complaint", "email": GUEST.upper()}]}, "complaint"),
        (POSTMARK, "bounce"),
        (POSTMARK | {"Type": "BadEmailAddress"}, "bounce"),
        (POSTMARK | {"Type": "SoftBounce"}, ""),
        (POSTMARK | {"Type": "SpamComplaint"}, "complaint"),
        (POSTMARK | {"RecordType": "SpamComplaint", "Type": "SpamComplaint"}, "complaint"),
        (POSTMARK | {"RecordType": "Open"}, ""),
        ([POSTMARK], "bounce"),
    ],
)
async def test_only_what_is_permanent_counts_and_twice_is_once(shop: Shop, hook: str, event: Any, noted: str) -> None:
    for _ in range(2):
        assert (await sent(shop, hook, event))[0] == 200
    assert await why() == noted
    assert (await consents.standing(GUEST)).agreed == (() if noted == "complaint" else ("news",))


@pytest.mark.parametrize(
    "wrong",
    [b"", b"{", b"\xff", b"7", b'"x"', b"null", [1], {"type": "other"}, {"type": "bounce", "permanent": True},
     {"type": "bounce", "email": 5, "permanent": True}, {"events": "x"}, {"events": [{}] * 1001},
     {"type": "bounce", "email": "a\x00@b.c", "permanent": True}, {"RecordType": "Bounce", "Type": "HardBounce"}],
)  # fmt: skip
async def test_what_cannot_be_read_is_refused_in_words(shop: Shop, hook: str, wrong: Any) -> None:
    status, words = await sent(shop, hook, wrong)
    assert status == 422 and words and await why() == ""


async def test_only_the_secret_of_today_opens_it_and_only_while_it_is_open(shop: Shop, hook: str) -> None:
    event = {"type": "bounce", "email": GUEST, "permanent": True}
    for path in ("/hooks/mail/x", f"{hook}x", hook[:-1]):
        assert (await sent(shop, path, event))[0] == 404
    owner = await people.customer("other@kiln.test")
    rules = await mailing_rules.current()
    await mailing_rules.save(replace(rules, hook_number=2), by=owner.id)
    assert (await sent(shop, hook, event))[0] == 404
    renewed = bounce_hook.address(await mailing_rules.current()).removeprefix("http://shop.test")
    await mailing_rules.save(replace(rules, hook_number=2, is_hook_open=False), by=owner.id)
    assert (await sent(shop, renewed, event))[0] == 404 and await why() == ""
    await mailing_rules.save(replace(rules, hook_number=2), by=owner.id)
    assert (await sent(shop, renewed, event))[0] == 200 and await why() == "bounce"
