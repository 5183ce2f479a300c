"""Between a VAT number given or taken out and the renewal that counts it: what is said, held and charged."""

from datetime import timedelta
from typing import Any

import pytest

from components.checkout import invoice_buyers
from components.foundation import clock, database, ids
from components.memberships import invariants
from components.memberships.billing import plan_changes, subscriptions
from components.memberships.billing.states import fee_tax_moves
from components.memberships.editing import plans
from components.memberships.entitlements import member_directory
from components.memberships.plans import plan_cache, plan_catalogue, reverse_charges
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

PAGE = "/account/membership"


async def private(shop: Shop) -> Browser:
    await people.customer(join_members.MAYA, name="Maya")
    return await shop.signed_in(join_members.MAYA)


async def facts(browser: Browser) -> str:
    """What the page says between the next charge and the card."""
    words = (await browser.get(PAGE)).words
    return words[words.index("Next charge") : words.index("Card Visa")].strip()


async def until(shop: Shop, before_renewal: timedelta) -> Browser:
    subscription: Any = (await join_members.subscription())["id"]
    kept = await subscriptions.by_id(subscription)
    clock.set_everywhere(kept.current_period_end - before_renewal)
    for due in (plan_changes.apply_due, fee_tax_moves.follow_all, shop.catch_up):
        await due()
    return await shop.signed_in(join_members.MAYA)


