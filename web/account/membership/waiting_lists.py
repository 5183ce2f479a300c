"""Waiting lists on the account's first page: where somebody waits, and the place that is held for them."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation import formatting
from components.foundation.languages.words import _, n_
from components.memberships.plans import plan_catalogue
from components.memberships.promises import plan_places
from components.memberships.promises.plan_places import Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingPlace:
    """`is_held`: they can join now. The page behind `href` also takes them off the list."""

    words: str
    action: str
    href: str
    is_held: bool


async def waiting_places(person_id: UUID) -> tuple[WaitingPlace, ...]:
    plans = {plan.id: plan for plan in plan_catalogue.all_plans()}
    found = await plan_places.claims(person_id)
    return tuple(_shown(one, plans[one.plan].name, plans[one.plan].slug) for one in found if one.plan in plans)


def _shown(one: Claim, name: str, slug: str) -> WaitingPlace:
    if one.held_until is not None:
        until = formatting.moment(one.held_until)
        words = _("A place on %(plan)s is held for you until %(moment)s.", plan=name, moment=until)
        return WaitingPlace(words=words, action=_("Join %(plan)s", plan=name), href=f"/join/{slug}", is_held=True)
    listed = _("You’re on the waiting list for %(plan)s.", plan=name)
    told = _("We’ll e-mail you when a place is free, and hold it for 48 hours.")
    return WaitingPlace(
        words=f"{listed} {_ahead(one.ahead)} {told}",
        action=_("See the plan or leave the list"),
        href=f"/join/{slug}",
        is_held=False,
    )


def _ahead(count: int) -> str:
    if not count:
        return _("You’re next.")
    return n_("One person is ahead of you.", "%(num)s people are ahead of you.", count)
