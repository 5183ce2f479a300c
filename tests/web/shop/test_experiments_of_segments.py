"""Experiments for a segment, which is read from people's orders: not of those who switched that off."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.people import customer_accounts
from components.people.privacy import personal_switch
from components.segments import segment_editing
from tests.components.experiments import made
from tests.components.experiments.made import WORDS
from tests.support import make_plans, make_products, past_orders, visits
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.shop.test_experiments import JOIN, put_in, rows

HAS_ORDERED = {"match": "all", "parts": [{"kind": "orders", "is": "at_least", "number": "1"}]}
LOWER = {"price": "£30.00", "words": WORDS}


async def buyer(shop: Shop, kind: str = "price", *, is_for_some: bool = True) -> tuple[Browser, UUID]:
    """Somebody who has ordered and whom the draw gives the lower price, or other words."""
    plan = await make_plans.club()
    segment = await segment_editing.create("Have ordered", HAS_ORDERED) if is_for_some else None
    draft = {"price": made.price_draft, "words": made.words_draft}[kind](plan, segment=segment, promise_days=2)
    experiment = (await made.started(draft, by=await made.owner())).row.id
    browser, email = await put_in(shop, experiment, 1)
    person = await customer_accounts.by_email(email)
    assert person is not None
    await past_orders.bought(person.id, await make_products.product())
    return browser, person.id


@pytest.mark.parametrize("kind", ["price", "words"])
async def test_whoever_fits_is_asked(shop: Shop, kind: str) -> None:
    browser, person = await buyer(shop, kind)
    assert LOWER[kind] in (await browser.get(JOIN)).words and await rows() == [(person, 1)]


@pytest.mark.parametrize("kind", ["price", "words"])
@pytest.mark.parametrize("who", ["themselves", "the shop"])
async def test_switched_off_nobody_is_asked_because_of_their_orders(shop: Shop, kind: str, who: str) -> None:
    browser, person = await buyer(shop, kind)
    if who == "themselves":
        await personal_switch.switch_off(person)
        assert LOWER[kind] not in (await browser.get(JOIN)).words
    else:
        with visits.counting("counts", personal_shelves="off"):
            assert LOWER[kind] not in (await browser.get(JOIN)).words
    assert await rows() == []
    await personal_switch.switch_on(person)
    assert LOWER[kind] in (await browser.get(JOIN)).words


async def test_everybody_is_still_asked_where_nothing_is_chosen(shop: Shop) -> None:
    browser, person = await buyer(shop, is_for_some=False)
    await personal_switch.switch_off(person)
    assert LOWER["price"] in (await browser.get(JOIN)).words


async def test_a_promised_price_ends_with_its_day_and_is_not_given_anew(shop: Shop) -> None:
    browser, person = await buyer(shop)
    await browser.get(JOIN)
    until = await database.fetch_value("SELECT promised_until FROM experiment_exposure")
    await personal_switch.switch_off(person)
    assert LOWER["price"] in (await browser.get(JOIN)).words, "it was promised"
    clock.set_everywhere(until + timedelta(hours=1))
    assert LOWER["price"] not in (await browser.get(JOIN)).words
    assert await database.fetch_value("SELECT promised_until FROM experiment_exposure") == until, "and not given anew"
    await personal_switch.switch_on(person)
    assert LOWER["price"] in (await browser.get(JOIN)).words


@pytest.mark.parametrize("is_for_some", [True, False])
async def test_words_for_a_segment_end_with_the_next_page(shop: Shop, is_for_some: bool) -> None:
    browser, person = await buyer(shop, "words", is_for_some=is_for_some)
    assert WORDS in (await browser.get(JOIN)).words
    await personal_switch.switch_off(person)
    assert (WORDS in (await browser.get(JOIN)).words) is not is_for_some


async def test_the_account_says_what_a_group_decides(shop: Shop) -> None:
    browser, _ = await buyer(shop)
    page = await browser.get("/account/for-you")
    assert "whether you are in a trial of a lower price, of another benefit, or of other words for it" in page.words
    assert "A lower price that we promised you stays yours until its day." in page.words
    assert "changes no price" not in page.words and "same as everybody" not in page.words
