"""The savings page names the time that was paid for, and no other."""

from components.memberships.editing import plans
from tests.scenarios.test_owing import failing
from tests.support import join_members, make_plans
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
