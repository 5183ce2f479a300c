"""A promised benefit of a membership that is shared, or on hold: what pages say of the plan is what they would hold."""

from uuid import UUID

import pytest

from components.experiments import experiments
from components.experiments.arm_hash import arm_of
from components.foundation import clock, database
from components.memberships.editing import plans
from tests.support import buy_products, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_household import link
from tests.web.shop.test_benefit_promises import joins, later
from tests.web.shop.test_experiment_benefits import MORE, USUAL, begun, held, is_sound
from tests.web.shop.test_experiments import JOIN

_ON_HOLD = (
    "UPDATE membership SET ends_at = $1",
    "UPDATE entitlement SET until_at = $1",
    "UPDATE subscription SET status = 'unpaid', past_due_since = $1",
)


async def shared(shop: Shop) -> tuple[Browser, Browser]:
    """A member with what was promised, and who shares their membership."""
    plan, experiment = await begun()
    await plans.set_terms(plan.id, plans.PlanTerms(seats=1), by=None)
    browser, _ = await joins(shop, experiment)
    await browser.submit(await browser.get("/account/household"), "/account/household", email="theo@kiln.test")
    await shop.catch_up()
    address = await link()
    await people.customer("theo@kiln.test", name="Theo")
    theo = await shop.signed_in("theo@kiln.test")
    await theo.submit(await theo.get(address), address)
    await experiments.stop(experiment, by=None)
    return browser, theo


async def rests() -> None:
    await later()
    for sql in _ON_HOLD:
        await database.execute(sql, clock.now())
    await later()


async def test_who_shares_it_reads_what_a_membership_of_their_own_would_give(shop: Shop) -> None:
    _, theo = await shared(shop)
    assert MORE in (await theo.get("/account/membership")).words
    for path in ("/join", JOIN):
        words = (await theo.get(path)).words
        assert USUAL in words and MORE not in words, path
    await shop.pay(await theo.submit(await theo.get(JOIN), JOIN))
    await shop.catch_up()
    assert sorted(set(await held())) == ["10% off", "15% off"] and await is_sound()


async def test_who_shares_it_and_was_promised_it_themselves_reads_it_once(shop: Shop) -> None:
    plan, experiment = await begun()
    await plans.set_terms(plan.id, plans.PlanTerms(seats=1), by=None)
    browser, _ = await joins(shop, experiment)
    theo, email = await joins_later(shop, experiment)
    assert MORE in (await theo.get(JOIN)).words
    await browser.submit(await browser.get("/account/household"), "/account/household", email=email)
    await shop.catch_up()
    address = await link()
    await theo.submit(await theo.get(address), address)
    for path in ("/join", JOIN):
        words = (await theo.get(path)).words
        assert MORE in words and USUAL not in words.replace(f"instead of “{USUAL}”", ""), path


async def joins_later(shop: Shop, experiment: UUID) -> tuple[Browser, str]:
    for number in range(40):
        person = await people.customer(f"other{number}@kiln.test", name="Theo")
        if arm_of(experiment, person.id, (50, 50)) == 1:
            return await shop.signed_in(person.email), person.email
    raise AssertionError("nobody is drawn into this arm")


async def test_on_hold_it_is_what_they_were_promised_that_comes_back(shop: Shop) -> None:
    _, experiment = await begun()
    browser, _ = await joins(shop, experiment)
    await experiments.stop(experiment, by=None)
    await rests()
    words = (await browser.get("/join")).words
    assert MORE in words and USUAL not in words


@pytest.mark.parametrize("is_shared", [False, True])
async def test_the_basket_says_what_it_would_be_with_what_was_promised(goods: Shop, is_shared: bool) -> None:
    browser, theo = await shared(goods)
    await make_products.product()
    await rests()
    page = await buy_products.put_in(theo if is_shared else browser)
    assert "Member prices: £3.60" in page.words and "This basket would be £" in page.words
