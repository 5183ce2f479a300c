"""Scenarios of trials, changes of plan and pauses, by their numbers in docs/payments."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.foundation.money import Money
from components.insights import invariants as insights_invariants
from components.memberships.billing import (
    plan_changes,
    subscription_start,
    subscriptions,
    trials,
)
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.messaging.notices import notice_emails
from components.payments import invariants as payment_invariants
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
GOOD, OTHER_GOOD, ATTACHES_THEN_FAILS = "4242424242424242", "4000002500003155", "4000000000000341"


async def is_member(at: datetime, email: str = join_members.MAYA) -> bool:
    return (await entitlements.for_person(await join_members.person(email), at)).is_member


async def sound() -> list[str]:
    return [*await invariants(), *await payment_invariants.invariants(), *await insights_invariants.invariants()]


async def trying(*, days: int = 14, ends: str = "card", price: int = 400) -> PlanView:
    plan = await make_plans.club(price=price, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=days, trial_ends=ends), by=None)
    return plan_catalogue.by_slug("monthly")


async def two_plans() -> tuple[PlanView, PlanView]:
    """A month for £4.50 and a better one for £9.00, with one benefit more."""
    small = await make_plans.club(price=450, interval="month", slug="small")
    await plans.create(slug="large", name="Large", summary="", price=900, interval="month", by=None)
    large = plan_catalogue.by_slug("large")
    for benefit in small.benefits[:-1]:
        await plan_benefits.attach(large.id, benefit.id, by=None)
    await plan_benefits.attach(large.id, await make_plans.benefit("content", "Films"), by=None)
    return small, plan_catalogue.by_slug("large")


async def hers() -> UUID:
    found = await subscriptions.running(await join_members.person())
    assert found is not None
    return found.id


@pytest.mark.parametrize("ends", ["cancel", "pause", "create_invoice"])
async def test_22_a_trial_without_a_card_ends_as_the_plan_says(shop: Shop, at: datetime, ends: str) -> None:
    await join_members.joins(shop, await trying(ends=ends))
    assert (await join_members.subscription())["status"] == "trialing"
    assert await is_member(clock.now()) and await is_member(at + 13 * DAY)
    await join_members.until(shop, at + 14 * DAY + 2 * HOUR)
    row = await join_members.subscription()
    assert row["status"] == {"cancel": "cancelled", "pause": "paused", "create_invoice": "past_due"}[ends]
    assert await is_member(clock.now()) is (ends == "create_invoice")
    assert await database.fetch_value("SELECT count(*) FROM paid_period") == 0
    assert await sound() == []


async def test_22_a_trial_with_a_card_costs_nothing_and_then_what_was_shown(shop: Shop, at: datetime) -> None:
    browser = await join_members.joins(shop, await trying())
    assert await database.fetch_value("SELECT count(*) FROM mismatch") == 0
    assert (await browser.get("/account/membership")).status == 200
    await join_members.until(shop, at + 11 * DAY + HOUR)
    await join_members.until(shop, at + 14 * DAY - SECOND)
    assert await database.fetch_value("SELECT count(*) FROM paid_period") == 0
    await join_members.until(shop, at + 14 * DAY + 2 * HOUR)
    paid = await database.fetch("SELECT amount, starts_at FROM paid_period")
    assert [(row["amount"], row["starts_at"]) for row in paid] == [(400, at + 14 * DAY)]
    assert await is_member(clock.now())
    assert await sound() == []


async def test_21_the_notice_of_a_trial_that_ends_after_the_clocks_changed_names_the_local_day(shop: Shop) -> None:
    clock.set_everywhere(datetime(2027, 3, 24, 23, 30, tzinfo=UTC))
    await join_members.joins(shop, await trying())
    await join_members.until(shop, datetime(2027, 4, 6, 12, tzinfo=UTC))
    await notice_emails.send_trial_notices()
    row = await database.fetch_one("SELECT subject, text FROM email WHERE template = 'trial_ending'")
    assert row and row["subject"] == "Your trial ends on 8 April 2027" and "8 April 2027" in row["text"]
    await join_members.until(shop, datetime(2027, 4, 8, 2, tzinfo=UTC))
    starts = await database.fetch_value("SELECT starts_at FROM paid_period")
    assert starts == datetime(2027, 4, 7, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("first", "second"),
    [("maya@gmail.com", "m.aya+kiln@googlemail.com"), ("maya@kiln.test", "maya+again@kiln.test")],
)
async def test_23_an_alias_of_the_e_mail_has_no_second_trial(shop: Shop, first: str, second: str) -> None:
    plan = await trying(days=11)
    assert "11 days" in (await shop.browser().get("/join/monthly")).words
    await join_members.joins(shop, plan, email=first)
    maya = await people.customer(second, name="Maya")
    assert await trials.days_for(maya.id, plan) == 0
    browser = await shop.signed_in(second)
    page = await browser.get("/join/monthly")
    assert "11 days" not in page.words and "11-day" not in page.words
    await shop.pay(await browser.submit(page, "/join/monthly"), OTHER_GOOD)
    await shop.catch_up()
    rows = await database.fetch("SELECT status FROM subscription ORDER BY created_at")
    assert [row["status"] for row in rows] == ["trialing", "active"]
    assert await sound() == []


async def test_23_the_same_card_has_no_second_trial_and_is_charged_nothing(shop: Shop) -> None:
    plan = await trying(days=11)
    await join_members.joins(shop, plan, email="maya@kiln.test")
    browser = await join_members.joins(shop, plan, email="somebody@kiln.test")
    assert not await is_member(clock.now(), "somebody@kiln.test")
    page = await browser.get("/account/membership")
    assert "this card or e-mail has already had one" in page.words
    assert "You're not a member" in page.words and "has ended" not in page.words
    assert (await browser.get("/account/savings")).heading == "Your savings"
    await people.owner()
    iris, person = await shop.signed_in("iris@kiln.test"), await join_members.person("somebody@kiln.test")
    seen = await iris.get(f"/staff/members/{person}")
    assert "Not a member" in seen.words and "Ended" not in seen.words and "has ended" not in seen.words
    assert "The member’s page says: Your trial was not started" in seen.words
    rows = await database.fetch("SELECT status FROM subscription ORDER BY created_at")
    assert [row["status"] for row in rows] == ["trialing", "cancelled"]
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE amount_paid > 0") == 0
    assert await database.fetch_value("SELECT count(*) FROM email WHERE template = 'trial_refused'") == 1
    page = await browser.get("/join/monthly")
    assert "11 days" not in page.words and "11-day" not in page.words
    outcome = await shop.pay(await browser.submit(page, "/join/monthly"))
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    assert await is_member(clock.now(), "somebody@kiln.test")
    assert await sound() == []


async def agreed(browser: Browser, slug: str) -> tuple[Page, Page]:
    """The page that says what changes, and what comes of agreeing to it."""
    shown = await browser.get(f"/account/membership/plan/{slug}")
    return shown, await browser.submit(shown, f"/account/membership/plan/{slug}")


async def charged() -> list[int]:
    rows = await database.fetch("SELECT amount_paid FROM mirrored_invoice WHERE status = 'paid' ORDER BY created_at")
    return [row["amount_paid"] for row in rows]


async def test_24_the_proration_shown_is_the_proration_charged_to_the_penny(shop: Shop, at: datetime) -> None:
    small, large = await two_plans()
    browser = await join_members.joins(shop, small)
    clock.set_everywhere(at + timedelta(days=10, hours=7, minutes=13, seconds=41))
    found = await plan_changes.difference(await hers(), large)
    shown = await browser.get("/account/membership/plan/large")
    assert f"£{found.due.plain}" in shown.words and "Films" in shown.words
    clock.set_everywhere(clock.now() + timedelta(minutes=4))
    after = await browser.submit(shown, "/account/membership/plan/large")
    assert "You’re now on Large" in after.alerts()
    await shop.catch_up()
    assert await charged() == [450, found.due.amount]
    standing = await entitlements.for_person(await join_members.person())
    assert [one.plan_name for one in standing.plans] == ["Large"]
    await join_members.until(shop, datetime(2027, 4, 1, 14, tzinfo=UTC))
    assert await charged() == [450, found.due.amount, 900]
    assert await sound() == []


async def test_25_an_upgrade_one_second_before_the_renewal(shop: Shop) -> None:
    small, _ = await two_plans()
    browser = await join_members.joins(shop, small)
    row = await subscriptions.by_id(await hers())
    clock.set_everywhere(row.current_period_end - SECOND)
    browser = await shop.signed_in(join_members.MAYA)
    shown, after = await agreed(browser, "large")
    assert "£0.00" in shown.words and "You’re now on Large" in after.alerts()
    await join_members.until(shop, row.current_period_end + 2 * HOUR)
    assert (await charged())[-1] == 900 and sum(await charged()) == 450 + 900
    assert await sound() == []


async def test_26_an_upgrade_with_a_declining_card_keeps_the_old_plan(shop: Shop, at: datetime) -> None:
    small, _ = await two_plans()
    browser = await join_members.joins(shop, small)
    kept = await shop.pay(await browser.post("/account/membership/card", {}), ATTACHES_THEN_FAILS)
    await browser.get(kept.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    clock.set_everywhere(at + 10 * DAY)
    _, after = await agreed(browser, "large")
    assert "card was declined" in after.words and "You’re still on your current plan" in after.words
    await shop.catch_up()
    assert [one.plan_name for one in (await entitlements.for_person(await join_members.person())).plans] == ["Small"]
    assert await charged() == [450]
    kept = await shop.pay(await browser.post("/account/membership/card", {}), GOOD)
    await browser.get(kept.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    assert await charged() == [450], "what was declined is not charged later"
    _, after = await agreed(browser, "large")
    assert "You’re now on Large" in after.alerts() and len(await charged()) == 2
    assert await sound() == []


async def test_27_a_downgrade_begins_with_the_next_period_and_nothing_goes_back(shop: Shop, at: datetime) -> None:
    _, large = await two_plans()
    browser = await join_members.joins(shop, large)
    clock.set_everywhere(at + 10 * DAY)
    shown, after = await agreed(browser, "small")
    assert "1 April 2027" in shown.words and "Films" in shown.words
    assert "You’ll move to Small on 1 April 2027" in after.alerts()
    standing = await entitlements.for_person(await join_members.person())
    assert [one.plan_name for one in standing.plans] == ["Large"]
    await join_members.until(shop, datetime(2027, 4, 1, 11, 40, tzinfo=UTC))
    await plan_changes.apply_due()
    await join_members.until(shop, datetime(2027, 4, 1, 14, 0, tzinfo=UTC))
    await join_members.until(shop, datetime(2027, 5, 1, 14, 0, tzinfo=UTC))
    assert await charged() == [900, 450, 450]
    assert [one.plan_name for one in (await entitlements.for_person(await join_members.person())).plans] == ["Small"]
    assert await database.fetch_value("SELECT count(*) FROM mirrored_refund") == 0
    assert await sound() == []


async def test_27_a_downgrade_can_be_taken_back_until_then(shop: Shop, at: datetime) -> None:
    _, large = await two_plans()
    browser = await join_members.joins(shop, large)
    _, after = await agreed(browser, "small")
    kept = await browser.submit(after, "/account/membership/plan/withdrawal")
    assert "You’re staying on Large" in kept.alerts()
    await join_members.until(shop, datetime(2027, 4, 1, 11, 40, tzinfo=UTC))
    await plan_changes.apply_due()
    await join_members.until(shop, datetime(2027, 4, 1, 14, 0, tzinfo=UTC))
    assert await charged() == [900, 900]


async def downgrades(shop: Shop, *, card: str = GOOD) -> Browser:
    """Maya pays by the year, and asks to pay by the month from the next one on."""
    await make_plans.club(price=3900, slug="annual")
    await plans.create(slug="monthly", name="Monthly", summary="", price=450, interval="month", by=None)
    browser = await join_members.joins(shop, plan_catalogue.by_slug("annual"), card=card)
    _, after = await agreed(browser, "monthly")
    assert "on 1 March 2028" in after.alerts()
    return browser


async def given_back() -> int:
    return int(await database.fetch_value("SELECT coalesce(sum(amount), 0) FROM mirrored_refund"))


BOUNDARY = datetime(2028, 3, 1, 12, 0, tzinfo=UTC)


async def test_28_from_the_year_to_the_month_is_changed_in_the_last_hour(shop: Shop) -> None:
    await downgrades(shop)
    await join_members.until(shop, BOUNDARY - timedelta(minutes=61))
    await plan_changes.apply_due()
    assert await charged() == [3900]
    await join_members.until(shop, BOUNDARY - timedelta(minutes=5))
    await plan_changes.apply_due()
    await join_members.until(shop, BOUNDARY + 35 * DAY)
    await plan_changes.apply_due()
    assert await charged() == [3900, 450, 450] and await given_back() == 0
    assert await sound() == []


@pytest.mark.parametrize("late", [timedelta(seconds=1), timedelta(minutes=20), 2 * HOUR, 9 * DAY, 40 * DAY])
async def test_28_a_worker_that_was_down_across_the_boundary_bills_no_other_year(shop: Shop, late: timedelta) -> None:
    browser = await downgrades(shop)
    clock.set_everywhere(BOUNDARY + late)
    await plan_changes.apply_due()
    await shop.catch_up()
    assert [one.plan_slug for one in (await entitlements.for_person(await join_members.person())).plans] == ["monthly"]
    await join_members.until(shop, BOUNDARY + late + 2 * HOUR)
    for _ in range(2):
        await plan_changes.apply_due()
        await shop.catch_up()
    assert sorted(await charged()) == [450, 3900, 3900] and await given_back() == 3900
    letters = await database.fetch("SELECT text FROM email WHERE template = 'renewal_given_back'")
    assert len(letters) == 1 and "£39.00 is on its way back" in letters[0]["text"]
    assert (await browser.get("/account/membership")).status == 200
    await join_members.until(shop, BOUNDARY + late + 32 * DAY)
    assert sorted(await charged()) == [450, 450, 3900, 3900] and await given_back() == 3900
    assert await sound() == []


async def test_28_a_late_change_by_many_hands_gives_back_once(shop: Shop) -> None:
    await downgrades(shop)
    await join_members.until(shop, BOUNDARY + 2 * HOUR)
    await asyncio.gather(*(plan_changes.apply_due() for _ in range(4)))
    await shop.catch_up()
    assert sorted(await charged()) == [450, 3900, 3900] and await given_back() == 3900
    assert await sound() == []


async def test_28_a_late_change_leaves_no_unpaid_year(shop: Shop) -> None:
    browser = await downgrades(shop)
    kept = await shop.pay(await browser.post("/account/membership/card", {}), ATTACHES_THEN_FAILS)
    await browser.get(kept.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    await join_members.until(shop, BOUNDARY + 2 * HOUR)
    await plan_changes.apply_due()
    await shop.catch_up()
    rows = await database.fetch("SELECT status, total FROM mirrored_invoice WHERE total > 0 ORDER BY created_at")
    assert [(row["status"], row["total"]) for row in rows] == [("paid", 3900), ("void", 3900), ("open", 450)]
    assert await given_back() == 0 and await sound() == []


async def test_27_a_late_downgrade_of_the_same_length_gives_the_difference_back(shop: Shop, at: datetime) -> None:
    _, large = await two_plans()
    browser = await join_members.joins(shop, large)
    await agreed(browser, "small")
    await join_members.until(shop, datetime(2027, 4, 3, 12, tzinfo=UTC))
    assert await charged() == [900, 900]
    for _ in range(2):
        await plan_changes.apply_due()
        await shop.catch_up()
    assert await given_back() == 450
    await join_members.until(shop, datetime(2027, 5, 1, 14, tzinfo=UTC))
    await plan_changes.apply_due()
    assert await charged() == [900, 900, 450] and await given_back() == 450
    assert await sound() == []


async def test_28_from_the_month_to_the_year_a_new_year_begins_at_once(shop: Shop, at: datetime) -> None:
    await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.create(slug="annual", name="Annual", summary="", price=3900, interval="year", by=None)
    browser = await join_members.joins(shop, plan_catalogue.by_slug("monthly"))
    clock.set_everywhere(at + timedelta(days=15, hours=12))
    found = await plan_changes.difference(await hers(), plan_catalogue.by_slug("annual"))
    assert 3900 - 450 < found.due.amount < 3900
    shown, after = await agreed(browser, "annual")
    assert f"£{found.due.plain}" in shown.words and "You’re now on Annual" in after.alerts()
    await shop.catch_up()
    assert await charged() == [450, found.due.amount]
    row = await subscriptions.by_id(await hers())
    assert row.current_period_end == datetime(2028, 3, 17, 0, 0, tzinfo=UTC).replace(
        hour=clock.now().hour, minute=clock.now().minute
    ) or (row.current_period_end - clock.now()).days in (365, 366)
    periods = await database.fetch("SELECT starts_at, ends_at FROM paid_period ORDER BY starts_at")
    assert len(periods) == 2 and periods[0]["ends_at"] == periods[1]["starts_at"]
    assert await sound() == []


async def test_a_sum_that_was_never_shown_is_not_charged(shop: Shop, at: datetime) -> None:
    small, large = await two_plans()
    await join_members.joins(shop, small)
    with pytest.raises(plan_changes.PreviewOutdated):
        await plan_changes.apply(await hers(), large, at=clock.now(), agreed=Money(1, "GBP"))
    with pytest.raises(plan_changes.PreviewOutdated):
        await plan_changes.apply(await hers(), large, at=clock.now() - DAY, agreed=Money(450, "GBP"))
    assert await charged() == [450]


async def test_23_a_newcomer_with_an_alias_learns_nothing_of_somebody_elses_mailbox(shop: Shop) -> None:
    """Until the mailbox is confirmed the page is that of everybody; the trial is refused, and nothing is charged."""
    await join_members.joins(shop, await trying(), email="maya@gmail.com")
    await people.newcomer("m.a.y.a@gmail.com")
    browser = await shop.signed_in("m.a.y.a@gmail.com")
    page = await browser.submit(await browser.get("/join/monthly"), "/join/monthly")
    await browser.get((await shop.pay(page, OTHER_GOOD)).url)
    await shop.catch_up()
    assert await database.fetch_value("SELECT count(*) FROM refused_trial") == 1
    assert "this card or e-mail has already had one" in await people.letter("trial_refused")


@pytest.mark.parametrize("turns", range(3))
async def test_news_of_a_trial_by_many_hands_admits_one(shop: Shop, turns: int) -> None:
    """Two people, one card, at the same moment: one has the trial."""
    plan = await trying()
    for email in ("maya@kiln.test", "somebody@kiln.test"):
        await people.customer(email)
        browser = await shop.signed_in(email)
        await shop.pay(await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}"))
    rows = await database.fetch("SELECT id FROM subscription")
    await asyncio.gather(
        *(subscription_start.complete(row["id"]) for row in rows),
        *(subscription_start.complete(row["id"]) for row in rows),
    )
    await shop.catch_up()
    statuses = sorted(row["status"] for row in await database.fetch("SELECT status FROM subscription"))
    assert statuses == ["cancelled", "trialing"]
    assert await database.fetch_value("SELECT count(*) FROM membership") == 1
    assert await sound() == []
