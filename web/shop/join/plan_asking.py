"""Experiments, before a page is made: whoever may join and is asked to is put in an arm, and is offered what it says.

Asked to join is whoever opens the joining pages, the basket or the checkout with an account. Members, staff and
previews are put in no experiment. Members read of their own plan what they were promised, also while it is on hold; but
whoever shares somebody's joins as everybody does. What was offered before holds for whoever may still join: a
membership that was given, shared or paid once takes no promise away. A gift is bought at
the price that everybody sees.
"""

from typing import Any

from components.experiments import experiment_cache, exposures
from components.memberships.plans import plan_cache
from components.memberships.plans.plan_offers import PlanOffer
from web.visitor import Visitor

ASKING = ("/join", "/basket", "/checkout")
JOINING = ("/join", "/checkout")
PUBLIC = ("/gifts", "/staff", "/api", "/static")


async def offers_of(scope: Any) -> tuple[PlanOffer, ...]:
    visitor: Visitor = scope["visitor"]
    theirs = () if _is_under(scope["path"], PUBLIC) else _promised(scope["path"], visitor)
    of = {one.plan for one in theirs}
    asked = (one for one in await _asked(scope, visitor) if one.plan not in of or not one.variant)
    return (*theirs, *asked)


def _promised(path: str, visitor: Visitor) -> tuple[PlanOffer, ...]:
    """What a member holds of a plan instead of what everybody does, or will again, wherever pages speak of that plan.
    What is shared with them is no part of a membership that they would pay for themselves."""
    known, standing, joins = plan_cache.current().variants, visitor.standing, _is_under(path, JOINING)
    held = [one.variant for one in standing.plans if one.source == "subscription" or not joins]
    if standing.on_hold is not None and not (standing.on_hold.giver and joins):
        held.append(standing.on_hold.variant)
    found = (known[one] for one in held if one and one in known)
    return tuple(PlanOffer(one.plan, variant=one.id) for one in found)


async def _asked(scope: Any, visitor: Visitor) -> tuple[PlanOffer, ...]:
    if not experiment_cache.current() or not _may_join(visitor) or _is_under(scope["path"], PUBLIC):
        return ()
    assert visitor.person_id is not None
    known = visitor.exposed
    if _is_under(scope["path"], ASKING) and not visitor.has_membership:
        known = await exposures.ask(visitor.person_id, known, visitor.at)
    return exposures.offers(known, visitor.at, wants_personal=visitor.wants_personal)


def _may_join(visitor: Visitor) -> bool:
    """Somebody with an account and without a subscription of their own, also one that is on hold."""
    if not visitor.is_signed_in or visitor.preview is not None or visitor.is_staff or visitor.owes:
        return False
    on_hold = visitor.standing.on_hold
    subscribes = any(plan.source == "subscription" for plan in visitor.standing.plans)
    return not subscribes and (on_hold is None or bool(on_hold.giver))


def _is_under(path: str, of: tuple[str, ...]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in of)
