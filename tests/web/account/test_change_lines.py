"""What a change of plan is made up of is said in the shop's words, in the language spoken, not in Stripe's."""

from datetime import timedelta

import pytest

from components.foundation import clock
from components.foundation.shop_settings import setting_rows
from tests.support import join_members, make_plans
from tests.support.shops import Shop

SAID = {
    "en": ("Annual, £39.00 a year", "Unused time on Monthly after 1 March 2027"),
    "de": ("Annual, 39,00\xa0£ im Jahr", "Nicht genutzte"),
}


@pytest.mark.parametrize("spoken", list(SAID))
async def test_a_new_period_is_named_by_its_plan(shop: Shop, spoken: str) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await make_plans.club(price=3900, interval="year", slug="annual")
    await setting_rows.change({"shop_languages": "de"}, by=None)
    await shop.refresh()
    await browser.post("/language", {"language": spoken, "back": "/"})
    page = await browser.get("/account/membership/plan/annual")
    assert all(words.replace("\xa0", " ") in page.words.replace("\xa0", " ") for words in SAID[spoken]), page.words
    assert "(at £39.00" not in page.words


async def test_the_days_of_a_change_within_the_period_are_written_as_everywhere(shop: Shop) -> None:
    browser = await join_members.joins(shop, await make_plans.club(price=450, interval="month", slug="monthly"))
    await make_plans.club(price=900, interval="month", slug="large")
    clock.set_everywhere(clock.now() + timedelta(days=10))
    words = (await browser.get("/account/membership/plan/large")).words
    assert "Unused time on Monthly after 11 March 2027" in words and "Remaining time on Large after 11" in words, words
    assert "Mar 2027" not in words and "×" not in words
