"""Who joins by bank debit has the time they pay for from the day the money arrives: the renewal moves by those days."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from components.foundation import clock, database
from components.insights import invariants
from components.memberships.billing import cancellations, pauses, plan_changes, subscriptions
from components.memberships.billing.states import late_start_schedule, pause_periods
from components.memberships.entitlements import entitlements
from components.payments.billing_requests import request_completion
from components.payments.mirror import mirrored_invoices
from components.payments.stripe_connection import client
from tests.scenarios.test_owing import charged
from tests.support import join_members, make_plans, patience
from tests.support.pages import Browser
from tests.support.shops import Shop

BANK, CARD = "10880000012345", "4242424242424242"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
TAKES = timedelta(days=3)
JOINED = datetime.fromisoformat("2027-03-01T12:00:00Z")
BEGAN = JOINED + TAKES
MONTH_LATER, MOVED = datetime.fromisoformat("2027-04-01T12:00:00Z"), datetime.fromisoformat("2027-04-04T12:00:00Z")
HERE = "/account/membership"


async def arrived(shop: Shop, *, interval: Any = "month") -> Browser:
    """Joined on 1 March, and the money came on the 4th."""
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval=interval), card=BANK)
    await join_members.until(shop, BEGAN + timedelta(seconds=1))
    assert (await join_members.subscription())["status"] == "active"
    return browser


async def local_id() -> Any:
    return (await join_members.subscription())["id"]


async def at_stripe() -> Any:
    (found,) = (await client().v1.subscriptions.list_async({"status": "all"})).data
    return found


async def renews() -> tuple[datetime, datetime]:
    """Here and at Stripe, to the minute."""
    at = (await at_stripe())["items"].data[0].current_period_end
    ours: Any = (await join_members.subscription())["current_period_end"]
    return ours.replace(second=0), datetime.fromtimestamp(at, tz=ours.tzinfo).replace(second=0)


async def sound() -> list[str]:
    return [words async for part in invariants.examine() for words in part.broken]


async def is_member() -> bool:
    return (await entitlements.for_person(await join_members.person(), clock.now())).is_member


async def test_the_paid_month_begins_with_the_benefits_and_everybody_is_told_so(shop: Shop) -> None:
    browser = await arrived(shop)
    assert await renews() == (MOVED, MONTH_LATER) and await sound() == [], "told before Stripe knows it"
    told = await database.fetch_value("SELECT text FROM email WHERE template = 'membership_started'")
    assert "It renews on 4 April 2027." in told
    for turn in range(3):
        page = (await browser.get(HERE)).words
        assert "£4.50 on 4 April 2027" in page and "4 March 2027 to 4 April 2027" in page, (turn, page)
        await late_start_schedule.move_due()
        await shop.catch_up()
    assert await renews() == (MOVED, MOVED) and await sound() == []
    moves = "SELECT count(*) FROM billing_request WHERE kind = 'move_renewal'"
    assert await database.fetch_value(moves) == 1, "once, however often it is looked at"
    assert await database.fetch_value("SELECT count(*) FROM trial") == 0
    await join_members.until(shop, MONTH_LATER + DAY)
    assert await charged() == [450] and await is_member()
    await join_members.until(shop, MOVED + 2 * timedelta(hours=1))
    await join_members.until(shop, MOVED + TAKES + DAY)
    assert await charged() == [450, 450]
    spans = await database.fetch("SELECT starts_at, ends_at FROM paid_period ORDER BY starts_at")
    assert spans[0]["ends_at"] == spans[1]["starts_at"] and spans[0]["starts_at"] >= BEGAN
    kinds = "SELECT string_agg(kind, ' ' ORDER BY at) FROM current_movements"
    assert await database.fetch_value(kinds) == "new" and await sound() == []


async def test_a_card_is_prompt_and_moves_nothing(shop: Shop) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month"), card=CARD)
    await late_start_schedule.move_due()
    assert (await join_members.subscription())["late_by"] == 0
    assert await renews() == (MONTH_LATER, MONTH_LATER)
    assert await database.fetch_value("SELECT count(*) FROM billing_request") == 0


@pytest.mark.parametrize("fault", ["rate_limit", "unavailable", "timeout", "error_after_commit"])
async def test_while_stripe_is_away_it_waits_and_is_moved_once(shop: Shop, fault: Any) -> None:
    await arrived(shop)
    shop.stand_in.fault(fault, times=1000 if fault in ("rate_limit", "unavailable") else 2)
    with patience.of(reads=0.1, per_read=0.1, writes=0.1, first_pause=0.02):
        await late_start_schedule.move_due()
    shop.stand_in.fault(fault, times=0)
    for _ in range(2):
        clock.set_everywhere(clock.now() + timedelta(minutes=6))
        await request_completion.settle_due()
        await late_start_schedule.move_due()
        await shop.catch_up()
    assert await renews() == (MOVED, MOVED) and await sound() == []


@pytest.mark.parametrize("when", ["before it is moved", "afterwards"])
async def test_who_cancels_meanwhile_has_the_days_too_and_is_not_charged(shop: Shop, when: str) -> None:
    browser = await arrived(shop)
    if when == "afterwards":
        await late_start_schedule.move_due()
    page = await browser.submit(await browser.get(f"{HERE}/cancellation"), f"{HERE}/cancellation")
    assert "4 April 2027" in page.words and "1 April" not in page.words
    await late_start_schedule.move_due()
    await join_members.until(shop, MONTH_LATER + DAY)
    assert await is_member() and await sound() == []
    await join_members.until(shop, MOVED + DAY)
    assert not await is_member() and await charged() == [450] and await sound() == []


async def test_what_ended_at_once_meanwhile_is_not_moved(shop: Shop) -> None:
    await arrived(shop)
    await cancellations.end_now(await join_members.person())
    await shop.catch_up()
    await late_start_schedule.move_due()
    assert (await at_stripe()).status == "canceled" and await sound() == []
    assert await database.fetch_value("SELECT count(*) FROM billing_request WHERE kind = 'move_renewal'") == 0


@pytest.mark.parametrize("when", ["before it is moved", "afterwards"])
@pytest.mark.parametrize("interval", ["month", "year"])
async def test_a_dearer_plan_waits_for_the_day_that_is_named_whichever_stripe_has(
    shop: Shop, when: str, interval: Any
) -> None:
    """Stripe would deduct by a period that ends days before the one that the member reads of."""
    browser = await arrived(shop)
    await make_plans.club(slug="dearer", price=2000, interval=interval)
    if when == "afterwards":
        await late_start_schedule.move_due()
    shown = await browser.get(f"{HERE}/plan/dearer")
    assert "on 4 April 2027" in shown.words and "Today £0.00" in shown.words, shown.words
    said = await browser.submit(shown, f"{HERE}/plan/dearer")
    assert "4 April 2027" in said.alerts()
    for _ in range(2):
        await late_start_schedule.move_due()
        await shop.catch_up()
    assert await charged() == [450] and await renews() == (MOVED, MOVED) and await sound() == []
    await join_members.until(shop, MOVED - timedelta(minutes=30))
    await plan_changes.apply_due()
    await join_members.until(shop, MOVED + 2 * timedelta(hours=1))
    await join_members.until(shop, MOVED + TAKES + DAY)
    assert await charged() == [450, 2000] and await sound() == []


async def test_a_pause_that_comes_first_keeps_the_days_and_nothing_is_moved_twice(shop: Shop) -> None:
    await arrived(shop)
    until = clock.now() + 30 * DAY
    await pauses.start(await local_id(), until=until)
    pause = await pause_periods.current(await local_id())
    assert pause is not None and pause_periods.renewal_planned(pause).replace(second=0) == MOVED + 30 * DAY
    for _ in range(2):
        await late_start_schedule.move_due()
    assert await renews() == (MOVED + 30 * DAY, MOVED + 30 * DAY) and await sound() == []


async def test_news_that_come_after_the_next_bill_lose_nothing_either(shop: Shop) -> None:
    """A plan by the week, whose first debit is heard of when the second is under way."""
    await join_members.joins(shop, await make_plans.club(price=450, interval="week"), card=BANK)
    shop.stand_in.fault("drop", times=1000)
    await join_members.until(shop, JOINED + 9 * DAY)
    assert not await is_member()
    shop.stand_in.fault("drop", times=0)
    for each in (await client().v1.invoices.list_async({})).data:
        await mirrored_invoices.sync(each.id)
    await shop.catch_up()
    assert await is_member() and (await join_members.subscription())["late_by"] == 9 * DAY.total_seconds()
    await late_start_schedule.move_due()
    await shop.catch_up()
    assert await renews() == (JOINED + 23 * DAY, JOINED + 23 * DAY), "two weeks from the day it began"
    await join_members.until(shop, JOINED + 12 * DAY)
    await subscriptions.apply(await local_id())
    spans = await database.fetch("SELECT starts_at, ends_at FROM paid_period ORDER BY starts_at")
    assert [each["ends_at"] - each["starts_at"] for each in spans] == [WEEK, WEEK]
    assert spans[0]["ends_at"] == spans[1]["starts_at"] and await sound() == []


async def paid_after(waited: timedelta) -> None:
    """As if the money had come so long after the bill, with the benefits, and that were heard of now."""
    later = "SET paid_at = period_start + $1::interval WHERE reason = 'subscription_create'"
    await database.execute(f"UPDATE mirrored_invoice {later}", waited)
    began = "SET starts_at = (SELECT started_at FROM mirrored_subscription) + $1::interval"
    await database.execute(f"UPDATE membership {began}", waited)
    await subscriptions.apply(await local_id())


@pytest.mark.parametrize(("waited", "late_by"), [("00:59:59", 0), ("01:00:00", 3600)])
async def test_what_takes_less_than_an_hour_is_prompt_and_what_was_decided_stays(
    shop: Shop, waited: str, late_by: int
) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month"), card=CARD)
    hours, minutes, seconds = map(int, waited.split(":"))
    took = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    await database.execute("UPDATE subscription SET late_by = NULL")
    await paid_after(took)
    assert (await join_members.subscription())["late_by"] == late_by
    renewal = (await join_members.subscription())["current_period_end"]
    assert renewal == MONTH_LATER + timedelta(seconds=late_by)
    await paid_after(took + 2 * DAY)
    again = await join_members.subscription()
    assert (again["late_by"], again["current_period_end"]) == (late_by, renewal), "once, whatever is heard later"
