"""Sessions of staff end sooner, and the list of devices says where each is from."""

import dataclasses
from datetime import timedelta

import pytest

from components.foundation import clock, database, settings
from components.people import session_list, sessions
from tests.conftest import NOON
from tests.support import people
from tests.support.shops import Shop


async def _who(token: str) -> sessions.SignedIn | None:
    (found,) = await database.batch(sessions.query(token))
    return found  # type: ignore[no-any-return]


async def test_staff_are_signed_out_after_twelve_idle_hours_and_after_a_week(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = dataclasses.replace(settings.current(), staff_idle_hours=12)
    monkeypatch.setattr(settings, "current", lambda: known)
    sam, noor = await people.staff(), await people.customer()
    idle, used, shopper = await sessions.start(sam.id), await sessions.start(sam.id), await sessions.start(noor.id)
    for hours in range(0, 7 * 24, 11):
        clock.set_everywhere(NOON + timedelta(hours=hours))
        found = await _who(used)
        assert found is not None, f"signed out after {hours} hours"
        assert found.is_due == (hours > 0), "the use of staff is noted every quarter of an hour"
        await sessions.touch(used)
        assert (await _who(idle) is not None) == (hours < 12)
    clock.set_everywhere(NOON + timedelta(days=7))
    assert await _who(used) is None and await _who(shopper) is not None


async def test_a_device_has_a_browser_an_address_and_two_instants(shop: Shop) -> None:
    noor = await people.customer()
    here = await shop.signed_in(noor.email)
    (one,) = await session_list.active_sessions(noor.id, token=here.client.cookies["session"])
    assert (one.agent, one.address, one.is_this_one) == ("Tests", "127.0.0.1", True)
    page = await here.get("/account/sessions")
    assert "127.0.0.1" in page.words and "Signed in" in page.words and "Last seen" in page.words
