"""Whoever waits is answered within ten seconds, however many slow calls to Stripe their act needs: done, refused, or
not known yet. Seconds are a tenth of real ones."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime

import pytest

from components.foundation import database
from components.insights import stripe_differences
from components.payments.timeouts import request_time, unattended
from components.payments.timeouts.request_time import Patience
from tests.scenarios.conftest import Kiln
from tests.scenarios.test_48_fee_refunds import at_the_bank, iris
from tests.scenarios.test_confirmed_changes import CONFIRM, asked_by_the_bank, plan_held
from tests.scenarios.test_owing import failing
from tests.scenarios.test_saved_card import charges, member, press
from tests.support import join_members, patience
from tests.support.pages import Page
from tests.support.shops import Shop
from tests.web.staff.test_differences import unanswered_refund
from web.standin.http import slowness

TENTH = 0.1
OVERHEAD = 0.4
"""Of a busy machine."""
assert Patience().reads + Patience().grace < 10
HERE = "/account/membership"
Act = Callable[[], Awaitable[Page]]


@pytest.fixture(autouse=True)
async def nothing_goes_on() -> AsyncIterator[None]:
    yield
    await slowness.finish()
    await unattended.finish()


def slowly(shop: Shop, *seconds: float) -> None:
    """The next changes at Stripe take so long: answered late, and the last one is begun late, too."""
    *first, last = seconds
    for each in first:
        shop.stand_in.fault("slow", amount=each * TENTH)
    shop.stand_in.fault("slow_start", amount=last * TENTH)


async def in_time(act: Act, **seconds: float) -> Page:
    """With the shop's own patience, or with these `seconds` of it."""
    with patience.of(**seconds) if seconds else patience.scaled(TENTH):
        known, began = request_time.patience(), time.monotonic()
        page = await act()
    assert time.monotonic() - began < known.reads + known.grace + OVERHEAD
    return page


async def settle(shop: Shop) -> None:
    await slowness.finish()
    await unattended.finish()
    await shop.catch_up()


async def test_42_a_saved_card_whose_payment_is_made_slowly_and_confirmed_more_slowly(kiln: Kiln) -> None:
    browser = await member(kiln)
    checkout = await kiln.to_checkout(browser)
    slowly(kiln.shop, 7, 25)
    page = await in_time(lambda: press(browser, checkout), reads=2.0, per_read=2.0, answer=2.0, grace=0.1)
    assert page.heading == "We’re asking your bank", page.words
    await settle(kiln.shop)
    assert (await browser.get(page.path)).heading == "Thank you, Noor."
    assert len(await charges(kiln)) == 1 and await kiln.broken() == []


async def test_42_who_owes_cancels_and_the_open_invoice_is_void_later(shop: Shop) -> None:
    browser = await failing(shop)
    asked = await browser.get(f"{HERE}/cancellation")
    slowly(shop, 4, 18)
    page = await in_time(lambda: browser.submit(asked, f"{HERE}/cancellation"))
    assert "It has ended, and you won’t be charged again" in page.alerts(), page.words
    await settle(shop)
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'open'") == 0


@pytest.mark.parametrize("way", ["cancels", "keeps the old plan"])
async def test_42_a_change_that_waits_for_the_bank_is_taken_back_slowly(shop: Shop, at: datetime, way: str) -> None:
    browser, waiting, _ = await asked_by_the_bank(shop, at)
    asked = await browser.get(f"{HERE}/cancellation")
    slowly(shop, 18)
    if way == "cancels":
        page = await in_time(lambda: browser.submit(asked, f"{HERE}/cancellation"))
        assert "You won’t be charged again" in page.alerts(), page.words
    else:
        page = await in_time(lambda: browser.submit(waiting, f"{HERE}/plan/withdrawal"))
        assert "We don’t know yet whether your earlier change of plan is off" in page.alerts(), page.words
    await settle(shop)
    assert (await browser.get(CONFIRM)).path == HERE and await plan_held() == "small"
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'open'") == 0


async def test_42_a_refund_that_staff_have_sent_again(kiln: Kiln) -> None:
    await join_members.joins(kiln.shop, kiln.annual)
    staff = await iris(kiln)
    await unanswered_refund(kiln)
    kiln.later(hours=1)
    await stripe_differences.compare()
    found = await database.fetch_value("SELECT id FROM stripe_difference WHERE gone_at IS NULL")
    slowly(kiln.shop, 18)
    page = await in_time(lambda: staff.post(f"/staff/payments/differences/{found}/repair"))
    assert "Stripe hasn’t answered yet" in page.alerts(), page.words
    await settle(kiln.shop)
    assert await at_the_bank() == [100]
