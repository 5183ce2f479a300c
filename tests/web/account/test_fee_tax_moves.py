"""Between a VAT number given or taken out and the renewal that counts it: what is said, held and charged."""

from datetime import timedelta

from components.foundation import clock, database
from components.memberships.billing.states import fee_tax_moves
from components.memberships.editing import plans
from components.people.invoicing import invoice_addresses
from tests.support import join_members, make_plans, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_of_businesses import (
    NUMBER,
    WHY,
    business,
    german,
    joined,
    renews,
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
    assert "New members pay" not in await facts(browser), "they will pay another themselves"
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
