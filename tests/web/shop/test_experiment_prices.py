"""Where the price of an arm is named, and what is charged: basket, checkout, order, e-mails, trials, a business.

The plan is older than the experiment, as it is in a shop.
"""

from datetime import timedelta
from uuid import UUID

import pytest

from components.experiments import experiments
from components.foundation import clock, database
from components.memberships.editing import plans
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments import invariants as payment_invariants
from components.people import customer_accounts
from tests.components.experiments import made
from tests.support import buy_products, make_plans, make_products, people
from tests.support.pages import Browser
from tests.support.shops import Shop
from tests.web.account.test_fees_of_businesses import business, german, joined
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


async def joins_in(shop: Shop, experiment: UUID, arm: int) -> Browser:
    browser, _ = await put_in(shop, experiment, arm)
    await shop.pay(await browser.submit(await browser.get(JOIN), JOIN))
    await shop.catch_up()
    return browser


async def test_who_holds_a_plan_reads_the_price_they_agreed_to(shop: Shop) -> None:
    browser = await joins_in(shop, await begun(), 1)
    words = (await browser.get("/join")).words
    assert "Your plan £30.00 a year" in words and "£39.00" not in words


async def test_who_was_given_a_plan_reads_what_it_would_cost_them(shop: Shop) -> None:
    noor, plan = await people.customer("noor@kiln.test", name="Noor"), await make_plans.club()
    await complimentary.grant(noor.id, plan, until=None, by=noor.id)
    assert "Your plan £39.00 a year" in (await (await shop.signed_in(noor.email)).get("/join")).words


async def test_with_an_order_the_basket_the_checkout_and_the_charge_agree(goods: Shop) -> None:
    _, browser, email = await shopping(goods)
    assert "Annual costs £30.00 a year" in (await browser.get("/basket")).words
    page = await browser.get("/checkout?join=annual")
    assert "£30.00" in page.words and "£39.00" not in page.words.replace("instead of £39.00", "")
    asked = await browser.submit(page, "/checkout", **{**buy_products.TYPED, "email": email})
    thanks = await browser.get((await goods.pay(asked)).url)  # type: ignore[attr-defined]
    await goods.catch_up()
    assert "£30.00" in thanks.words and "£39.00" not in thanks.words
    assert await database.fetch_values("SELECT amount FROM paid_period") == [3000]
    assert await database.fetch_value("SELECT joining_fee FROM orders") == 3000
    assert not await database.fetch_values("SELECT template FROM email WHERE text LIKE '%£39.00%'")
    assert await prices_in_emails("membership_started")
    assert await buy_products.is_sound() and await payment_invariants.invariants() == []


async def test_a_price_whose_promise_ends_between_the_page_and_the_order_is_not_charged_otherwise(goods: Shop) -> None:
    experiment, browser, email = await shopping(goods, promise_days=1)
    page = await browser.get("/checkout?join=annual")
    await experiments.stop(experiment, by=None)
    clock.set_everywhere(clock.now() + timedelta(days=1))
    asked = await browser.submit(page, "/checkout", **{**buy_products.TYPED, "email": email})
    assert asked.status == 409 and "£39.00" in asked.words
    assert await database.fetch_value("SELECT count(*) FROM subscription") == 0


async def test_after_a_trial_the_price_that_was_agreed_is_charged_and_told(shop: Shop) -> None:
    experiment, by = await begun(), (await people.customer("x@kiln.test")).id
    await plans.set_terms(plan_catalogue.by_slug("annual").id, plans.PlanTerms(trial_days=14), by=by)
    browser, _ = await put_in(shop, experiment, 1)
    await shop.pay(await browser.submit(await browser.get(JOIN), JOIN))
    await shop.catch_up()
    first = (await prices_in_emails("membership_started"))[0]
    assert "£30.00 a year" in first
    await experiments.stop(experiment, by=by)
    for step in (timedelta(days=14), timedelta(hours=3), timedelta(hours=3)):
        clock.set_everywhere(clock.now() + step)
        await shop.catch_up()
    assert await database.fetch_values("SELECT amount FROM paid_period") == [3000]
    assert not await database.fetch_values("SELECT template FROM email WHERE text LIKE '%£39.00%'")
