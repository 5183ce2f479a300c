"""Copies of one's data: written down where nobody waits for it, and not without end."""

import json
import threading
from pathlib import Path

import pytest

from components.foundation.operations import security_events
from components.people import rate_limits
from components.people.privacy import data_export
from tests.support import people
from tests.support.addresses import at_address
from tests.support.shops import Shop

ROOT = Path(__file__).parents[3]
FILES = ("/account/privacy/data.json", "/account/privacy/data.zip")


async def test_a_copy_is_written_in_a_thread(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    await people.customer("maya@kiln.test")
    threads: list[threading.Thread] = []
    written = data_export.DataExport.document

    def noted(told: data_export.DataExport) -> bytes:
        threads.append(threading.current_thread())
        return written(told)

    monkeypatch.setattr(data_export.DataExport, "document", noted)
    maya = await shop.signed_in("maya@kiln.test")
    for file in FILES:
        answer = await maya.client.get(file)
        assert answer.status_code == 200 and answer.headers["cache-control"] == "private, no-store"
    assert len(threads) == 2 and threading.current_thread() not in threads


async def test_copies_are_counted_for_each_person(shop: Shop) -> None:
    maya, _noor = await people.customer("maya@kiln.test"), await people.customer("noor@kiln.test")
    for _ in range(data_export.COPIES.most):
        await rate_limits.hit(data_export.COPIES, str(maya.id))
    browser, other = await shop.signed_in("maya@kiln.test"), await shop.signed_in("noor@kiln.test")
    for file in FILES:
        assert (await browser.client.get(file)).status_code == 429
        assert (await other.client.get(file)).status_code == 200


async def test_a_copy_says_nothing_of_what_others_did(shop: Shop) -> None:
    """An event about an account has no e-mail: asked for without one, it must not be everybody's."""
    maya, noor = await people.customer("maya@kiln.test"), await people.customer("noor@kiln.test")
    with at_address("203.0.113.9"):
        await security_events.note("sign-in", person=noor.id)
    with at_address("203.0.113.7"):
        await security_events.note("password changed", person=maya.id)
    browser = await shop.signed_in("maya@kiln.test")
    told = json.loads((await browser.client.get(FILES[0])).content)
    addresses = {one["address"] for one in told["security_events"]}
    assert "203.0.113.7" in addresses and "203.0.113.9" not in addresses
    assert await security_events.page(people=[], limit=9, offset=0) == []
    await security_events.forget(maya.id, "")
    (kept,) = await security_events.page(people=[noor.id], kind="sign-in", limit=9, offset=0)
    assert kept.address == "203.0.113.9", "and nobody else is forgotten"


async def test_a_copy_has_the_part_of_every_component(shop: Shop) -> None:
    """Every module of `components` named for an export is handed in, and what it finds is in the file."""
    handed_in = {part.__module__.replace(".", "/") + ".py" for part in data_export._parts.values()}
    parts = {path.relative_to(ROOT).as_posix() for path in (ROOT / "components").rglob("*_export.py")}
    parts -= {f"components/people/privacy/{name}_export.py" for name in ("account", "data")}
    parts.remove("components/orders/history/order_export.py")  # staff's list of orders, as a file
    assert len(parts) >= 7 and parts == {path for path in handed_in if path.endswith("_export.py")}
    await people.customer("maya@kiln.test")
    told = json.loads((await (await shop.signed_in("maya@kiln.test")).client.get(FILES[0])).content)
    assert set(told) >= {
        "account", "memberships", "gift_memberships_bought", "orders", "invoices", "orders_of_earlier_shop", "emails",
        "everything",
    }  # fmt: skip
