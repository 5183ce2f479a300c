"""Scenarios of plan changes that are not decided at once, by their numbers in docs/payments."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.memberships.billing import plan_changes, price_migrations, subscriptions
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from components.payments.billing_requests import request_completion
from components.payments.timeouts import request_time
from tests.scenarios.test_owing import CHALLENGED, DECLINED, FAILS, GOOD, charged, new_card
from tests.scenarios.test_plans import agreed, sound, two_plans
from tests.support import agreed_dates, join_members
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HERE, CONFIRM = "/account/membership", "/account/membership/plan/confirmation"


async def asked_by_the_bank(shop: Shop, at: datetime) -> tuple[Browser, Page, str]:
    """Ten days into a month for £4.50, an upgrade to £9.00 that the bank wants confirmed; and the sum shown before."""
    browser = await join_members.joins(shop, (await two_plans())[0])
    await new_card(shop, browser, CHALLENGED)
    await join_members.until(shop, at + 10 * DAY)
    browser = await shop.signed_in(join_members.MAYA)
    shown, page = await agreed(browser, "large")
    return browser, page, shown.prices()[0]


async def confirms(shop: Shop, browser: Browser, card: str = "", **how: Any) -> Page:
    page = await browser.post(CONFIRM, {})
    assert "/offline-payments/invoice/" in page.path, page.words
    shop.stand_in.pay_invoice(page.path, card, **how)
    return await browser.get(CONFIRM)


async def plan_held() -> str:
    row = await join_members.subscription()
    return plan_catalogue.by_version(row["plan_version"]).slug  # type: ignore[arg-type]


async def open_invoices() -> int:
    return int(await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'open'"))


async def test_46_the_plan_changes_when_the_member_has_confirmed_the_sum_that_was_shown(
    shop: Shop, at: datetime
) -> None:
    browser, page, shown = await asked_by_the_bank(shop, at)
    assert page.path == CONFIRM and page.prices() == [shown]
    assert "nothing has been charged yet" in page.words and "12 March 2027 at 11:00" in page.words
    assert await plan_held() == "small" and await charged() == [450]
    await shop.catch_up()
    assert "Your bank asks you to confirm" in (await browser.get(HERE)).words
    refused = await confirms(shop, browser, challenge="fail")
    assert refused.heading == "Confirm with your bank" and await charged() == [450]
    done = await confirms(shop, browser)
    assert done.path == HERE and "You’re on Large." in done.alerts()
    await shop.catch_up()
    assert await plan_held() == "large" and [f"{one / 100:.2f}" for one in await charged()] == ["4.50", shown]
    assert await database.fetch_value("SELECT count(*) FROM plan_change WHERE applied_at IS NOT NULL") == 1
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'payment_failed'") == 0
    assert await sound() == []


@pytest.mark.parametrize("way", ["keep", "time"])
async def test_46_whoever_gives_up_stays_on_the_old_plan_and_owes_nothing(shop: Shop, at: datetime, way: str) -> None:
    browser, page, _ = await asked_by_the_bank(shop, at)
    if way == "keep":
        page = await browser.submit(page, f"{HERE}/plan/withdrawal")
        assert "You’re staying on Small." in page.alerts()
    else:
        await join_members.until(shop, clock.now() + 23 * HOUR)
        browser = await shop.signed_in(join_members.MAYA)
    await shop.catch_up()
    assert (await browser.get(CONFIRM)).path == HERE
    assert "confirm" not in (await browser.get(HERE)).words.lower()
    assert await plan_held() == "small" and await charged() == [450] and await open_invoices() == 0
    assert await database.fetch_value("SELECT count(*) FROM plan_change WHERE dropped_at IS NULL") == 0
    assert await sound() == []


async def test_46_no_pause_begins_while_a_change_waits_for_the_bank(shop: Shop, at: datetime) -> None:
    browser, _, _ = await asked_by_the_bank(shop, at)
    asked = await browser.get(f"{HERE}/pause")
    assert asked.path == CONFIRM and "then you can pause" in asked.alerts()
    refused = await browser.post(f"{HERE}/pause", agreed_dates.pause_now())
    assert refused.path == CONFIRM and "then you can pause" in refused.alerts()
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0
    await confirms(shop, browser)
    assert await plan_held() == "large" and len(await charged()) == 2 and await sound() == []


async def test_46_a_change_that_stripe_does_not_let_go_of_still_waits_and_nobody_says_otherwise(
    shop: Shop, at: datetime
) -> None:
    browser, waiting, _ = await asked_by_the_bank(shop, at)
    shop.stand_in.fault("refused", times=2)
    page = await browser.submit(waiting, f"{HERE}/plan/withdrawal")
    assert "couldn’t be taken back just now" in page.alerts() and "You’re staying on" not in page.words
    offered, page = await agreed(browser, "large")
    assert "couldn’t be taken back just now" in page.alerts(), "no other change is begun beside it"
    assert await database.fetch_value("SELECT count(*) FROM plan_change") == 1 and offered.prices()
    assert (await browser.get(CONFIRM)).path == CONFIRM and await open_invoices() == 1
    clock.set_everywhere(clock.now() + timedelta(minutes=1))
    page = await browser.submit(await browser.get(CONFIRM), f"{HERE}/plan/withdrawal")
    assert "You’re staying on Small." in page.alerts() and await open_invoices() == 0
    await shop.catch_up()
    assert await plan_held() == "small" and await charged() == [450] and await sound() == []


async def test_46_cancelling_drops_the_change_that_waits_for_the_bank(shop: Shop, at: datetime) -> None:
    browser, _, _ = await asked_by_the_bank(shop, at)
    after = await browser.submit(await browser.get(f"{HERE}/cancellation"), f"{HERE}/cancellation")
    assert "You won’t be charged again" in after.alerts() and "Your bank asks you" not in after.words
    await shop.catch_up()
    assert await open_invoices() == 0 and await plan_held() == "small" and await charged() == [450]
    assert await sound() == []


async def test_46_another_change_replaces_the_one_that_was_not_confirmed(shop: Shop, at: datetime) -> None:
    browser, _, _ = await asked_by_the_bank(shop, at)
    await new_card(shop, browser, GOOD)
    assert await plan_held() == "small" and await charged() == [450], "a new card alone confirms nothing"
    _, page = await agreed(browser, "large")
    assert "You’re now on Large." in page.alerts()
    await shop.catch_up()
    assert len(await charged()) == 2 and await open_invoices() == 0 and await sound() == []


async def test_46_a_decline_on_the_banks_page_stays_a_decline(shop: Shop, at: datetime) -> None:
    browser, _, _ = await asked_by_the_bank(shop, at)
    page = await confirms(shop, browser, DECLINED)
    assert page.heading == "Confirm with your bank" and await plan_held() == "small" and await charged() == [450]


async def test_50_a_planned_downgrade_and_an_announced_rise_the_downgrade_decides(shop: Shop) -> None:
    small, large = await two_plans()
    browser = await join_members.joins(shop, large)
    await plans.revise(large.id, price=1100, by=None)
    _, page = await agreed(browser, "small")
    assert "You’ll move to Small on 1 April 2027." in page.alerts()
    await price_migrations.schedule(
        plan_catalogue.by_slug("large"), from_at=datetime(2027, 3, 20, tzinfo=UTC), notice_days=14, by=None
    )
    for day in range(2, 32):
        clock.set_everywhere(datetime(2027, 3, day, 13, tzinfo=UTC))
        await price_migrations.run_due()
        await plan_changes.apply_due()
        await price_migrations.run_due()
        await shop.catch_up()
        if day == 10:
            page = await (await shop.signed_in(join_members.MAYA)).get(HERE)
            assert "Next charge £4.50 on 1 April 2027" in page.words
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'price_moves'") == 0
    await join_members.until(shop, datetime(2027, 4, 1, 14, tzinfo=UTC))
    assert await charged() == [900, 450] and await plan_held() == small.slug and await sound() == []


async def test_50_who_was_told_of_the_rise_first_and_then_planned_to_leave_does_not_pay_it(shop: Shop) -> None:
    small, large = await two_plans()
    await join_members.joins(shop, large)
    await plans.revise(large.id, price=1100, by=None)
    await price_migrations.schedule(
        plan_catalogue.by_slug("large"), from_at=datetime(2027, 3, 20, tzinfo=UTC), notice_days=14, by=None
    )
    clock.set_everywhere(datetime(2027, 3, 10, 13, tzinfo=UTC))
    await price_migrations.run_due()
    await shop.catch_up()
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'price_moves'") == 1
    browser = await shop.signed_in(join_members.MAYA)
    assert "Next charge £11.00 on 1 April 2027" in (await browser.get(HERE)).words
    await agreed(browser, "small")
    assert "Next charge £4.50 on 1 April 2027" in (await browser.get(HERE)).words
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    await plan_changes.cancel(row.id)
    assert "Next charge £11.00 on 1 April 2027" in (await browser.get(HERE)).words
    await agreed(browser, "small")
    clock.set_everywhere(datetime(2027, 3, 31, 14, tzinfo=UTC))
    for job in (price_migrations.run_due, plan_changes.apply_due, price_migrations.run_due):
        await job()
    await join_members.until(shop, datetime(2027, 4, 1, 14, tzinfo=UTC))
    assert await charged() == [900, 450] and await plan_held() == small.slug and await sound() == []


@pytest.mark.parametrize(
    ("status", "why"),
    [
        ("paused", "Your membership is paused."),
        ("past_due", "Pay what’s due first"),
        ("unpaid", "Pay what’s due first"),
    ],
)
async def test_where_no_change_is_possible_the_words_say_why(shop: Shop, status: str, why: str) -> None:
    browser = await join_members.joins(shop, (await two_plans())[0])
    await database.execute("UPDATE subscription SET status = $1", status)
    assert why in (await browser.get(f"{HERE}/plan/large")).alerts()


@pytest.fixture
def impatient() -> Iterator[None]:
    """Every answer takes longer than a visitor waits for it."""
    request_time.use_patience(request_time.Patience(answer=0.0))
    yield
    request_time.use_patience(request_time.Patience())


async def slowly_answered(shop: Shop, at: datetime, card: str) -> tuple[Browser, Page]:
    """An upgrade that Stripe carries out as far as the card allows, and that nobody has heard of yet."""
    browser = await join_members.joins(shop, (await two_plans())[0])
    if card != GOOD:
        await new_card(shop, browser, card)
    await join_members.until(shop, at + 10 * DAY)
    browser = await shop.signed_in(join_members.MAYA)
    return browser, (await agreed(browser, "large"))[1]


async def settles(shop: Shop) -> None:
    """Webhooks arrive, and the worker settles what nobody had an answer to."""
    await shop.catch_up()
    clock.set_everywhere(clock.now() + timedelta(minutes=3))
    await request_completion.settle_due()
    await shop.catch_up()


@pytest.mark.parametrize(("card", "plan", "count"), [(GOOD, "large", 2), (CHALLENGED, "small", 1), (FAILS, "small", 1)])
async def test_42_an_upgrade_without_an_answer_is_not_closed_and_ends_as_stripe_decided(
    shop: Shop, at: datetime, impatient: None, card: str, plan: str, count: int
) -> None:
    browser, page = await slowly_answered(shop, at, card)
    assert page.path.startswith("/account/waiting/"), page.words
    assert "not been charged" not in page.words.lower() and "nothing was charged" not in page.words.lower()
    assert await database.fetch_value("SELECT count(*) FROM plan_change WHERE dropped_at IS NOT NULL") == 0
    await settles(shop)
    assert await plan_held() == plan and len(await charged()) == count
    confirming = (await browser.get(CONFIRM)).path == CONFIRM
    assert confirming is (card == CHALLENGED)
    undecided = "SELECT count(*) FROM plan_change WHERE applied_at IS NULL AND dropped_at IS NULL"
    assert await database.fetch_value(undecided) == int(card == CHALLENGED)
    if card == FAILS:
        assert await open_invoices() == 0
    assert await sound() == []
