"""Cancelling drops a pause that is planned: one wish, one request, and what is told is told of the cancellation."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from components.foundation import clock
from components.memberships.billing.states import pause_lengths
from components.payments import reconcile
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_42_43_55_56_not_known_yet import HERE, at_the_bank, charges, settled, told_in_the_end
from tests.support import join_members, patience
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.account.membership.pausing import pause_forms

TENTH = 0.1


@pytest.fixture(autouse=True)
def tenth() -> Iterator[None]:
    with patience.scaled(TENTH):
        yield


async def planned(shop: Shop, kiln: Kiln) -> Browser:
    """A member by the month who pauses for a month once what is paid for is over."""
    browser = await join_members.joins(shop, kiln.monthly)
    paid_until: Any = (await join_members.subscription())["current_period_end"]
    until = pause_forms.local_day(pause_lengths.end_of(paid_until, 1)).isoformat()
    with patience.of():  # a busy machine may take longer than a tenth
        page = await browser.post(f"{HERE}/pause", {"start": pause_forms.AT_THE_END, "months": "1", "until": until})
    assert "Your pause is planned" in page.alerts()
    await shop.catch_up()
    return browser


@pytest.mark.parametrize("fault", ["slow", "slow_start", "error_after_commit", "timeout", "silent"])
async def test_43_whoever_cancels_is_told_of_that_and_is_not_charged_again(shop: Shop, kiln: Kiln, fault: Any) -> None:
    browser = await planned(shop, kiln)
    paid_until = (await join_members.subscription())["current_period_end"]
    shown = await browser.get(f"{HERE}/cancellation")
    shop.stand_in.fault(fault, amount=0.9)
    page = await browser.submit(shown, f"{HERE}/cancellation")
    if page.path.startswith("/account/waiting"):
        page = await told_in_the_end(browser, page)
        assert "Your membership is cancelled. It won’t renew." in page.words, page.words
    else:
        assert "Membership cancelled" in page.alerts(), page.alerts()
    await settled(shop)
    assert (await at_the_bank()).cancel_at_period_end
    page = await browser.get(HERE)
    assert "Keep my membership" in page.words and "pause" not in page.words.lower(), page.words
    clock.set_everywhere(paid_until + timedelta(days=70))  # type: ignore[operator]
    await settled(shop)
    await reconcile.lightly()
    assert (await at_the_bank()).status == "canceled" and await charges() == [450]
