"""Where the price of an arm is named, and what is charged: basket, checkout, order, e-mails, trials, a business.

The plan is older than the experiment, as it is in a shop.
"""

from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiment_decisions, experiments
from components.foundation import clock, database
from components.memberships.billing import price_migrations
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.people import customer_accounts
from tests.components.experiments import made
from tests.support import buy_products, make_plans, make_products, past_orders, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_of_businesses import business, german, joined, types
from tests.web.shop.test_experiments import JOIN, put_in


async def begun(*, price: int = 3000, plan: PlanView | None = None, **given: object) -> UUID:
    plan = plan or await make_plans.club()
    clock.set_everywhere(clock.now() + timedelta(days=1))
    found = await made.started(made.price_draft(plan, price=price, **given), by=await made.owner())
    experiment: UUID = found.row.id
    return experiment


async def shopping(goods: Shop, **given: object) -> tuple[UUID, Browser, str]:
    """Somebody in the cheaper arm with a mug in the basket."""
    await make_products.product(on_hand=20)
    experiment = await begun(**given)
    browser, email = await put_in(goods, experiment, 1)
    await buy_products.put_in(browser)
    return experiment, browser, email


async def prices_in_emails(template: str) -> list[str]:
    found = await database.fetch_values("SELECT text FROM email WHERE template = $1 ORDER BY created_at", template)
    return [line for text in found for line in text.splitlines() if "£" in line or "€" in line]


async def test_the_welcome_names_the_price_that_was_agreed(shop: Shop) -> None:
    browser, _ = await put_in(shop, await begun(), 1)
    await shop.pay(await browser.submit(await browser.get(JOIN), JOIN))
    await shop.catch_up()
    assert await prices_in_emails("membership_started") == [
        "You're now a member of the Kiln Club: Annual, £30.00 a year.",
        "We've received your payment of £30.00 for this membership.",
    ]


async def test_the_welcome_of_a_business_names_its_price_without_tax(shop: Shop) -> None:
    await german(shop)
    plan = await make_plans.club(price=1190, interval="month")
    await joined(shop, await business(shop), plan.slug)
    first = (await prices_in_emails("membership_started"))[0]
    assert first == "You're now a member of the Kiln Club: Annual, €10.00 a month."


@pytest.mark.parametrize("is_free", [False, True])
async def test_a_membership_that_was_given_takes_no_promise_away(shop: Shop, is_free: bool) -> None:
    free = await make_plans.free_tier()
    browser, email = await put_in(shop, await begun(), 1)
    await browser.get(JOIN)
    noor = await customer_accounts.by_email(email)
    assert noor is not None
    given, until = free if is_free else plan_catalogue.by_slug("annual"), clock.now() + timedelta(days=5)
    await complimentary.grant(noor.id, given, until=until, by=noor.id)
    page = await browser.get(JOIN)
    assert "£30.00" in page.words and "yours if you join by" in page.words
    await shop.pay(await browser.submit(page, JOIN))
    await shop.catch_up()
    assert await database.fetch_values("SELECT amount FROM paid_period") == [3000]
    assert "£30.00 a year instead" not in (await browser.get("/join")).words, "who pays has nothing to join"


async def test_whoever_was_given_a_membership_is_not_asked(shop: Shop) -> None:
    experiment = await begun()
    browser, email = await put_in(shop, experiment, 1)
    noor = await customer_accounts.by_email(email)
    assert noor is not None
    await complimentary.grant(noor.id, plan_catalogue.by_slug("annual"), until=None, by=noor.id)
    assert "£30.00" not in (await browser.get(JOIN)).words
    assert await database.fetch_value("SELECT count(*) FROM experiment_exposure") == 0


async def joined_cheaply(shop: Shop) -> UUID:
    experiment = await begun()
    await joins_in(shop, experiment, 1)
    return experiment


async def joins_in(shop: Shop, experiment: UUID, arm: int) -> Browser:
    browser, _ = await put_in(shop, experiment, arm)
    await shop.pay(await browser.submit(await browser.get(JOIN), JOIN))
    await shop.catch_up()
    return browser


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


async def test_who_holds_a_plan_reads_the_price_they_agreed_to(shop: Shop) -> None:
    browser = await joins_in(shop, await begun(), 1)
    words = (await browser.get("/join")).words
    assert "Your plan £30.00 a year" in words and "£39.00" not in words


async def test_who_was_given_a_plan_reads_what_it_would_cost_them(shop: Shop) -> None:
    noor, plan = await people.customer("noor@kiln.test", name="Noor"), await make_plans.club()
    await complimentary.grant(noor.id, plan, until=None, by=noor.id)
    assert "Your plan £39.00 a year" in (await (await shop.signed_in(noor.email)).get("/join")).words


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
