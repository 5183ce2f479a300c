"""A fee that moves between with tax and without it, where something else of the membership is on its way too."""

from datetime import timedelta
from typing import Any

from components.foundation import clock, database
from components.memberships import invariants
from components.memberships.billing.states import fee_tax_moves
from components.payments import invariants as payment_invariants
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_of_businesses import WHY, german, joined, paid, renews, told, types
from tests.web.shop.test_fee_codes import charged, code

HERE = "/account/membership"


async def member(shop: Shop, typed: str = "") -> Browser:
    """Maya, who pays a club of €11.90 a month with its tax."""
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await people.customer(join_members.MAYA, name="Maya")
    browser = await shop.signed_in(join_members.MAYA)
    if not typed:
        await joined(shop, browser, plan.slug)
        return browser
    shown = await browser.get(f"/join/{plan.slug}?code={typed}")
    await browser.get((await shop.pay(await browser.submit(shown, f"/join/{plan.slug}"))).url)
    await shop.catch_up()
    return browser


async def all_is_well() -> None:
    assert await payment_invariants.invariants() == [] and await invariants.invariants() == []


async def test_a_discount_never_makes_a_fee_free_by_taking_its_tax_out(shop: Shop) -> None:
    await code("ELEVEN", discount_type="amount", value=1100, fee_payments=None, fee_plans=())
    browser = await member(shop, "ELEVEN")
    await types(browser)
    await shop.catch_up()
    page = (await browser.get(HERE)).words
    assert "€0.90 on" in page and "Reverse charge" not in page and await told() == []
    browser = await renews(shop)
    assert await charged() == [90, 90] and [row[:2] for row in await paid()] == [(90, 76), (90, 76)]
    assert "€0.90 on" in (await browser.get(HERE)).words
    await all_is_well()


async def test_a_discount_never_makes_another_plan_free(shop: Shop) -> None:
    await code("ELEVEN", discount_type="amount", value=1100, fee_payments=None, fee_plans=())
    browser = await member(shop, "ELEVEN")
    await make_plans.club(slug="small", price=1100, interval="month")
    answer = await browser.get(f"{HERE}/plan/small")
    assert answer.path == HERE and "Your discount would leave nothing to pay for this plan" in answer.words
