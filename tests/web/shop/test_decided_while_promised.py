"""Benefits that are promised, and what is decided meanwhile: of another experiment, of this one, and whom it says."""

import pytest

from components.experiments import experiment_decisions, experiments
from components.experiments.price_promises import PricePromised
from components.foundation import database
from components.memberships.editing import plans
from components.memberships.plans import plan_catalogue
from tests.components.experiments import made
from tests.support import make_plans
from tests.support.shops import Shop
from tests.web.shop.test_benefit_promises import by, joins, later, of_plan
from tests.web.shop.test_experiment_benefits import MORE, USUAL, begun
from tests.web.shop.test_experiments import JOIN, put_in


async def test_a_price_tried_before_is_not_decided_while_a_benefit_is_promised(shop: Shop) -> None:
    plan = await make_plans.club()
    await later(days=1)
    owner = await made.owner()
    price = await made.started(made.price_draft(plan), by=owner)
    await experiments.stop(price.row.id, by=owner)
    await later(days=1)
    found = await made.started(await made.benefits_draft(plan), by=owner)
    browser, _ = await put_in(shop, found.row.id, 1)
    assert MORE in (await browser.get(JOIN)).words
    with pytest.raises(PricePromised, match="its price stays as they were told it"):
        await experiment_decisions.decide(price.row.id, 1, by=owner)
    iris = await shop.signed_in("iris@kiln.test")
    there = f"/staff/experiments/{price.row.id}/arms/1"
    assert "its price stays as they were told it" in (await iris.get(there)).words
    await experiment_decisions.decide(price.row.id, 0, by=owner)
    assert MORE in (await browser.get(JOIN)).words and plan_catalogue.by_slug("annual").price.amount == 3900


async def test_whoever_changes_the_plan_is_refused_what_would_end_the_promise(shop: Shop) -> None:
    """Not by the pages alone: nothing that sets a price, a period, or takes the plan off the shop."""
    plan, experiment = await begun()
    browser, _ = await put_in(shop, experiment, 1)
    await browser.get(JOIN)
    for change, words in (
        (plans.revise(plan.id, price=4500, by=None), "its price stays as they were told it"),
        (plans.revise(plan.id, price=3900, interval="month", by=None), "how often it is billed"),
        (plans.archive(plan.id, by=None), "it can’t be archived"),
    ):
        with pytest.raises(PricePromised, match=words):
            await change
    found = plan_catalogue.by_slug("annual")
    assert (found.price.amount, found.interval, found.is_offered) == (3900, "year", True)
    assert MORE in (await browser.get(JOIN)).words
    await experiments.stop(experiment, by=None)
    await later(days=40)
    await plans.revise(plan.id, price=4500, interval="month", by=None)
    await plans.archive(plan.id, by=None)


async def test_nothing_is_promised_any_more_once_everybody_gets_it(shop: Shop) -> None:
    _, experiment = await begun()
    browser, _ = await put_in(shop, experiment, 1)
    assert "Your benefit" in (await browser.get(JOIN)).words
    await later()
    await experiment_decisions.decide(experiment, 1, by=await by())
    await later()
    for path in (JOIN, "/join"):
        words = (await browser.get(path)).words
        assert MORE in words and USUAL not in words and "Your benefit" not in words and "drawn by chance" not in words
    assert of_plan() == [MORE]


async def test_the_decision_says_who_keeps_it_at_whatever_price(shop: Shop) -> None:
    _, experiment = await begun()
    await joins(shop, experiment)
    await experiments.stop(experiment, by=None)
    public = plan_catalogue.by_slug("annual").version_id
    await database.execute("UPDATE subscription SET plan_version = $1", public)
    assert (await experiment_decisions.preview(await experiments.by_id(experiment), 1)).joined == 1
