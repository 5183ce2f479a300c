"""The standing of somebody who does not exist: a holder of a plan, as the rows of an instant would make her."""

from datetime import datetime
from uuid import UUID

from components.foundation import database
from components.foundation.refusals import NotFound
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements, HeldBenefit, HeldPlan

NOBODY = UUID(int=0)

_PROMISED = """
SELECT b.id AS benefit_id, b.kind, b.name, v.settings::text AS settings, GREATEST(pb.from_at, $2) AS from_at,
  pb.until_at, GREATEST(LEAST((SELECT min(o.from_at) FROM plan_benefit o
    WHERE o.plan = pb.plan AND o.benefit = pb.benefit AND (o.until_at IS NULL OR o.until_at > o.from_at)),
    pb.from_at), $2) AS since
FROM plan_benefit pb JOIN benefit b ON b.id = pb.benefit
JOIN benefit_version v ON v.benefit = b.id AND holds(v.from_at, v.until_at, $3)
WHERE pb.plan = $1 AND holds(pb.from_at, pb.until_at, $3)
ORDER BY pb.position, b.id
"""


async def holding_plan(
    plan_slug: str, *, since: datetime, at: datetime, status: str = "active"
) -> CustomerEntitlements:
    """What a member of the plan who joined at `since` would hold at `at`; nothing before she joined.

    `status` is her subscription's ('active', 'past_due'); a plan without a price is held as the free tier.
    Raises `NotFound` for a plan that has no price at the instant.
    """
    plan = await database.fetch_one(
        """SELECT p.id, p.slug, p.name, v.price = 0 AS is_free FROM plan p JOIN plan_version v ON v.plan = p.id
        WHERE p.slug = $1 AND holds(v.from_at, v.until_at, $2)""",
        plan_slug, at,
    )  # fmt: skip
    if plan is None:
        raise NotFound("At that instant the shop had no such plan.")
    if at < since:
        return CustomerEntitlements.NONE
    held = await database.fetch(_PROMISED, plan["id"], since, at)
    membership = _membership(plan["slug"], plan["name"], since, status, is_free=plan["is_free"])
    return CustomerEntitlements((membership,), tuple(HeldBenefit(**row, because_of=membership.source) for row in held))


async def joining_plan(standing_now: CustomerEntitlements, plan_slug: str, *, at: datetime) -> CustomerEntitlements:
    """What somebody would hold who joins the plan at this instant, beside what she holds already."""
    new = await holding_plan(plan_slug, since=at, at=at)
    return CustomerEntitlements((*standing_now.plans, *new.plans), (*standing_now.entitlements, *new.entitlements))


def _membership(slug: str, name: str, since: datetime, status: str, *, is_free: bool) -> HeldPlan:
    return HeldPlan(
        membership_id=NOBODY,
        plan_slug=slug,
        plan_name=name,
        source="free" if is_free else "subscription",
        is_free=is_free,
        from_at=since,
        until_at=None,
        status=None if is_free else status,
    )
