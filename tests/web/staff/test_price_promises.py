"""The plan editor takes no promised price away: whoever was told that it is theirs until a day can join at it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiment_cache, experiments, exposures
from components.experiments.price_promises import PricePromised
from components.foundation import clock, database
from components.memberships.editing import plan_promises, plans
from components.memberships.editing.plan_promises import PlanChange
from components.memberships.plans import plan_catalogue
from tests.support import people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_experiment_prices import begun
from tests.web.shop.test_experiments import JOIN, put_in

HERE = "/staff/plans/annual"
SAID = "1 customer was promised a lower price of this plan in an experiment, until "


async def promised(shop: Shop) -> tuple[Browser, Browser]:
    """Somebody who was told of their price, and the owner; the experiment is stopped."""
    experiment = await begun(promise_days=10)
    noor, _ = await put_in(shop, experiment, 1)
    await noor.get(JOIN)
    iris = await shop.signed_in("iris@kiln.test")
    assert SAID in (await iris.get(HERE)).words
    refused = await iris.submit(await iris.get(HERE), f"{HERE}/retirement")
    assert "Stop the experiment, and it can be once that day has passed." in refused.words
    await experiments.stop(experiment, by=None)
    return noor, iris


@pytest.mark.parametrize("waits", [False, True])
async def test_a_plan_is_not_archived_while_a_price_of_it_is_promised(shop: Shop, waits: bool) -> None:
    noor, iris = await promised(shop)
    if waits:
        clock.set_everywhere(clock.now() + timedelta(days=10, seconds=1))
        iris = await shop.signed_in("iris@kiln.test")
    page = await iris.submit(await iris.get(HERE), f"{HERE}/retirement")
    assert plan_catalogue.by_slug("annual").is_offered is not waits
    if not waits:
        assert f"{SAID}" in page.words and "Until then it can’t be archived. It can be after that." in page.words
        assert "£30.00" in (await noor.get(JOIN)).words


@pytest.mark.parametrize("price", ["5.00", "39.00"])
async def test_the_period_stays_while_a_price_is_promised_and_the_price_may_change(shop: Shop, price: str) -> None:
    noor, iris = await promised(shop)
    typed = {"price": price, "count": "1", "interval": "month"}
    page = await iris.submit(await iris.get(HERE), f"{HERE}/price", **typed)
    assert page.status == 422 and "how often it is billed can’t be changed" in page.words
    assert "£30.00" in (await noor.get(JOIN)).words
    page = await iris.submit(page, f"{HERE}/price", **{**typed, "price": "45.00", "interval": "year"})
    assert page.status == 200 and plan_catalogue.by_slug("annual").price.amount == 4500
    assert "£30.00 a year instead of £45.00" in (await noor.get(JOIN)).words


async def test_whoever_joined_holds_nothing_up(shop: Shop) -> None:
    noor, iris = await promised(shop)
    await shop.pay(await noor.submit(await noor.get(JOIN), JOIN))
    await shop.catch_up()
    assert SAID not in (await iris.get(HERE)).words
    await iris.submit(await iris.get(HERE), f"{HERE}/retirement")
    assert not plan_catalogue.by_slug("annual").is_offered


async def test_of_a_plan_that_is_no_longer_on_offer_nothing_is_promised(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that was archived at the instant in which the price was promised."""
    noor, _ = await promised(shop)
    with pytest.raises(PricePromised):
        await plans.archive(plan_catalogue.by_slug("annual").id, by=None)
    monkeypatch.setattr(plan_promises, "GUARDS", {})
    await plans.archive(plan_catalogue.by_slug("annual").id, by=None)
    words = (await noor.get(JOIN)).words
    assert "no longer available" in words and "yours if you join" not in words
    assert await database.fetch_value("SELECT count(*) FROM experiment_exposure") == 1


async def test_nothing_is_promised_while_the_plan_is_being_archived(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asks in between waits, and is told nothing that does not hold."""
    experiment = await begun(promise_days=10)
    person = (await people.customer("late@kiln.test")).id
    [running] = [one for one in experiment_cache.current() if one.id == experiment]
    all_in_it = replace(running, arms=tuple(replace(one, share=100 * one.position) for one in running.arms))
    has_asked = asyncio.Event()

    async def dawdle(plan_id: UUID, change: PlanChange) -> None:
        has_asked.set()
        await asyncio.sleep(0.5)

    monkeypatch.setitem(plan_promises.GUARDS, "slow", dawdle)
    archiving = asyncio.create_task(plans.archive(plan_catalogue.by_slug("annual").id, by=None))
    await has_asked.wait()
    found = await exposures.write_down(all_in_it, person, clock.now())
    await archiving
    assert not plan_catalogue.by_slug("annual").is_offered
    assert found.promised_until is None
    assert not await database.fetch_value("SELECT count(*) FROM experiment_exposure")
