"""The savings page names the time that was paid for, and no other."""

from datetime import datetime, timedelta

from components.memberships.editing import plans
from tests.scenarios.test_owing import FAILS, failing
from tests.support import join_members, make_plans, people
from tests.support.shops import Shop

SAVINGS = "/account/savings"


async def test_nothing_was_paid_for_a_trial(shop: Shop) -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14), by=None)
    browser = await join_members.joins(shop, plan)
    words = (await browser.get(SAVINGS)).words
    assert "In your free trial: 1 March 2027 to 15 March 2027." in words, words
    assert "fee covers" not in words and "£4.50 fee" not in words


async def test_what_is_owed_covers_nothing_yet(shop: Shop) -> None:
    browser = await failing(shop)
    words = (await browser.get(SAVINGS)).words
    assert "For the period your fee covers: 1 March 2027 to 1 April 2027." in words, words


async def test_a_first_fee_after_a_trial_that_is_still_owed_is_no_fee_that_was_paid(shop: Shop, at: datetime) -> None:
    plan = await make_plans.club(price=450, interval="month", slug="monthly")
    await plans.set_terms(plan.id, plans.PlanTerms(trial_days=14), by=None)
    await people.customer(join_members.MAYA, name="Maya")
    browser = await shop.signed_in(join_members.MAYA)
    page = await browser.submit(await browser.get("/join/monthly"), "/join/monthly")
    await browser.get((await shop.pay(page, FAILS)).url)  # type: ignore[attr-defined]
    await shop.catch_up()
    await join_members.until(shop, at + timedelta(days=16))
    assert (await join_members.subscription())["status"] == "past_due"
    words = (await (await shop.signed_in(join_members.MAYA)).get(SAVINGS)).words
    assert "fee covers" not in words and "£4.50 fee" not in words, words
