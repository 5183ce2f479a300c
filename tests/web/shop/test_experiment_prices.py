"""Where the price of an arm is named, and what is charged: basket, checkout, order, e-mails, trials, a business.

The plan is older than the experiment, as it is in a shop.
"""

from datetime import timedelta
from uuid import UUID

import pytest

from components.foundation import clock, database
from components.memberships.grants import complimentary
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.people import customer_accounts
from tests.components.experiments import made
from tests.support import buy_products, make_plans, make_products
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
