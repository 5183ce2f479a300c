"""The Kiln Club: its benefits, in a free plan and two paid plans."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.checkout.delivery import delivery_terms
from components.demo import demo_benefits
from components.demo.demo_products import shelves
from components.memberships.editing import plan_benefits, plans
from components.memberships.plans import plan_catalogue

PERCENT_OFF = 1500
MONTHLY_PRICE = 450
EXPLICIT = {"moon-jar": 12000, "teapot-for-two": 6400}
"""Products with an explicit member price instead of 15% off."""


@dataclass(frozen=True)
class SeededPlans:
    """The plans by slug."""

    plans: dict[str, UUID]


async def found(made: dict[str, UUID], *, by: UUID, monthly: int = MONTHLY_PRICE) -> SeededPlans:
    ids = {
        "kiln-club": await plans.create(
            slug="kiln-club",
            name="Kiln Club Annual",
            summary="Twelve months for less than the price of nine.",
            price=3900,
            interval="year",
            position=0,
            by=by,
        ),
        "kiln-club-monthly": await plans.create(
            slug="kiln-club-monthly",
            name="Kiln Club Monthly",
            summary="Pay month by month. Cancel whenever you like.",
            price=monthly,
            interval="month",
            position=1,
            by=by,
        ),
        "friend": await plans.create(
            slug="friend",
            name="Friend of the kiln",
            summary="Free to join. Shop new products a day early.",
            price=0,
            interval="life",
            position=2,
            by=by,
        ),
    }
    await _promise(ids, made, by=by)
    return SeededPlans(ids)


async def open_up(*, by: UUID) -> None:
    """From today: the annual plan can be given as a gift and has two household members; the monthly plan has a 14-day
    trial."""
    await plans.set_terms(plan_catalogue.by_slug("kiln-club").id, plans.PlanTerms(seats=2, is_giftable=True), by=by)
    await plans.set_terms(plan_catalogue.by_slug("kiln-club-monthly").id, plans.PlanTerms(trial_days=14), by=by)


async def _promise(plan_ids: dict[str, UUID], made: dict[str, UUID], *, by: UUID) -> None:
    paid = (plan_ids["kiln-club"], plan_ids["kiln-club-monthly"])
    for position, (kind, name, answers) in enumerate(await _benefits(made)):
        benefit = await plan_benefits.create_benefit(kind_key=kind, name=name, answers=answers, by=by)
        for plan in paid:
            await plan_benefits.attach(plan, benefit, by=by, position=position)
    await demo_benefits.promise(plan_ids["kiln-club"], by=by)
    day_ahead = await plan_benefits.create_benefit(
        kind_key="early_access", name="One day early", answers={"hours": 24, "most": 1}, by=by
    )
    await plan_benefits.attach(plan_ids["friend"], day_ahead, by=by)


async def _benefits(made: dict[str, UUID]) -> list[tuple[str, str, dict[str, Any]]]:
    standard = next(method for method in (await delivery_terms.current()).methods if method.position == 0)
    titles = {ware.slug: ware.title for shelf in shelves() for ware in shelf.wares}
    named = [
        (
            "member_price",
            f"{titles[slug]} member price",
            {"discount_type": "explicit", "amount": price, "covers": "product", "products": [made[slug]]},
        )
        for slug, price in EXPLICIT.items()
    ]
    return [
        ("member_price", "15% off everything", {"discount_type": "percent", "percent": PERCENT_OFF}),
        *named,
        ("free_delivery", "Free delivery", {"threshold": 3000, "methods": [standard.id]}),
        ("early_access", "Three days early", {"hours": 72, "most": 2}),
        ("members_only", "Moon Jar for members", {"covers": "product", "products": [made["moon-jar"]]}),
        ("content", "The full journal", {}),
    ]
