"""A fee that moves between with tax and without it, where something else of the membership is on its way too."""

from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.memberships import invariants
from components.memberships.billing import plan_changes
from components.memberships.billing.states import fee_tax_moves
from components.memberships.editing import plans
from components.memberships.entitlements import member_directory
from components.memberships.keeping_members import save_offers
from components.memberships.plans import plan_catalogue, reverse_charges
from components.payments import invariants as payment_invariants
from components.people.invoicing import invoice_addresses
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_of_businesses import (
    BUYER,
    NUMBER,
    WHY,
    business,
    german,
    joined,
    paid,
    renews,
    told,
    types,
)
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


async def goes_on(shop: Shop, *, days: int) -> Browser:
    """With what the timetable does in that time, each eight hours. Maya is signed in anew."""
    for _ in range(3 * days):
        clock.set_everywhere(clock.now() + timedelta(hours=8))
        for due in (shop.catch_up, plan_changes.apply_due, fee_tax_moves.follow_all, shop.catch_up):
            await due()
    return await shop.signed_in(join_members.MAYA)


async def all_is_well() -> None:
    assert await payment_invariants.invariants() == [] and await invariants.invariants() == []


async def test_the_page_says_of_each_price_what_is_true_of_it(shop: Shop) -> None:
    """The paid period has its tax, the coming charge has none; nobody has another price than new members."""
    browser = await member(shop)
    await types(browser)
    await shop.catch_up()
    page = (await browser.get(HERE)).words
    charge, price = page.index("Next charge €10.00 on"), page.index("Price €11.90 a month, including €1.90")
    assert charge < page.index(WHY) < price and page.count(WHY) == 1 and "New members pay" not in page
    browser = await renews(shop)
    page = (await browser.get(HERE)).words
    assert page.index("Price €10.00 a month") < page.index(WHY) and page.count(WHY) == 1
    assert "New members pay" not in page
    await types(browser, "")
    assert "New members pay" not in (await browser.get(HERE)).words
    await plans.revise(plan_catalogue.by_slug("annual").id, price=2380, by=None)
    assert "New members pay €23.80 a month." in (await browser.get(HERE)).words


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


async def test_a_change_across_the_border_of_tax_starts_with_the_renewal(shop: Shop) -> None:
    """One payment has one tax, and a dearer plan is never taken for a cheaper one, nor the reverse."""
    browser = await member(shop)
    await make_plans.club(slug="big", price=1300, interval="month")
    assert "It starts straight away" in (await browser.get(f"{HERE}/plan/big")).words
    await types(browser)
    await shop.catch_up()
    shown = await browser.get(f"{HERE}/plan/big")
    assert "It starts on" in shown.words and "because the tax in your fee changes on the same day" in shown.words
    await browser.submit(shown, f"{HERE}/plan/big")
    await shop.catch_up()
    assert await charged() == [1190]
    await goes_on(shop, days=32)
    assert [row[:2] for row in await paid()] == [(1190, 1000), (1092, 1092)]
    await all_is_well()


async def test_a_cheaper_plan_is_not_charged_at_once_because_a_number_is_gone(shop: Shop) -> None:
    await german(shop)
    plan, browser = await make_plans.club(price=1190, interval="month"), await business(shop)
    await joined(shop, browser, plan.slug)
    await make_plans.club(slug="small", price=1100, interval="month")
    await types(browser, "")
    await shop.catch_up()
    shown = (await browser.get(f"{HERE}/plan/small")).words
    assert "nothing is charged and nothing is refunded" in shown and "Today €0.00" in shown


async def test_a_smaller_plan_is_offered_by_its_price_with_the_same_tax(shop: Shop) -> None:
    browser = await member(shop)
    await make_plans.club(slug="dearer", price=1300, interval="month")
    await save_offers.add(reason="price", kind="downgrade", to_plan=plan_catalogue.by_slug("dearer").id, by=None)
    await types(browser)
    await shop.catch_up()
    assert f"{HERE}/plan/dearer" not in (await browser.get(f"{HERE}/cancellation")).text


async def planned(shop: Shop) -> Browser:
    """Maya, who has chosen a smaller plan from the renewal on, and has given her number since."""
    browser = await member(shop)
    await make_plans.club(slug="small", price=595, interval="month")
    await browser.submit(await browser.get(f"{HERE}/plan/small"), f"{HERE}/plan/small")
    await types(browser)
    await shop.catch_up()
    return browser


async def test_a_planned_plan_is_told_at_what_it_will_cost(shop: Shop) -> None:
    page = (await (await planned(shop)).get(HERE)).words
    assert "€5.00 a month" in page and "€5.95" not in page


async def test_a_number_that_goes_on_the_last_day_brings_no_planned_plan_forward(shop: Shop) -> None:
    await planned(shop)
    browser = await goes_on(shop, days=30)
    await types(browser, "")
    await goes_on(shop, days=0)
    await shop.catch_up()
    held = "SELECT p.slug FROM subscription s JOIN plan_version v ON v.id = s.plan_version JOIN plan p ON p.id = v.plan"
    assert await database.fetch_values(held) == ["annual"]
    assert "€11.90 a month" in (await told())[-1] and "€5.95 a month" in (await told())[-1]
    await goes_on(shop, days=3)
    assert await database.fetch_values(held) == ["small"]
    assert [row[:2] for row in await paid()] == [(1190, 1000), (595, 500)]
    await all_is_well()


async def test_who_pays_with_tax_again_is_looked_at_no_more(shop: Shop) -> None:
    browser = await member(shop)
    for number in (NUMBER, ""):
        clock.set_everywhere(clock.now() + timedelta(seconds=1))
        await types(browser, number)
        await shop.catch_up()
    assert len(await told()) == 2
    await goes_on(shop, days=32)
    may_differ = fee_tax_moves._MAY_DIFFER
    assert await database.fetch_values(may_differ, list(fee_tax_moves.MAY_MOVE), []) == []


async def test_a_number_given_before_the_shop_hears_of_the_renewal_counts_from_the_one_after(shop: Shop) -> None:
    await member(shop)
    subscription = (await join_members.subscription())["id"]
    clock.set_everywhere(clock.now() + timedelta(days=31, hours=1))
    buyer = InvoiceBuyer(**BUYER, vat_number=NUMBER)
    await invoice_addresses.save(await join_members.person(), buyer)
    await fee_tax_moves._follow(subscription)  # type: ignore[arg-type]
    assert await database.fetch_rows("SELECT id FROM fee_tax_move") == []
    await goes_on(shop, days=1)
    (text,) = await told()
    assert "Until 1 May 2027: €11.90 a month From 1 May 2027: €10.00 a month" in " ".join(text.split())
    await goes_on(shop, days=31)
    assert [row[:2] for row in await paid()] == [(1190, 1000), (1190, 1000), (1000, 1000)]
    await all_is_well()


async def test_staff_see_businesses_at_the_price_they_pay_without_its_tax(shop: Shop) -> None:
    await german(shop)
    plan, browser = await make_plans.club(price=1190, interval="month"), await business(shop)
    await joined(shop, browser, plan.slug)
    assert await member_directory.on_versions(plan.id) == {plan.version_id: 1}


async def test_a_fee_without_tax_is_not_made_where_it_could_be_undone(shop: Shop) -> None:
    """The process remembers it: undone by the database, it would be a price that is not there."""
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await business(shop)
    with pytest.raises(RuntimeError, match="outside the caller's transaction"):
        async with database.transaction():
            await reverse_charges.plan_for(plan, await join_members.person())
    assert (await reverse_charges.plan_for(plan, await join_members.person())).price.amount == 1000
