"""Scenarios of running subscriptions, by their numbers in docs/payments."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from components import reactions
from components.foundation import clock, database, outbox
from components.memberships.billing import cancellations, subscription_start, subscriptions
from components.memberships.billing.subscription_state import GRACE
from components.memberships.editing import plans
from components.memberships.entitlements import entitlements
from components.memberships.facts import RenewalFailed, RenewalRecovered, SubscriptionRenewed
from components.memberships.invariants import invariants
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
ATTACHES_THEN_FAILS = "4000000000000341"


async def announced(fact: type) -> int:
    found = await database.fetch_value("SELECT count(*) FROM announced_fact WHERE name = $1", fact.__name__)
    return int(found)


async def is_member(at: datetime) -> bool:
    """And so has the member price, or is none and has not."""
    standing = await entitlements.for_person(await join_members.person(), at)
    assert bool(standing.price_context.rules) == standing.is_member
    return standing.is_member


async def periods() -> list[tuple[str, str]]:
    rows = await database.fetch("SELECT starts_at, ends_at FROM paid_period ORDER BY starts_at")
    return [(f"{row['starts_at']:%Y-%m-%d}", f"{row['ends_at']:%Y-%m-%d}") for row in rows]


async def test_19_joined_on_the_31st_of_january_renews_on_the_last_days_of_months(shop: Shop) -> None:
    clock.set_everywhere(datetime(2027, 1, 31, 10, 0, tzinfo=UTC))
    await join_members.member(shop, price=400, interval="month", slug="monthly")
    for month, day in ((2, 28), (3, 31), (4, 30)):
        await join_members.until(shop, datetime(2027, month, day, 12, 0, tzinfo=UTC))
        assert await is_member(clock.now())
    assert [start for start, _ in await periods()] == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]
    assert await announced(SubscriptionRenewed) == 3
    assert await invariants() == []


async def test_20_joined_on_the_29th_of_february_renews_yearly_on_the_28th_until_the_next_leap_year(shop: Shop) -> None:
    clock.set_everywhere(datetime(2028, 2, 29, 10, 0, tzinfo=UTC))
    await join_members.member(shop)
    for year in range(2029, 2033):
        await join_members.until(shop, datetime(year, 3, 1, 12, 0, tzinfo=UTC))
    starts = [start for start, _ in await periods()]
    assert starts == ["2028-02-29", "2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]
    assert await invariants() == []


@pytest.mark.parametrize(
    ("joined", "ends", "shown"),
    [
        (datetime(2027, 2, 28, 23, 30, tzinfo=UTC), datetime(2027, 3, 28, 23, 30, tzinfo=UTC), "29 March 2027"),
        (datetime(2027, 9, 30, 23, 30, tzinfo=UTC), datetime(2027, 10, 30, 23, 30, tzinfo=UTC), "31 October 2027"),
        (datetime(2027, 10, 30, 23, 30, tzinfo=UTC), datetime(2027, 11, 30, 23, 30, tzinfo=UTC), "30 November 2027"),
        (datetime(2027, 2, 28, 0, 30, tzinfo=UTC), datetime(2027, 3, 28, 0, 30, tzinfo=UTC), "28 March 2027"),
    ],
)
async def test_21_around_a_change_of_the_clocks_the_local_day_is_shown_and_the_instant_ends_it(
    shop: Shop, joined: datetime, ends: datetime, shown: str
) -> None:
    clock.set_everywhere(joined)
    browser = await join_members.member(shop, price=400, interval="month", slug="monthly")
    page = await browser.get("/account/membership/cancellation")
    assert shown in page.words
    await browser.submit(page, "/account/membership/cancellation")
    await shop.catch_up()
    assert shown in (await browser.get("/account/membership")).words
    receipt = await database.fetch_value("SELECT text FROM email WHERE template = 'cancellation_receipt'")
    assert shown in receipt
    found = await subscriptions.latest(await join_members.person())
    assert found is not None and found.cancel_at == ends
    assert await is_member(ends - SECOND) and not await is_member(ends)
    await join_members.until(shop, ends + HOUR)
    assert not await is_member(clock.now()) and len(await periods()) == 1
    assert await invariants() == []


async def test_24_what_is_shown_before_is_what_is_charged_to_the_penny(shop: Shop) -> None:
    plan = await make_plans.club()
    await people.customer(join_members.MAYA)
    browser = await shop.signed_in(join_members.MAYA)
    page = await browser.get("/join/annual")
    assert page.prices()[0] == "39.00"
    outcome = await shop.pay(await browser.submit(page, "/join/annual"))
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    await plans.revise(plan.id, price=4900, by=None)
    shown = await browser.get("/account/membership")
    assert "Next charge £39.00 on 1 March 2028" in shown.words
    assert "New members pay £49.00 a year" in shown.words
    await join_members.until(shop, clock.now() + timedelta(days=366, hours=3))
    charged = await database.fetch("SELECT amount FROM paid_period ORDER BY starts_at")
    assert [row["amount"] for row in charged] == [3900, 3900]


async def test_29_cancelling_keeps_everything_to_the_end_of_the_period_and_can_be_undone(
    shop: Shop, at: datetime
) -> None:
    browser = await join_members.member(shop)
    page = await browser.get("/account/membership")
    sure = await browser.get("/account/membership/cancellation")
    assert "/account/membership/cancellation" in page.links()
    after = await browser.submit(sure, "/account/membership/cancellation", reason="price")
    assert (
        "Membership cancelled. You keep your benefits until 1 March 2028. You won’t be charged again." in after.alerts()
    )
    end = at.replace(year=2028)
    assert await is_member(end - SECOND) and not await is_member(end)
    kept = await browser.submit(after, "/account/membership/cancellation/withdrawal")
    assert "no longer cancelled" in kept.alerts()
    assert await is_member(end)
    await browser.post("/account/membership/cancellation", {})
    await join_members.until(shop, end - SECOND)
    assert await is_member(clock.now())
    await join_members.until(shop, end + HOUR)
    assert not await is_member(clock.now())
    assert await periods() == [("2027-03-01", "2028-03-01")]
    assert await invariants() == []


async def test_31_an_ended_membership_cannot_be_resumed_but_started_again(shop: Shop, at: datetime) -> None:
    await join_members.member(shop)
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    await cancellations.schedule(row.id)
    await join_members.until(shop, at.replace(year=2028) + DAY)
    with pytest.raises(cancellations.AlreadyEnded):
        await cancellations.withdraw(row.id)
    browser = await shop.signed_in(join_members.MAYA)
    page = await browser.get("/account/membership")
    assert "Annual has ended" in page.words and "/join/annual" in page.links()
    outcome = await shop.pay(await browser.post("/join/annual", {}))
    assert (await browser.get(outcome.url)).heading == "Welcome to the Kiln Club"  # type: ignore[attr-defined]
    assert await is_member(clock.now() + SECOND)
    await shop.catch_up()
    words = (await browser.get("/account/membership")).words
    assert "2 March 2028 to 2 March 2029" in words and "1 March 2027 to 1 March 2028" in words
    assert await invariants() == []


async def test_32_a_declined_renewal_keeps_the_benefits_for_the_grace_and_recovers(shop: Shop, at: datetime) -> None:
    browser = await join_members.member(shop, price=400, interval="month", slug="monthly")
    await _new_card(shop, browser, ATTACHES_THEN_FAILS)
    renewal = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
    await join_members.until(shop, renewal + 2 * HOUR)
    row = await join_members.subscription()
    assert row["status"] == "past_due" and await announced(RenewalFailed) == 1
    assert await is_member(renewal + GRACE - SECOND) and not await is_member(renewal + GRACE)
    browser = await shop.signed_in(join_members.MAYA)
    page = await browser.get("/account/membership")
    assert (
        "Your payment of £4.00 for Monthly didn't go through. You keep your benefits until 15 April 2027." in page.words
    )
    await _new_card(shop, browser, "4242424242424242")
    row = await join_members.subscription()
    assert row["status"] == "active" and row["past_due_since"] is None
    assert await announced(RenewalRecovered) == 1
    assert await is_member(renewal + GRACE)
    assert [start for start, _ in await periods()] == ["2027-03-01", "2027-04-01"]
    assert await invariants() == []


async def test_33_when_the_retries_are_used_up_the_benefits_end_with_the_grace(shop: Shop) -> None:
    browser = await join_members.member(shop, price=400, interval="month", slug="monthly")
    await _new_card(shop, browser, ATTACHES_THEN_FAILS)
    renewal = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
    for day in range(1, 40):
        await join_members.until(shop, renewal + day * DAY)
    row = await join_members.subscription()
    assert row["status"] in ("cancelled", "unpaid", "past_due")
    assert await is_member(renewal + 7 * DAY) and not await is_member(clock.now())
    assert await invariants() == []


async def test_a_failure_after_a_recovery_has_a_grace_of_its_own(shop: Shop) -> None:
    browser = await join_members.member(shop, price=400, interval="month", slug="monthly")
    await _new_card(shop, browser, ATTACHES_THEN_FAILS)
    await join_members.until(shop, datetime(2027, 4, 1, 14, 0, tzinfo=UTC))
    browser = await shop.signed_in(join_members.MAYA)
    await _new_card(shop, browser, "4242424242424242")
    await _new_card(shop, browser, ATTACHES_THEN_FAILS)
    second = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)
    await join_members.until(shop, second + 2 * HOUR)
    assert (await join_members.subscription())["past_due_since"] == second
    assert await is_member(second + GRACE - SECOND) and not await is_member(second + GRACE)
    assert await invariants() == []


async def test_a_recovery_nobody_told_us_of_does_not_use_up_the_next_grace(shop: Shop) -> None:
    await join_members.member(shop, price=400, interval="month", slug="monthly")
    await join_members.until(shop, datetime(2027, 5, 1, 14, 0, tzinfo=UTC))
    row = await join_members.subscription()
    await database.execute(
        "UPDATE subscription SET status = 'past_due', past_due_since = $1", datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
    )
    await database.execute("DELETE FROM paid_period WHERE starts_at > $1", datetime(2027, 4, 15, tzinfo=UTC))
    await database.execute("UPDATE mirrored_subscription SET status = 'past_due'")
    await subscriptions.apply(row["id"])  # type: ignore[arg-type]
    failed = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)
    assert await is_member(failed + GRACE - SECOND) and not await is_member(failed + GRACE)


async def test_news_in_any_order_and_twice_ends_the_same(shop: Shop, at: datetime) -> None:
    await join_members.member(shop, price=400, interval="month", slug="monthly")
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    await cancellations.schedule(row.id)
    await cancellations.withdraw(row.id)
    await join_members.until(shop, datetime(2027, 5, 2, 12, 0, tzinfo=UTC))
    wanted = await _state()
    facts = await database.fetch("SELECT id FROM announced_fact")

    for seed in range(3):
        ids = [fact["id"] for fact in facts] * 2
        random.Random(seed).shuffle(ids)
        for fact_id in ids:
            fact = await outbox.announced(fact_id)
            for reaction in reactions.jobs_for(fact) if fact else ():
                if reaction.__module__.startswith("components.memberships"):
                    await reaction(fact)
        assert await _state() == wanted
    assert await invariants() == []


async def test_what_the_mirror_passed_through_does_not_matter_only_where_it_is(shop: Shop, at: datetime) -> None:
    """The mirrored row is put through every status in shuffled orders; the membership follows only the last."""
    await join_members.member(shop)
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    statuses = ["active", "past_due", "active", "unpaid", "past_due", "active"]
    for seed in range(5):
        random.Random(seed).shuffle(statuses)
        for status in [*statuses, "active"]:
            await database.execute("UPDATE mirrored_subscription SET status = $1", status)
            await subscriptions.apply(row.id)
        assert await is_member(at + 300 * DAY)
        assert await invariants() == []


async def test_a_pause_stops_the_benefits_at_once_and_resuming_opens_them_again(shop: Shop, at: datetime) -> None:
    await join_members.member(shop)
    row = await subscriptions.running(await join_members.person())
    assert row is not None
    await _mirror_says(shop, "paused", at + 5 * DAY, row.id)
    await _mirror_says(shop, "paused", at + 6 * DAY, row.id)
    assert await is_member(at + 5 * DAY - SECOND) and not await is_member(at + 5 * DAY)
    await _mirror_says(shop, "active", at + 9 * DAY, row.id)
    assert not await is_member(at + 9 * DAY - SECOND) and await is_member(at + 9 * DAY)
    assert await invariants() == []


async def test_a_payment_heard_of_late_opens_nothing_in_the_past(shop: Shop, at: datetime) -> None:
    await people.customer(join_members.MAYA)
    browser = await shop.signed_in(join_members.MAYA)
    await shop.pay(await browser.submit(await browser.get(f"/join/{(await make_plans.club()).slug}"), "/join/annual"))
    later = at + timedelta(hours=30)
    await join_members.until(shop, later)
    assert not await is_member(later - SECOND) and await is_member(later)
    assert await periods() == [("2027-03-01", "2028-03-01")]


async def _mirror_says(shop: Shop, status: str, at: datetime, subscription_id: UUID) -> None:
    clock.set_everywhere(at)
    await database.execute("UPDATE mirrored_subscription SET status = $1", status)
    await subscriptions.apply(subscription_id)


@pytest.mark.parametrize("card", ["4000000000000002", "4000000000009995", "4000000000000069"])
async def test_35_no_access_before_the_first_payment(shop: Shop, card: str) -> None:
    await join_members.joins(shop, await make_plans.club(), card=card)
    assert not await is_member(clock.now() + DAY)
    waiting = await subscription_start.pending(await join_members.person())
    assert waiting is not None
    await join_members.until(shop, clock.now() + 2 * DAY)
    assert (await join_members.subscription())["status"] == "lapsed"
    assert await invariants() == []


async def _state() -> list[list[dict[str, object]]]:
    tables = {
        "subscription": "id, status, cancel_at, ended_at, past_due_since, current_period_end",
        "membership": "id, holder, starts_at, ends_at",
        "entitlement": "id, from_at, until_at",
        "paid_period": "id, starts_at, ends_at, amount",
    }
    return [await database.fetch(f"SELECT {columns} FROM {table} ORDER BY id") for table, columns in tables.items()]


async def _new_card(shop: Shop, browser: object, card: str) -> None:
    page = await browser.post("/account/membership/card", {})  # type: ignore[attr-defined]
    outcome = await shop.pay(page, card)
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
