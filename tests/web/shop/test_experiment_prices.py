"""Where the price of an arm is named, and what is charged: basket, checkout, order, e-mails, trials, a business.

The plan is older than the experiment, as it is in a shop.
"""

from datetime import timedelta
from uuid import UUID

from components.foundation import clock, database
from components.memberships.plans.plan_catalogue import PlanView
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
