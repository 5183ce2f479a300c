"""Retry schedule × final state × either side of the grace × what the member does: there is no dead end in any of them.

In each: access, page, banner and buttons say one thing; a decline and a failed challenge change nothing; paying (on the
invoice's page or by a new card) brings everything back at once; nobody is charged twice.
"""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.memberships.billing.subscription_state import GRACE
from tests.scenarios import test_owing as owing
from tests.scenarios.test_owing import CHALLENGED, DAY, DECLINED, GOOD, HERE, HOUR, PAY, RENEWAL, SECOND
from tests.support import join_members
from tests.support.pages import Browser
from tests.support.shops import Shop
from web.standin.billing.dunning import FINAL_STATES, SCHEDULES, FinalState

MOMENTS = {"in grace": 10 * DAY, "last second": GRACE - SECOND, "grace over": GRACE, "long after": 75 * DAY}


@pytest.mark.parametrize("moment", list(MOMENTS))
@pytest.mark.parametrize("final", FINAL_STATES)
@pytest.mark.parametrize("schedule", ["one week", "two months"])
async def test_44_45_whatever_the_bank_and_the_grace_the_way_back_is_open(
    shop: Shop, schedule: str, final: FinalState, moment: str
) -> None:
    shop.stand_in.retry_renewals(schedule=schedule, then=final)
    await owing.failing(shop)
    after_retries = timedelta(days=sum(SCHEDULES[schedule])) + 2 * HOUR
    for passed in sorted({min(after_retries, MOMENTS[moment]), MOMENTS[moment]}):
        await join_members.until(shop, RENEWAL + passed)
    browser = await shop.signed_in(join_members.MAYA)
    used_up = timedelta(days=sum(SCHEDULES[schedule])) + HOUR <= MOMENTS[moment]
    if used_up and final == "cancel":
        await _has_ended(browser)
        return
    assert await owing.status() == (final if used_up else "past_due")
    await _owes(browser, has_benefits=MOMENTS[moment] < GRACE)
    await owing.pays(shop, browser, DECLINED)
    await owing.pays(shop, browser, CHALLENGED, challenge="fail")
    await _owes(browser, has_benefits=MOMENTS[moment] < GRACE)
    assert await owing.charged() == [450]
    if moment in ("in grace", "grace over"):
        await owing.pays(shop, browser, CHALLENGED, challenge="pass")
    else:
        await owing.new_card(shop, browser, GOOD)
    await shop.catch_up()
    await _is_back(shop, browser)


async def _owes(browser: Browser, *, has_benefits: bool) -> None:
    assert await owing.is_member() is has_benefits
    page = await browser.get(HERE)
    words = "You keep your benefits until 15 April 2027." if has_benefits else "Your benefits are off"
    assert words in page.words and "Rejoin" not in page.words and "has ended" not in page.words
    due = await browser.get(PAY)
    assert due.heading == "Payment due" and due.prices() == ["4.50"] and due.form(f"{HERE}/card")
    assert f"{HERE}/cancellation" in due.links()
    assert "hasn't gone through" in (await browser.get("/products")).words
    assert "no need to join again" in (await browser.post("/join/monthly", {})).words


async def _is_back(shop: Shop, browser: Browser) -> None:
    assert await owing.status() == "active" and await owing.is_member()
    assert await owing.charged() == [450, 450]
    assert (await browser.get(PAY)).path == HERE
    assert "hasn't gone through" not in (await browser.get("/products")).words
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'open'") == 0
    receipts = "SELECT count(*) FROM email WHERE template = 'payment_receipt' AND subject LIKE '%went through'"
    assert await database.fetch_value(receipts) == 1
    end = (await join_members.subscription())["current_period_end"]
    await join_members.until(shop, end - SECOND)  # type: ignore[operator]
    assert await owing.charged() == [450, 450] and await owing.sound() == []


async def _has_ended(browser: Browser) -> None:
    assert await owing.status() == "cancelled" and not await owing.is_member()
    page = await browser.get(HERE)
    assert "Monthly has ended" in page.words and (await browser.get(PAY)).path == HERE
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'open'") == 0
    assert "/offline-payments/pay/" in (await browser.post("/join/monthly", {})).path
    assert await owing.charged() == [450] and await owing.sound() == []
    assert clock.now() >= RENEWAL
