"""Before staff do something to a membership that costs or ends something, a page says what will happen; and it does."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.memberships import reactions
from components.memberships.billing import pauses, subscriptions
from components.memberships.billing.states import current_states
from components.memberships.billing.states.membership_states import StaffAction, staff_actions
from components.memberships.editing import plans
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from tests.scenarios.test_confirmed_changes import asked_by_the_bank
from tests.support import fill_basket, join_members, make_plans, people
from tests.support.pages import Browser, Page
from tests.support.shops import Shop

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EMAILED = "SELECT count(*) FROM email WHERE recipient = 'maya@kiln.test'"
TOLD = "The member gets an e-mail about it."


@pytest.fixture
async def iris(shop: Shop) -> Browser:
    await fill_basket.ways()
    await people.owner()
    return await shop.signed_in("iris@kiln.test")


async def page_of() -> str:
    return f"/staff/members/{await join_members.person()}"


async def rows() -> list[object]:
    return [await database.fetch(f"SELECT * FROM {table}") for table in ("subscription", "membership", "pause")]


async def acted(shop: Shop, iris: Browser, path: str) -> tuple[Page, Page, int]:
    """From the member's page through the page between; what that says, what came of it, and e-mails to the member."""
    there, before = await page_of(), await rows()
    assert f"{there}/{path}" in (await iris.get(there)).links()
    between = await iris.get(f"{there}/{path}")
    assert between.status == 200 and await rows() == before, "looking changes nothing"
    await shop.catch_up()
    written = await database.fetch_value(EMAILED)
    after = await iris.submit(between, f"{there}/{path}")
    await shop.catch_up()
    return between, after, await database.fetch_value(EMAILED) - written


async def test_cancelling_says_until_when_who_is_told_and_that_nothing_is_refunded(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, await make_plans.club())
    between, after, emails = await acted(shop, iris, "cancellation")
    assert "It is paid for until 1 March 2028, and benefits stay until then." in between.words
    assert "nothing more is charged" in between.words and "Nothing is refunded" in between.words
    assert TOLD in between.words and emails == 1
    assert "The membership ends on 1 March 2028." in after.alerts()
    kept, back, emails = await acted(shop, iris, "cancellation/withdrawal")
    assert "It renews on 1 March 2028 and the card is charged about £39.00 then." in kept.words
    assert "no longer cancelled" in back.alerts() and TOLD in kept.words and emails == 1


async def test_ending_now_says_what_is_lost(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, await make_plans.club())
    await iris.submit(await iris.get(f"{await page_of()}/cancellation"), f"{await page_of()}/cancellation")
    between, after, emails = await acted(shop, iris, "cancellation/now")
    assert "All benefits end straight away although it is paid for until 1 March 2028." in between.words
    assert "This can’t be undone." in between.words and TOLD in between.words and emails == 1
    assert "The membership has ended." in after.alerts()


async def test_resuming_within_paid_time_says_that_it_costs_nothing(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, await make_plans.club())
    running = await subscriptions.running(await join_members.person())
    assert running is not None
    clock.set_everywhere(clock.now() + HOUR)
    await pauses.start(running.id, until=clock.now() + 30 * DAY)
    await shop.catch_up()
    clock.set_everywhere(clock.now() + HOUR)
    between, after, emails = await acted(shop, iris, "pause/end")
    assert TOLD in between.words and emails == 1
    assert "Nothing is charged now. The next charge is on" in between.words
    assert "isn’t paused any more" in after.alerts()


async def test_dropping_a_planned_pause_names_the_day_on_which_it_renews_then(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, await make_plans.club())
    running = await subscriptions.running(await join_members.person())
    assert running is not None and running.current_period_end is not None
    end = running.current_period_end
    await pauses.start(running.id, from_at=end, until=end + 30 * DAY)
    await shop.catch_up()
    between, _, emails = await acted(shop, iris, "pause/end")
    assert "It renews on 1 March 2028 as if no pause had been planned." in between.words
    assert TOLD in between.words and emails == 1
    assert "1 March 2028" in (await iris.get(await page_of())).words
    again = await iris.post(f"{await page_of()}/pause/end")
    assert "This membership isn’t paused." in again.alerts()


async def test_coming_back_to_a_cancelled_membership_names_the_day_of_its_end(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, await make_plans.club())
    running = await subscriptions.running(await join_members.person())
    assert running is not None
    clock.set_everywhere(clock.now() + HOUR)
    await pauses.start(running.id, until=clock.now() + 30 * DAY)
    await shop.catch_up()
    clock.set_everywhere(clock.now() + HOUR)
    await acted(shop, iris, "cancellation")
    between, _, emails = await acted(shop, iris, "pause/end")
    assert TOLD in between.words and emails == 1
    assert "It ends on 1 March 2028 with what is paid for, because it is cancelled." in between.words


async def test_of_a_trial_nobody_says_that_it_is_paid_for(shop: Shop, iris: Browser) -> None:
    plan = await make_plans.club()
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14, trial_ends="card"), by=None)
    await join_members.joins(shop, plan_catalogue.by_slug("annual"))
    assert "paid for by" not in (await iris.get(await page_of())).words.lower()
    for path in ("cancellation", "cancellation/now"):
        words = (await iris.get(f"{await page_of()}/{path}")).words
        assert "paid for" not in words and "refund" not in words.replace("without a refund", "")
    assert "although the free trial would go on until 15 March 2027." in words


