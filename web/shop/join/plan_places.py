"""Places on a plan: what its page says of them, and the way onto the waiting list and off it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, post
from litestar.params import FromPath

from components.foundation import formatting
from components.foundation.languages.words import _, n_
from components.foundation.refusals import Refusal
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.promises import plan_places
from web.current_person import person_id_of
from web.guards import signed_in
from web.replies import see_other, with_notice, with_refusal


@dataclass(frozen=True, slots=True)
class PlacesShown:
    """`is_full` for this visitor: nobody whose place is held is turned away. `is_waiting`: they are on the list."""

    words: str
    is_full: bool
    is_waiting: bool


async def places_shown(plan: PlanView, person_id: UUID | None) -> PlacesShown | None:
    """None for a plan with any number of members."""
    found = await plan_places.of_plan(plan.id)
    if found is None:
        return None
    place = await plan_places.waiting(plan.id, person_id) if person_id else None
    if place is not None and place.held_until is not None:
        words = _("A place is held for you until %(moment)s.", moment=formatting.moment(place.held_until))
        return PlacesShown(words, False, True)
    has_own = person_id is not None and await plan_places.holds(plan.id, person_id)
    if found.free == found.places == 1:
        return PlacesShown(_("The only place is free."), False, place is not None)
    if found.free or has_own:
        words = n_(
            "%(num)s of %(places)s places is free.", "%(num)s of %(places)s places are free.", found.free,
            places=found.places,
        )  # fmt: skip
        return PlacesShown(words, False, place is not None)
    words = n_("The only place is taken.", "All %(num)s places are taken.", found.places)
    return PlacesShown(words, True, place is not None)


async def places_words(plans: Iterable[PlanView], person_id: UUID | None) -> dict[str, str]:
    """By slug, of those with a number of places."""
    shown = {plan.slug: await places_shown(plan, person_id) for plan in plans if plan_places.has_places(plan.id)}
    return {slug: found.words for slug, found in shown.items() if found is not None}


class WaitingListController(Controller):
    path = "/join/{plan:str}/waiting"
    guards = [signed_in]

    @post()
    async def create(self, request: Request[Any, Any, Any], plan: FromPath[str]) -> Response[Any]:
        chosen = plan_catalogue.by_slug(plan)
        try:
            await plan_places.wait(chosen.id, person_id_of(request))
        except Refusal as refusal:
            return with_refusal(see_other(f"/join/{chosen.slug}"), str(refusal))
        words = _("You’re on the waiting list. We’ll e-mail you when a place is free, and hold it for 48 hours.")
        return with_notice(see_other(f"/join/{chosen.slug}"), words)

    @post("/end")
    async def destroy(self, request: Request[Any, Any, Any], plan: FromPath[str]) -> Response[Any]:
        chosen = plan_catalogue.by_slug(plan)
        await plan_places.leave(chosen.id, person_id_of(request))
        return with_notice(see_other(f"/join/{chosen.slug}"), _("You’re no longer on the waiting list."))
