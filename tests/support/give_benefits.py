"""Members with the benefits that give: cashback, credit, gifts, codes and perks."""

from typing import Any
from uuid import UUID

from components.foundation import ids
from components.ledger import balances
from components.ledger import credit as ledger_credit
from components.memberships.editing import plan_benefits, plans
from components.memberships.grants import complimentary
from components.memberships.plans import plan_cache, plan_catalogue
from components.orders.facts import OrderPaid, OrderRefunded
from components.people import customer_accounts
from tests.support import fill_basket
from tests.support.pages import Browser
from tests.support.shops import Shop

Promise = tuple[str, str, dict[str, Any]]


async def plan(*benefits: Promise) -> dict[str, UUID]:
    """The annual plan with these benefits; their ids by name."""
    return await _plan("annual", benefits)


async def plan_of_friends(*benefits: Promise) -> dict[str, UUID]:
    """Another plan."""
    return await _plan("friends", benefits)


async def _plan(slug: str, benefits: tuple[Promise, ...]) -> dict[str, UUID]:
    plan_id = await plans.create(slug=slug, name=slug.title(), summary="", price=3900, interval="year", by=None)
    found = {}
    for kind, name, answers in benefits:
        found[name] = await plan_benefits.create_benefit(kind_key=kind, name=name, answers=answers, by=None)
        await plan_benefits.attach(plan_id, found[name], by=None)
    await plan_cache.refresh()
    return found


async def member(shop: Shop, email: str = "maya@kiln.test") -> tuple[UUID, Browser]:
    """Somebody who was given the annual plan, signed in."""
    maya = await fill_basket.person(email, "Maya Lindqvist")
    await complimentary.grant(maya, plan_catalogue.by_slug("annual"), until=None, by=maya)
    await shop.catch_up()
    return maya, await shop.signed_in(email)


async def credit(person: UUID, amount: int) -> None:
    await ledger_credit.grant(person, amount, cause=f"test:{ids.new()}", words="A kindness", expires_at=None)


async def spendable(person: UUID) -> int:
    return (await balances.for_person(person)).spendable


async def the_person(email: str = "maya@kiln.test") -> UUID:
    found = await customer_accounts.by_email(email)
    assert found is not None
    return found.id


__all__ = ["OrderPaid", "OrderRefunded", "credit", "member", "plan", "spendable", "the_person"]
