"""Plans, benefits and people for the tests of memberships."""

from typing import Any
from uuid import UUID

from components.memberships.editing import plan_benefits, plans
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView

EVERYTHING = {"covers": "everything"}
TENTH_OFF: dict[str, Any] = {"discount_type": "percent", "percent": 1000, **EVERYTHING}


async def benefit(kind: str, name: str, **answers: Any) -> UUID:
    return await plan_benefits.create_benefit(kind_key=kind, name=name, answers=answers, by=None)


async def club(*, price: int = 3900, interval: str = "year", slug: str = "annual") -> PlanView:
    """A plan with one of every kind of benefit."""
    plan_id = await plans.create(slug=slug, name=slug.title(), summary="", price=price, interval=interval, by=None)
    given = (
        await benefit("member_price", "10% off", **TENTH_OFF),
        await benefit("free_delivery", "Free delivery", threshold=0),
        await benefit("early_access", "Three days early", hours=72, **EVERYTHING),
        await benefit("members_only", "Members' pieces", **EVERYTHING),
        await benefit("content", "The whole journal"),
    )
    for position, one in enumerate(given):
        await plan_benefits.attach(plan_id, one, by=None, position=position)
    return plan_catalogue.by_slug(slug)


async def free_tier() -> PlanView:
    plan_id = await plans.create(slug="friend", name="Friend", summary="", price=0, interval="life", by=None)
    await plan_benefits.attach(plan_id, await benefit("content", "The journal"), by=None)
    return plan_catalogue.by_slug("friend")