async def test_resuming_after_paid_time_names_the_sum_and_charges_no_other(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    running = await subscriptions.running(await join_members.person())
    assert running is not None and running.current_period_end is not None
    end = running.current_period_end
    await pauses.start(running.id, from_at=end, until=end + 30 * DAY)
    await join_members.until(shop, end + 5 * DAY)
    iris, there = await shop.signed_in("iris@kiln.test"), await page_of()
    other = await iris.post(f"{there}/pause/end", {"due": "1"})
    assert "The amount has changed" in other.alerts()
    between, after, emails = await acted(shop, iris, "pause/end")
    assert "Otherwise the member gets an e-mail, and a receipt." in between.words and emails == 2
    assert "The member’s card is charged £4.50 now." in between.words
    assert "isn’t paused any more" in after.alerts()


async def test_a_complimentary_membership_is_ended_on_the_page_of_whose_it_is(shop: Shop, iris: Browser) -> None:
    maya, noor = await people.customer(join_members.MAYA), await people.customer("noor@kiln.test")
    given = await complimentary.grant(maya.id, await make_plans.club(), until=None, by=maya.id, note="")
    await join_members.until(shop, clock.now() + DAY)
    for method in (iris.get, iris.post):
        address = f"/staff/members/{noor.id}/comps/end"
        answer = await method(address, **{"params" if method == iris.get else "data": {"membership": str(given.id)}})
        assert "We couldn’t find this membership." in answer.alerts()
    there = await page_of()
    between, which = await iris.submit(await iris.get(there), f"{there}/comps/end"), {"membership": str(given.id)}
    assert "was given without an end date. Its benefits end straight away." in between.words
    written = await database.fetch_value(EMAILED)
    assert "Membership ended." in (await iris.submit(between, f"{there}/comps/end")).alerts()
    for again in (await iris.submit(between, f"{there}/comps/end"), await iris.get(between.path, params=which)):
        assert again.path == there and "This membership has already ended." in again.alerts()
    await reactions.announce_ended()
    await shop.catch_up()
    assert "gets an e-mail about it, unless" in between.words and await database.fetch_value(EMAILED) - written == 1


async def test_what_the_state_does_not_allow_has_no_page(shop: Shop, iris: Browser) -> None:
    await join_members.joins(shop, await make_plans.club())
    there, person = await page_of(), await join_members.person()
    state = (await current_states.of_person(person, None)).state
    paths = {StaffAction.RESUME: "pause/end", StaffAction.UNDO_CANCELLATION: "cancellation/withdrawal",
             StaffAction.RETRY: "payment"}  # fmt: skip
    assert not set(paths) & staff_actions(state)
    for path in paths.values():
        answer = await iris.get(f"{there}/{path}")
        assert answer.path == there and answer.alerts().strip()


async def test_who_comes_back_keeps_the_payments_from_before_on_the_staffs_page(shop: Shop, iris: Browser) -> None:
    browser = await join_members.joins(shop, await make_plans.club())
    there = await page_of()
    (first,) = [link for link in (await iris.get(there)).links() if "/refunds/new" in link]
    refund = await iris.get(first)
    assert "A refund can’t be undone." in refund.words
    made = await iris.submit(refund, first.removesuffix("/new"), how="amount", amount="1.00", follows="end")
    assert "£1.00 refunded." in made.alerts()
    await shop.catch_up()
    clock.set_everywhere(clock.now() + DAY)
    page = await browser.submit(await browser.get("/join/annual"), "/join/annual")
    outcome = await shop.pay(page, "4242424242424242")
    await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    shown = await iris.get(there)
    assert len([link for link in shown.links() if "/refunds/new" in link]) == 2, "of both subscriptions"
    assert first in shown.links() and "£1.00 refunded" in shown.words


async def test_staff_start_no_pause_and_charge_no_card_without_having_seen_dates_and_sum(
    shop: Shop, iris: Browser
) -> None:
    await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    running, there = await subscriptions.running(await join_members.person()), await page_of()
    assert running is not None and running.current_period_end is not None
    unseen = await iris.post(f"{there}/pause", {"choice": "now-1"})
    assert "Nothing was paused. Choose the pause, look at its dates and confirm them." in unseen.alerts()
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0
    end = running.current_period_end
    await pauses.start(running.id, from_at=end, until=end + 30 * DAY)
    await join_members.until(shop, end + 5 * DAY)
    iris = await shop.signed_in("iris@kiln.test")
    charged = await database.fetch_value("SELECT count(*) FROM paid_period")
    unseen = await iris.post(f"{there}/pause/end", {})
    assert "Nothing was charged. Look at the amount first and confirm it." in unseen.alerts()
    await shop.catch_up()
    assert await database.fetch_value("SELECT count(*) FROM paid_period") == charged


async def test_while_the_members_bank_is_asked_about_a_change_staff_read_so_and_start_no_pause(shop: Shop) -> None:
    await people.owner()
    await asked_by_the_bank(shop, clock.now())
    iris, there = await shop.signed_in("iris@kiln.test"), await page_of()
    page = await iris.get(there)
    assert "Your bank asks you to confirm £" in page.words and "Pause membership" not in page.words
    choice = {"choice": "now-1"}
    for answer in (
        await iris.get(f"{there}/pause", params=choice),
        await iris.post(f"{there}/pause", choice | {"until": "2027-04-11"}),
    ):
        assert "the member’s bank is waiting for the member to confirm a change of plan" in answer.alerts()
        assert "Your bank" not in answer.alerts()
    assert await database.fetch_value("SELECT count(*) FROM pause") == 0
