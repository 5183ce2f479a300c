"""Cells of the walk that no other test stands on: bank debits with pauses and plan changes, a bank that is slow when
staff ask, and a shop whose bank leaves unpaid renewals past due."""

from collections.abc import Iterator
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.memberships.billing import cancellations, pauses, plan_changes, subscriptions
from components.memberships.billing.states import current_states, late_start_schedule, pause_schedule
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.editing import plans
from components.memberships.entitlements import entitlements
from components.memberships.plans import plan_catalogue
from components.payments.timeouts import request_time
from tests.scenarios.test_60_delayed_methods import BANK_GOOD
from tests.scenarios.test_owing import FAILS, RENEWAL, failing, pays
from tests.scenarios.test_owing import until as day_by_day
from tests.scenarios.test_pauses import DAY, HOUR, charged, joined, monthly, sound, until
from tests.scenarios.test_pauses_unanswered import answered, silent
from tests.support import agreed_dates, join_members, people
from tests.support.pages import Browser
from tests.support.shops import Shop

HERE = "/account/membership"


@pytest.fixture(autouse=True)
def impatient() -> Iterator[None]:
    yield
    request_time.use_patience(request_time.Patience())


async def by_debit(shop: Shop) -> UUID:
    """A member by the month whose bank debit has arrived."""
    await join_members.joins(shop, await monthly(), card=BANK_GOOD)
    await join_members.until(shop, clock.now() + 3 * DAY + HOUR)
    await late_start_schedule.move_due()
    await shop.catch_up()
    return await joined()


async def holds() -> bool:
    return (await entitlements.for_person(await join_members.person(), clock.now())).is_member


async def test_60_a_pause_of_who_pays_by_bank_debit_costs_nothing_and_the_debit_comes_after_it(shop: Shop) -> None:
    found = await by_debit(shop)
    await pauses.start(found, until=clock.now() + 30 * DAY)
    await shop.catch_up()
    assert not await holds() and await charged() == [450]
    await until(shop, clock.now() + 30 * DAY + HOUR)
    assert await holds() and await charged() == [450]
    renewal = (await subscriptions.by_id(found)).current_period_end
    assert renewal is not None
    await until(shop, renewal + 2 * HOUR)
    assert await holds(), "while the debit is on its way"
    await until(shop, clock.now() + 3 * DAY + HOUR)
    assert await holds() and await charged() == [450, 450] and await sound() == []


async def test_60_a_dearer_plan_by_bank_debit_is_charged_once_and_said_truly(shop: Shop) -> None:
    found = await by_debit(shop)
    await plans.create(slug="large", name="Large", summary="", price=900, interval="month", by=None)
    plan = plan_catalogue.by_slug("large")
    shown = await plan_changes.difference(found, plan)
    browser = await shop.signed_in(join_members.MAYA)
    await browser.submit(await browser.get(f"{HERE}/plan/large"), f"{HERE}/plan/large")
    await shop.catch_up()
    await until(shop, clock.now() + 3 * DAY + HOUR)
    paid = await charged()
    assert paid in ([450], [450, shown.due.amount]), paid
    held = plan_catalogue.by_version((await subscriptions.by_id(found)).plan_version).slug
    assert held == ("large" if len(paid) == 2 else "monthly") and await sound() == []


SLOW = {
    "pause": ("pause", {"choice": "now-1"}, MembershipState.PAUSED),
    "cancel": ("cancellation", {}, MembershipState.CANCELLING),
    "end now": ("cancellation/now", {}, MembershipState.ENDED),
    "undo the cancellation": ("cancellation/withdrawal", {}, MembershipState.ACTIVE),
    "resume": ("pause/end", {}, MembershipState.ACTIVE),
}


@pytest.mark.parametrize("action", list(SLOW))
async def test_43_what_staff_ask_of_a_slow_bank_waits_and_comes_true(shop: Shop, action: str) -> None:
    await people.owner("iris@kiln.test")
    await join_members.joins(shop, await monthly())
    clock.set_everywhere(clock.now() + HOUR)
    found, address = await joined(), f"/staff/members/{await join_members.person()}"
    if action == "undo the cancellation":
        await cancellations.schedule(found)
    if action == "resume":
        await pauses.start(found, until=clock.now() + 30 * DAY)
    await shop.catch_up()
    iris = await shop.signed_in("iris@kiln.test")
    path, typed, after = SLOW[action]
    silent(shop)
    typed |= {"until": agreed_dates.pause_now()["until"]} if action == "pause" else {}
    waiting = await iris.post(f"{address}/{path}", typed)
    assert waiting.path.startswith("/account/waiting/")
    assert "We’re waiting for our payment provider" in waiting.words, "none of these charges a card"
    maya: Browser = await shop.signed_in(join_members.MAYA)
    seen = await maya.get(HERE)
    assert "We’re waiting for our payment provider’s answer" in seen.words and "your bank" not in seen.words
    assert any(way.startswith("/account/waiting/") for way in seen.links())
    await answered(shop)
    assert (await current_states.of_subscription(found)).state is after or after is MembershipState.ENDED
    assert ((await subscriptions.by_id(found)).ended_at is not None) is (after is MembershipState.ENDED)
    assert "We’re waiting for our payment provider" not in (await maya.get(HERE)).words and await sound() == []


async def test_45_a_bank_that_leaves_it_past_due_for_ever_still_takes_payment_and_cancelling(shop: Shop) -> None:
    shop.stand_in.retry_renewals(schedule="one week", then="past_due")
    await failing(shop, FAILS)
    browser = await day_by_day(shop, RENEWAL + 20 * DAY)
    found = await joined()
    assert (await current_states.of_subscription(found)).state is MembershipState.PAST_DUE_AFTER_GRACE
    page = await browser.get(HERE)
    assert "Your benefits are off" in page.words and "We'll try your card again" not in page.words
    assert not await holds()
    await pays(shop, browser)
    await shop.catch_up()
    assert await holds() and (await current_states.of_subscription(found)).state is MembershipState.ACTIVE
    assert await database.fetch_value("SELECT count(*) FROM mirrored_invoice WHERE status = 'open'") == 0


async def test_a_pause_on_a_day_then_a_renewal_that_stays_past_due_then_cancelled(shop: Shop) -> None:
    """The renewal after the pause fails, the bank gives up without ending it, and the member leaves."""
    shop.stand_in.retry_renewals(schedule="one week", then="past_due")
    browser = await join_members.joins(shop, await monthly())
    page = await browser.submit(await browser.get(HERE), f"{HERE}/card")
    await browser.get((await shop.pay(page, FAILS)).url)  # type: ignore[attr-defined]
    await shop.catch_up()
    found, begins = await joined(), clock.now() + 5 * DAY
    await pauses.start(found, from_at=begins, until=begins + 30 * DAY)
    await until(shop, begins + HOUR)
    assert (await current_states.of_subscription(found)).state is MembershipState.PAUSED
    await until(shop, begins + 30 * DAY + HOUR)
    assert await holds()
    for _ in range(8):
        await until(shop, clock.now() + 5 * DAY)
    assert (await current_states.of_subscription(found)).owes and await charged() == [450]
    await cancellations.schedule(found)
    await shop.catch_up()
    await pause_schedule.end_due()
    assert (await subscriptions.by_id(found)).ended_at is not None and await charged() == [450] and await sound() == []
