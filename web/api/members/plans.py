"""Plans that can be joined: the price of each, how often it is charged, and its benefits in words."""

from typing import Any, Literal

import msgspec
from litestar import Controller, Request, Response, get

from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import open_plans
from web.api.amounts import ApiAmount
from web.api.responses import json_response
from web.guards import caller
from web.shop import public_urls
from web.views import visitor_of

Unit = Literal["week", "month", "year", "life"]


class ApiBenefit(msgspec.Struct, frozen=True, kw_only=True):
    """`words` state exactly what is included, with its conditions."""

    kind: str
    name: str
    words: str


class ApiPlan(msgspec.Struct, frozen=True, kw_only=True):
    """Costs `price` every `interval_count` × `interval`; `is_once`: paid once for this period. `is_full`: all
    its places are taken, and there is a waiting list at `url`."""

    slug: str
    url: str
    name: str
    summary: str
    price: ApiAmount
    price_words: str
    interval: Unit
    interval_count: int
    is_once: bool
    is_free: bool
    trial_days: int
    seats: int
    may_be_given: bool
    is_full: bool
    benefits: tuple[ApiBenefit, ...]


class Plans(msgspec.Struct, frozen=True, kw_only=True):
    plans: tuple[ApiPlan, ...]


class ApiPlansController(Controller):
    path = "/api/v1/plans"
    guards = [caller]
    tags = ["Shop"]

    @get(summary="Plans on offer")
    async def index(self, request: Request[Any, Any, Any]) -> Response[Plans]:
        visitor = visitor_of(request)
        plans = plan_catalogue.active_plans(visitor.at)
        free = await open_plans.of(plans, visitor.person_id)
        return json_response(request, Plans(plans=tuple(_plan(one, is_full=one not in free) for one in plans)))


def _plan(plan: PlanView, *, is_full: bool) -> ApiPlan:
    return ApiPlan(
        slug=plan.slug,
        url=public_urls.absolute(f"/join/{plan.slug}"),
        name=plan.name,
        summary=plan.summary,
        price=ApiAmount.of(plan.price.amount, plan.price.currency),
        price_words=plan.price_words,
        interval=msgspec.convert(plan.interval, Unit),
        interval_count=plan.interval_count,
        is_once=plan.is_once,
        is_free=plan.is_free,
        trial_days=plan.trial_days,
        seats=plan.seats,
        is_full=is_full,
        may_be_given=plan.is_giftable,
        benefits=tuple(ApiBenefit(kind=one.kind, name=one.name, words=one.words) for one in plan.benefits),
    )
