"""Members who joined at an arm's price when prices move, and a business in an arm, which pays without tax."""

from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiment_decisions, experiments
from components.foundation import clock, database
from components.memberships.billing import price_migrations
from components.memberships.plans import plan_catalogue
from components.people import customer_accounts
from tests.support import buy_products, make_plans, make_products, past_orders, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_of_businesses import german, joined, types
from tests.web.shop.test_experiment_prices import begun, joins_in
from tests.web.shop.test_experiments import JOIN, put_in


async def joined_cheaply(shop: Shop) -> UUID:
    experiment = await begun()
    await joins_in(shop, experiment, 1)
    return experiment


async def a_year_goes_by(shop: Shop) -> None:
    for days in (340, 23, 1, 1, 1, 1, 1):
        clock.set_everywhere(clock.now() + timedelta(days=days))
        for due in (shop.catch_up, price_migrations.run_due, shop.catch_up):
            await due()


async def test_members_of_an_arm_are_moved_to_the_price_that_was_kept(shop: Shop) -> None:
    experiment, by = await joined_cheaply(shop), (await people.customer("x@kiln.test")).id
    await experiment_decisions.decide(experiment, 0, by=by)
    ordinary = plan_catalogue.by_slug("annual")
    (group,) = await price_migrations.price_groups(ordinary)
    assert (group.count, group.more.amount, group.is_movable) == (1, 900, True)
    await price_migrations.schedule(ordinary, from_at=clock.now() + timedelta(days=1), notice_days=20, by=by)
    await a_year_goes_by(shop)
    (text,) = await database.fetch_values("SELECT text FROM email WHERE template = 'price_moves'")
    assert "£30.00 a year" in text and "£39.00 a year" in text
    assert await database.fetch_values("SELECT amount FROM paid_period ORDER BY starts_at") == [3000, 3900]


async def test_members_of_the_arm_that_won_are_told_of_no_move_to_the_price_they_pay(shop: Shop) -> None:
    experiment, by = await begun(), (await people.customer("x@kiln.test")).id
    cheap, _ = await joins_in(shop, experiment, 1), await joins_in(shop, experiment, 0)
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    await experiment_decisions.decide(experiment, 1, by=by)
    public = plan_catalogue.by_slug("annual")
    (group,) = await price_migrations.price_groups(public)
    assert (group.count, group.more.amount) == (1, -900), "the one who pays £39.00"
    assert "New members pay" not in (await cheap.get("/account/membership")).words
    await price_migrations.schedule(public, from_at=clock.now() + timedelta(days=1), notice_days=20, by=by)
    await a_year_goes_by(shop)
    told = await database.fetch_values("SELECT text FROM email WHERE template = 'price_moves'")
    assert len(told) == 1 and "£39.00 a year" in told[0]
    await price_migrations.run_due()
    assert await database.fetch_value("SELECT stopped_at FROM price_migration") is not None, "nobody is left"


async def test_where_all_pay_the_price_there_is_nobody_to_move(shop: Shop) -> None:
    experiment, by = await joined_cheaply(shop), (await people.customer("x@kiln.test")).id
    clock.set_everywhere(clock.now() + timedelta(hours=1))
    await experiment_decisions.decide(experiment, 1, by=by)
    public, soon = plan_catalogue.by_slug("annual"), clock.now() + timedelta(days=1)
    with pytest.raises(price_migrations.NoMembersToMove):
        await price_migrations.schedule(public, from_at=soon, notice_days=20, by=by)


async def german_arm(shop: Shop) -> tuple[UUID, Browser, str]:
    """A business in an arm of half the price."""
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    experiment = await begun(plan=plan, price=595)
    browser, email = await put_in(shop, experiment, 1)
    await types(browser)
    return experiment, browser, email


THEIRS = "Your price: €5.00 a month instead of €10.00."


async def test_a_business_reads_its_own_price_without_tax_on_every_page(shop: Shop) -> None:
    experiment, browser, _ = await german_arm(shop)
    for path in ("/join", JOIN):
        words = (await browser.get(path)).words
        assert THEIRS in words and "drawn by chance" in words, path
    await joined(shop, browser, "annual")
    assert await database.fetch_rows("SELECT amount, net_amount FROM paid_period") == [(500, 500)]
    shown = await experiment_decisions.preview(await experiments.by_id(experiment), 1)
    assert (shown.joined, shown.promised) == (1, 0), "who has joined is not promised it as well"
    assert "Your plan €5.00 a month" in (await browser.get("/join")).words


async def test_the_verdict_and_the_basket_of_a_business_are_without_tax(shop: Shop) -> None:
    _, browser, email = await german_arm(shop)
    noor = await customer_accounts.by_email(email)
    assert noor is not None
    mug = await make_products.product("Mug", price=30000)
    await past_orders.bought(noor.id, mug)
    await database.execute("UPDATE orders SET currency = 'EUR'")
    await shop.refresh()
    await buy_products.put_in(browser, mug.slug)
    basket = (await browser.get("/basket")).words
    assert "Annual costs €5.00 a month" in basket and "Join and pay €275.00 now" in basket
    assert "€60.00" in basket and "€5.95" not in basket and "€71.40" not in basket, "twelve times five"
    checkout = (await browser.get("/checkout?join=annual")).words
    assert THEIRS in checkout and "€5.95" not in checkout