async def test_a_number_given_is_said_of_the_next_charge_and_the_price_that_was_paid_has_its_tax(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await private(shop)
    await joined(shop, browser, plan.slug)
    assert await facts(browser) == "Next charge €11.90 on 1 April 2027 Price €11.90 a month, including €1.90 VAT"
    await types(browser)
    await shop.catch_up()
    said = f"Next charge €10.00 on 1 April 2027 {WHY} Price €11.90 a month, including €1.90 VAT"
    assert await facts(browser) == said
    browser = await renews(shop)
    assert await facts(browser) == f"Next charge €10.00 on 1 May 2027 Price €10.00 a month {WHY}"


async def test_a_number_taken_out_is_said_likewise_and_nobody_keeps_the_price_without_tax(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(shop)
    await joined(shop, browser, plan.slug)
    await types(browser, number="")
    await shop.catch_up()
    assert await facts(browser) == "Next charge €11.90 on 1 April 2027 Price €10.00 a month"


async def test_whoever_keeps_an_older_price_reads_what_others_pay_with_or_without_tax_like_theirs(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(shop)
    await joined(shop, browser, plan.slug)
    await plans.revise(plan.id, price=2380, by=None)
    assert "You keep the price you joined at. New members pay €20.00 a month." in await facts(browser)
    await types(browser, number="")
    await shop.catch_up()
    said = await facts(browser)
    assert "New members pay €23.80 a month." in said and "You keep" not in said, "their own gets its tax back"
    browser = await renews(shop)
    assert "You keep the price you joined at. New members pay €23.80 a month." in await facts(browser)


async def test_one_that_is_cancelled_says_nothing_of_a_charge_without_tax(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await private(shop)
    await joined(shop, browser, plan.slug)
    await database.execute("UPDATE subscription SET cancel_at = current_period_end")
    await types(browser)
    await shop.catch_up()
    words = (await browser.get(PAGE)).words
    assert "It won't renew" in words and "€11.90 a month, including €1.90 VAT" in words and "Reverse" not in words


async def test_staff_read_who_pays_a_price_without_its_tax_beside_that_price(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await joined(shop, await business(shop), plan.slug)
    assert await member_directory.on_versions(plan.id) == {plan.version_id: 1}
    await people.owner()
    words = (await (await shop.signed_in("iris@kiln.test")).get(f"/staff/plans/{plan.slug}")).words
    assert "1 member now, everybody who has its benefits today." in words
    assert "€11.90 a month 1 March 2027 Now 1" in words


@pytest.mark.parametrize("had", [NUMBER, ""])
async def test_a_planned_change_begins_on_its_day_though_the_number_changes_on_the_last(shop: Shop, had: str) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    small = await make_plans.club(slug="small", price=595, interval="month")
    browser = await private(shop)
    await joined(shop, browser, plan.slug)
    address = f"{PAGE}/plan/{small.slug}"
    await browser.submit(await browser.get(address), address)
    await types(browser, number=had)
    await shop.catch_up()
    before, after = ("€5.00", "€5.95") if had else ("€5.95", "€5.00")
    assert f"{before} a month, on 1 April 2027" in (await browser.get(PAGE)).words, "as the next charge says"
    browser = await until(shop, timedelta(hours=10))
    await types(browser, number="" if had else NUMBER)
    await shop.catch_up()
    words = (await browser.get(PAGE)).words
    assert f"{after} a month, on 1 April 2027" in words and f"Next charge {after} on" in words
    subscription: Any = (await join_members.subscription())["id"]
    held = await subscriptions.by_id(subscription)
    assert held.plan_version == plan.version_id, "paid until then"
    assert "Until 1 April 2027: €11.90 a month" in (await told())[-1]
    assert f"From 1 April 2027: {after} a month" in (await told())[-1]
    changed = "SELECT count(*) FROM email WHERE template = 'plan_changed'"
    assert await database.fetch_value(changed) == 0
    await renews(shop)
    assert [row[0] for row in await paid()][:2] == [1190, 595 if had else 500]
    assert plan_catalogue.by_version((await subscriptions.by_id(subscription)).plan_version).slug == small.slug
    assert await database.fetch_value(changed) == 1
    assert await payment_invariants.invariants() == [] and await invariants.invariants() == []


async def test_whoever_is_private_again_is_not_looked_at_for_a_move_that_another_followed(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await private(shop)
    await joined(shop, browser, plan.slug)
    for number in (NUMBER, ""):
        clock.set_everywhere(clock.now() + timedelta(seconds=1))
        await types(browser, number)
        await shop.catch_up()
    assert await looked_at() == 1, "to be told to Stripe, or not"
    await renews(shop)
    moves = await database.fetch_rows("SELECT is_net, moved_at IS NULL FROM fee_tax_move ORDER BY told_at")
    assert moves == [(True, True), (False, False)]
    assert await looked_at() == 0


async def looked_at() -> int:
    numbers = await invoice_addresses.with_numbers()
    found = await database.fetch_values(fee_tax_moves._MAY_DIFFER, list(fee_tax_moves.MAY_MOVE), numbers)
    return len(found)


async def test_a_number_given_while_a_renewal_is_not_reported_yet_counts_from_the_one_after_it(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await joined(shop, await private(shop), plan.slug)
    subscription: Any = (await join_members.subscription())["id"]
    kept = await subscriptions.by_id(subscription)
    clock.set_everywhere(kept.current_period_end + timedelta(hours=1))
    await invoice_addresses.save(kept.payer, InvoiceBuyer(name="", vat_number=NUMBER, **BUYER))
    await fee_tax_moves.follow_all()
    assert await database.fetch_rows("SELECT renews_at FROM fee_tax_move") == []
    assert (await subscriptions.by_id(subscription)).plan_version == plan.version_id
    for due in (shop.catch_up, fee_tax_moves.follow_all, shop.catch_up):
        await due()
    (words,) = await told()
    assert "Until 1 May 2027: €11.90 a month" in words and "From 1 May 2027: €10.00 a month" in words
    await renews(shop)
    assert [row[:2] for row in await paid()] == [(1190, 1000), (1190, 1000), (1000, 1000)]
    assert await payment_invariants.invariants() == [] and await invariants.invariants() == []


async def test_what_was_held_is_said_though_the_renewal_comes_before_the_email(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await joined(shop, await private(shop), plan.slug)
    subscription: Any = (await join_members.subscription())["id"]
    kept = await subscriptions.by_id(subscription)
    clock.set_everywhere(kept.current_period_end - timedelta(hours=10))
    await invoice_addresses.save(kept.payer, InvoiceBuyer(name="", vat_number=NUMBER, **BUYER))
    await fee_tax_moves.follow_all()
    net = await reverse_charges.version_for(plan.version_id, kept.payer)
    await database.execute("UPDATE subscription SET plan_version = $1", net)
    await shop.catch_up()
    (words,) = await told()
    assert "Until 1 April 2027: €11.90 a month" in words and "From 1 April 2027: €10.00 a month" in words


@pytest.mark.parametrize("why", ["zero", "small"])
async def test_a_fee_without_tax_for_another_reason_can_have_any_buyer(shop: Shop, why: str) -> None:
    await german(shop)
    plan, by = await make_plans.club(price=1190, interval="month"), (await people.owner()).id
    if why == "zero":
        await database.execute("UPDATE plan SET tax_category = 'zero'")
        await plan_cache.refresh()
    else:
        await german(shop, small_business="yes")
    await joined(shop, await business(shop), plan.slug)
    assert [row[:3] for row in await paid()] == [(1190, 1190, 1190)]
    invoice = await database.fetch_value("SELECT id FROM invoice")
    buyer = InvoiceBuyer(**{**BUYER, "company": "", "name": "Maya"})
    made = await invoice_buyers.correct(invoice, buyer, by=by, key=ids.new(), tells=False)
    assert made.tax == 0 and made.total == 1190


async def test_a_fee_without_tax_is_not_made_where_it_could_be_undone(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    browser = await business(shop)
    person = await join_members.person()
    with pytest.raises(RuntimeError, match="outside the caller's transaction"):
        async with database.transaction():
            await reverse_charges.plan_for(plan_catalogue.by_slug(plan.slug), person)
    await joined(shop, browser, plan.slug)
    assert [row[:2] for row in await paid()] == [(1000, 1000)]
    async with database.transaction():
        assert (await reverse_charges.plan_for(plan_catalogue.by_slug(plan.slug), person)).is_net, "known by now"
