"""Scenarios of pauses and of cancelling, by their numbers in docs/payments."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.insights import invariants as insights_invariants
from components.memberships import reactions as memberships
from components.memberships.billing import cancellations, pauses, plan_changes, subscriptions, trials
from components.memberships.billing.states import pause_periods, pause_refusals, pause_schedule
from components.memberships.editing import plan_benefits, plans
from components.memberships.entitlements import entitlements
from components.memberships.invariants import invariants
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments import invariants as payment_invariants
from components.payments.invoicing import invoices
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE = "/account/membership"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FAILS_LATER = "4000000000000341"


async def monthly(price: int = 450) -> PlanView:
    return await make_plans.club(price=price, interval="month", slug="monthly")


async def annual() -> PlanView:
    return await make_plans.club(price=3900, interval="year", slug="annual")


async def monthly_member(shop: Shop) -> Browser:
    return await join_members.member(shop, price=450, interval="month", slug="monthly")


async def joined() -> UUID:
    found = await subscriptions.latest(await join_members.person())
    assert found is not None
    return found.id


async def is_member(at: datetime | None = None) -> bool:
    return (await entitlements.for_person(await join_members.person(), at or clock.now())).is_member


async def charged() -> list[int]:
    return [one.amount_paid for one in reversed(await invoices.of_subscription(await joined())) if one.amount_paid]


async def until(shop: Shop, at: datetime) -> None:
    """Time goes on to `at`: what is due happens, and the timetable runs."""
    await join_members.until(shop, at)
    await pause_schedule.end_due()
    await memberships.announce_ended()
    await shop.catch_up()


async def emailed(template: str) -> str:
    return str(await database.fetch_value("SELECT text FROM email WHERE template = $1", template))


async def pause(browser: Browser, *, start: str = "now", on: str = "", months: int = 2) -> str:
    clock.set_everywhere(clock.now() + HOUR)
    page = await browser.get(f"{HERE}/pause")
    between = await browser.submit(page, f"{HERE}/pause/confirmation", start=start, on=on, months=str(months))
    return (await browser.submit(between, f"{HERE}/pause")).alerts()


async def again(shop: Shop) -> Browser:
    """Signed in anew: a session does not last as long as a membership."""
    return await shop.signed_in(join_members.MAYA)


async def sound() -> list[str]:
    return [*await invariants(), *await payment_invariants.invariants(), *await insights_invariants.invariants()]


async def test_36_after_the_pause_the_paid_days_are_there_and_then_the_renewal(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await until(shop, at + 10 * DAY)
    browser = await again(shop)
    assert "on hold until 11 May 2027" in await pause(browser)
    assert not await is_member()
    row = await subscriptions.by_id(await joined())
    assert (row.status, row.current_period_end) == ("paused", at + 92 * DAY - HOUR)
    page = await browser.get(HERE)
    assert "is on hold until 11 May 2027" in page.words and "your next charge comes on 1 June 2027" in page.words
    await until(shop, datetime(2027, 5, 11, 13, tzinfo=UTC))
    assert await is_member() and await charged() == [450]
    assert (await subscriptions.by_id(await joined())).status == "active"
    await until(shop, datetime(2027, 6, 1, 14, tzinfo=UTC))
    assert await charged() == [450, 450] and await is_member()
    assert await sound() == []


async def test_36_the_first_start_stays_and_nobody_is_welcomed_again(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await until(shop, at + 10 * DAY)
    browser = await again(shop)
    await pause(browser, months=1)
    await until(shop, at + 41 * DAY)
    browser = await again(shop)
    assert "Member since 1 March 2027" in (await browser.get(HERE)).words
    welcomes = await database.fetch_value("SELECT count(*) FROM email WHERE template = 'membership_started'")
    assert welcomes == 1


async def test_a_date_that_was_typed_is_not_passed_over(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    page = await browser.get(f"{HERE}/pause")
    refused = await browser.submit(page, f"{HERE}/pause/confirmation", start="now", on="2027-03-20", months="1")
    assert refused.status == 422 and "clear the date" in refused.words
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0


async def test_41_cancelled_during_a_pause_the_paid_time_is_had_afterwards_and_nothing_is_charged(
    shop: Shop, at: datetime
) -> None:
    browser = await join_members.member(shop, price=3900, interval="year", slug="annual")
    await until(shop, at + 270 * DAY)
    browser = await again(shop)
    await pause(browser, months=1)
    page = await browser.get(f"{HERE}/cancellation")
    assert "Your benefits stay off until your pause ends on 26 December 2027" in page.words
    assert "until 31 March 2028, when your membership ends" in page.words
    after = await browser.submit(page, f"{HERE}/cancellation")
    assert "It ends on 31 March 2028, and you won’t be charged again." in after.alerts()
    assert "Your membership is cancelled. Benefits are off until 26 December 2027" in after.words
    await shop.catch_up()
    receipt = await emailed("cancellation_receipt")
    assert "Your benefits stay off until your pause ends on 26 December 2027" in receipt
    assert "31 March 2028, when your membership ends" in receipt and "every benefit" not in receipt
    await until(shop, at + 301 * DAY)
    assert await is_member() and await charged() == [3900]
    await until(shop, datetime(2028, 3, 31, 13, tzinfo=UTC))
    assert not await is_member() and await charged() == [3900]
    assert (await subscriptions.by_id(await joined())).status == "cancelled"
    await until(shop, datetime(2028, 6, 1, tzinfo=UTC))
    assert await charged() == [3900] and await sound() == []


async def test_41_cancelled_during_a_pause_and_ended_at_once(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await pause(browser, months=1)
    page = await browser.get(f"{HERE}/cancellation")
    after = await browser.submit(page, f"{HERE}/cancellation/now")
    assert "Your membership has ended. You won’t be charged again." in after.alerts()
    await until(shop, at + 100 * DAY)
    assert await charged() == [450] and not await is_member() and await sound() == []


async def test_41_cancelled_during_a_pause_without_paid_time_it_ends(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    assert "from 1 April 2027 until 1 May 2027" in await pause(browser, start="end", months=1)
    await until(shop, at + 40 * DAY)
    browser = await again(shop)
    page = await browser.get(f"{HERE}/cancellation")
    assert "Your membership ends straight away" in page.words
    after = await browser.submit(page, f"{HERE}/cancellation")
    assert "It has ended, and you won’t be charged again" in after.alerts()
    await until(shop, at + 100 * DAY)
    assert await charged() == [450] and await sound() == []


async def test_41_undone_the_pause_goes_on(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await pause(browser, months=1)
    await browser.submit(await browser.get(f"{HERE}/cancellation"), f"{HERE}/cancellation")
    after = await browser.submit(await browser.get(HERE), f"{HERE}/cancellation/withdrawal")
    assert "no longer cancelled" in after.alerts() and "is on hold until 1 April 2027" in after.words
    await until(shop, at + 62 * DAY)
    assert await charged() == [450, 450] and await is_member() and await sound() == []


async def test_57_a_pause_that_ends_with_a_declining_card_is_an_ordinary_failed_renewal(
    shop: Shop, at: datetime
) -> None:
    browser = await monthly_member(shop)
    await pause(browser, start="end", months=1)
    replaced = await browser.submit(await browser.get(HERE), f"{HERE}/card")
    outcome = await shop.pay(replaced, FAILS_LATER)
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    await until(shop, at + 61 * DAY + 2 * HOUR)
    row = await subscriptions.by_id(await joined())
    assert (row.status, row.past_due_since) == ("past_due", at + 61 * DAY)
    assert await is_member(), "the grace runs from the renewal, not from the start of the pause"
    page = await (await again(shop)).get(HERE)
    assert (
        "Your payment of £4.50 for Monthly didn't go through. You keep your benefits until 15 May 2027." in page.words
    )
    assert "has ended" not in page.words


async def test_57_resuming_with_a_declining_card_stays_paused_and_owes_nothing(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await pause(browser, start="end", months=2)
    replaced = await browser.submit(await browser.get(HERE), f"{HERE}/card")
    outcome = await shop.pay(replaced, FAILS_LATER)
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await until(shop, at + 40 * DAY)
    browser = await again(shop)
    after = await browser.submit(await browser.get(f"{HERE}/pause/end"), f"{HERE}/pause/end")
    assert "your membership is still paused and you owe nothing" in after.words
    assert (await subscriptions.by_id(await joined())).status == "paused"
    assert await charged() == [450] and await invoices.unpaid(await joined()) is None
    assert await sound() == []


async def test_58_a_planned_pause_keeps_the_benefits_until_it_begins(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    assert "from 20 March 2027 until 20 April 2027" in await pause(browser, start="on", on="2027-03-20", months=1)
    page = await browser.get(HERE)
    assert "Your membership pauses on 20 March 2027, until 20 April 2027." in page.words
    assert await is_member() and not await is_member(datetime(2027, 3, 20, 0, 0, 1, tzinfo=UTC))
    await until(shop, datetime(2027, 3, 20, 1, tzinfo=UTC))
    assert (await subscriptions.by_id(await joined())).status == "paused"
    begun = await database.fetch_value("SELECT count(*) FROM email WHERE template = 'pause_begun'")
    assert begun == 1
    await until(shop, datetime(2027, 4, 20, 1, tzinfo=UTC))
    assert await is_member() and await charged() == [450]
    await until(shop, datetime(2027, 5, 2, 16, tzinfo=UTC))
    assert await charged() == [450, 450] and await sound() == []


async def test_58_a_planned_pause_is_withdrawn_and_the_renewal_is_where_it_was(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await pause(browser, start="on", on="2027-03-20", months=1)
    after = await browser.submit(await browser.get(HERE), f"{HERE}/pause/end")
    assert "won’t be paused" in after.alerts()
    assert (await subscriptions.by_id(await joined())).current_period_end == at + 31 * DAY
    await until(shop, datetime(2027, 3, 21, tzinfo=UTC))
    assert await is_member()
    await until(shop, at + 31 * DAY + 2 * HOUR)
    assert await charged() == [450, 450] and await sound() == []


async def test_58_cancelling_drops_a_planned_pause(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await pause(browser, start="on", on="2027-03-20", months=1)
    page = await browser.get(f"{HERE}/cancellation")
    assert "until 1 April 2027" in page.words and "The pause you planned is dropped" in page.words
    after = await browser.submit(page, f"{HERE}/cancellation")
    assert "You keep your benefits until 1 April 2027" in after.alerts()
    await until(shop, datetime(2027, 3, 25, tzinfo=UTC))
    assert await is_member()
    await until(shop, at + 32 * DAY)
    assert not await is_member() and await charged() == [450] and await sound() == []


async def test_59_back_within_paid_time_costs_nothing_and_moves_the_renewal(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await until(shop, at + 10 * DAY)
    browser = await again(shop)
    await pause(browser, months=2)
    await until(shop, at + 15 * DAY)
    browser = await again(shop)
    page = await browser.get(f"{HERE}/pause/end")
    assert "Resuming costs nothing" in page.words and "6 April 2027" in page.words
    after = await browser.submit(page, f"{HERE}/pause/end")
    assert "Welcome back" in after.alerts() and await is_member()
    row = await subscriptions.by_id(await joined())
    assert (row.status, row.current_period_end) == ("active", at + 36 * DAY - HOUR)
    await until(shop, at + 36 * DAY + 2 * HOUR)
    assert await charged() == [450, 450] and await sound() == []


async def test_59_back_without_paid_time_names_the_sum_and_charges_it(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    await pause(browser, start="end", months=2)
    await until(shop, at + 40 * DAY)
    browser = await again(shop)
    page = await browser.get(f"{HERE}/pause/end")
    assert "Charged today £4.50" in page.words
    unseen = await browser.post(f"{HERE}/pause/end", {"due": "1"})
    assert unseen.status == 409 and await charged() == [450]
    await browser.submit(page, f"{HERE}/pause/end")
    await shop.catch_up()
    assert await charged() == [450, 450] and await is_member()
    row = await subscriptions.by_id(await joined())
    assert (row.current_period_start, row.status) == (at + 40 * DAY, "active")
    assert await sound() == []


async def test_59_a_plan_change_within_moved_paid_time_waits_for_the_renewal(shop: Shop, at: datetime) -> None:
    """Stripe calls that time a trial: an upgrade at once would charge nothing for what is left of it."""
    browser = await monthly_member(shop)
    await plans.create(slug="large", name="Large", summary="", price=900, interval="month", by=None)
    for benefit in plan_catalogue.by_slug("monthly").benefits:
        await plan_benefits.attach(plan_catalogue.by_slug("large").id, benefit.id, by=None)
    await pause(browser, months=1)
    await until(shop, at + 10 * DAY)
    browser = await again(shop)
    await browser.submit(await browser.get(f"{HERE}/pause/end"), f"{HERE}/pause/end")
    found = await plan_changes.difference(await joined(), plan_catalogue.by_slug("large"))
    assert not found.is_now and not found.due and found.begins_at == at + 41 * DAY - HOUR
    await browser.submit(await browser.get(f"{HERE}/plan/large"), f"{HERE}/plan/large")
    await until(shop, at + 40 * DAY + HOUR)
    await plan_changes.apply_due()
    await until(shop, at + 41 * DAY + 2 * HOUR)
    assert await charged() == [450, 900] and await sound() == []


@pytest.mark.parametrize("later", [timedelta(seconds=1), timedelta(seconds=3), HOUR])
async def test_54_a_second_trial_refused_late_leaves_nothing_behind(shop: Shop, at: datetime, later: timedelta) -> None:
    plan = await monthly()
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)
    plan = plan_catalogue.by_slug("monthly")
    await join_members.joins(shop, plan)
    await people.customer("other@kiln.test")
    browser = await shop.signed_in("other@kiln.test")
    page = await browser.submit(await browser.get("/join/monthly"), "/join/monthly")
    outcome = await shop.pay(page)
    clock.set_everywhere(at + later)
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    other = await join_members.person("other@kiln.test")
    refused = await database.fetch_one("SELECT id, status FROM subscription WHERE payer = $1", other)
    assert refused is not None and refused["status"] == "cancelled" and await trials.was_refused(refused["id"])
    assert await database.fetch_value("SELECT count(*) FROM membership WHERE holder = $1", other) == 0
    assert await database.fetch_value("SELECT count(*) FROM entitlement WHERE person = $1", other) == 0
    assert await sound() == []


async def test_cancelling_what_is_owed_ends_it_and_nothing_is_asked_for_any_more(shop: Shop, at: datetime) -> None:
    browser = await monthly_member(shop)
    replaced = await browser.submit(await browser.get(HERE), f"{HERE}/card")
    await browser.get((await shop.pay(replaced, FAILS_LATER)).url)  # type: ignore[attr-defined]
    await shop.catch_up()
    await until(shop, at + 31 * DAY + 2 * HOUR)
    browser = await again(shop)
    page = await browser.get(f"{HERE}/cancellation")
    assert "The outstanding £4.50 is cancelled" in page.words
    after = await browser.submit(page, f"{HERE}/cancellation")
    assert "It has ended, and you won’t be charged again" in after.alerts()
    await until(shop, at + 60 * DAY)
    assert await charged() == [450] and await invoices.unpaid(await joined()) is None
    assert not await is_member() and await sound() == []


async def test_a_pause_asked_for_in_one_breath_is_one(shop: Shop) -> None:
    await monthly_member(shop)
    first = await pauses.start(await joined(), until=clock.now() + 30 * DAY)
    with pytest.raises(pause_refusals.CannotPause):
        await pauses.start(await joined(), until=clock.now() + 60 * DAY)
    assert (await pause_periods.current(await joined())) == first or await pause_periods.current(
        await joined()
    ) is not None
    with pytest.raises(cancellations.NotCancelled):
        await cancellations.withdraw(await joined())


async def test_a_pause_whose_dates_nobody_has_seen_does_not_begin(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    unseen = await browser.post(f"{HERE}/pause", {"start": "now", "months": "1"})
    assert unseen.status == 409 and "Nothing has been paused yet." in unseen.words
    other = await browser.post(f"{HERE}/pause", {"start": "now", "months": "1", "until": "2027-04-30"})
    assert other.status == 409 and "The dates have changed since you chose them." in other.words
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0
    assert "Your membership is on hold until" in (await browser.submit(unseen, f"{HERE}/pause")).alerts()
