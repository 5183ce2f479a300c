"""The entitlements of a hypothetical person: a holder of a plan, according to the rows of an instant."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import database
from components.foundation.refusals import NotFound
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements, HeldBenefit, HeldPlan
from components.memberships.plans import plan_catalogue

NOBODY = UUID(int=0)

_PROMISED = """
SELECT b.id AS benefit_id, b.kind, b.name, v.settings::text AS settings, GREATEST(pb.from_at, $2) AS from_at,
  pb.until_at, GREATEST(LEAST((SELECT min(o.from_at) FROM plan_benefit o
    WHERE o.plan = pb.plan AND o.benefit = pb.benefit AND (o.until_at IS NULL OR o.until_at > o.from_at)),
    pb.from_at), $2) AS since, $4::text AS because_of
FROM plan_benefit pb JOIN benefit b ON b.id = pb.benefit
JOIN benefit_version v ON v.benefit = b.id AND holds(v.from_at, v.until_at, $3)
WHERE pb.plan = $1 AND holds(pb.from_at, pb.until_at, $3)
ORDER BY pb.position, b.id
"""


async def holding_plan(
    plan_slug: str, *, since: datetime, at: datetime, status: str = "active"
) -> CustomerEntitlements:
    """What a member of the plan who joined at `since` would hold at `at`; nothing before that.

    `status` is the subscription's ('active', 'past_due'); a plan without a price is held as the free tier.
    Raises `NotFound` for a plan that has no price at the instant.
    """
    plan = await database.fetch_one_as(_Plan, _PLAN, plan_slug, at)
    if plan is None:
        raise NotFound("This plan didn’t exist at that time.")
    if at < since:
        return CustomerEntitlements.NONE
    membership = _membership(plan, since, status)
    held = await database.fetch_as(HeldBenefit, _PROMISED, plan.id, since, at, membership.source)
    return CustomerEntitlements((membership,), tuple(held))


class _Plan(NamedTuple):
    id: UUID
    slug: str
    name: str
    is_free: bool


_PLAN = """
SELECT p.id, p.slug, p.name, v.price = 0 AS is_free FROM plan p JOIN plan_version v ON v.plan = p.id
WHERE p.slug = $1 AND holds(v.from_at, v.until_at, $2)
"""


async def joining_plan(standing_now: CustomerEntitlements, plan_slug: str, *, at: datetime) -> CustomerEntitlements:
    """What a person who joins the plan at this instant, as it is offered to them, would hold, in addition to what they
    already hold."""
    new = await holding_plan(plan_slug, since=at, at=at)
    (held,) = new.plans
    given = {one.benefit_id: one for one in new.entitlements}
    theirs = tuple(
        given.get(one.id) or HeldBenefit(one.id, one.kind, one.name, one.settings, at, None, at, held.source)
        for one in plan_catalogue.by_slug(plan_slug, at).benefits
    )
    return CustomerEntitlements((*standing_now.plans, held), (*standing_now.entitlements, *theirs))


def _membership(plan: _Plan, since: datetime, status: str) -> HeldPlan:
    return HeldPlan(
        membership_id=NOBODY,
        plan_slug=plan.slug,
        plan_name=plan.name,
        source="free" if plan.is_free else "subscription",
        is_free=plan.is_free,
        from_at=since,
        until_at=None,
        status=None if plan.is_free else status,
    )
