"""How a test becomes a member, and how time goes by."""

from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import clock, database
from components.memberships.plans.plan_catalogue import PlanView
from tests.support import make_plans, people, worlds
from tests.support.pages import Browser
from tests.support.shops import Shop

MAYA = "maya@kiln.test"


async def plan(**how: object) -> PlanView:
    return await make_plans.club(**how)  # type: ignore[arg-type]


async def joins(shop: Shop, plan: PlanView, *, card: str = "4242424242424242", email: str = MAYA) -> Browser:
    """Somebody with an account joins and comes back from the payment page."""
    await people.customer(email, name="Maya")
    browser = await shop.signed_in(email)
    page = await browser.submit(await browser.get(f"/join/{plan.slug}"), f"/join/{plan.slug}")
    outcome = await shop.pay(page, card)
    if outcome.url:  # type: ignore[attr-defined]
        await browser.get(outcome.url)  # type: ignore[attr-defined]
    await shop.catch_up()
    return browser


async def member(shop: Shop, **how: Any) -> Browser:
    """Maya has just joined the only plan of a shop that is otherwise empty; `how` is that of `make_plans.club`."""

    async def build() -> Browser:
        return await joins(shop, await make_plans.club(**how))

    return await worlds.open_with(f"a member {sorted(how.items())}", shop, build)


async def person(email: str = MAYA) -> UUID:
    found = await database.fetch_value("SELECT id FROM person WHERE email = $1", email)
    assert isinstance(found, UUID)
    return found


async def subscription() -> dict[str, object]:
    """The one subscription there is."""
    rows = await database.fetch("SELECT * FROM subscription")
    assert len(rows) == 1
    return rows[0]


async def until(shop: Shop, at: datetime) -> None:
    """Time goes on to `at`, and all that is due on the way happens."""
    clock.set_everywhere(at)
    await shop.catch_up()
