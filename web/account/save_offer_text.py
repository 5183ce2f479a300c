"""What a member may have instead of cancelling, in words."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.formatting import money
from components.foundation.languages.words import _
from components.foundation.money import Money
from components.memberships.keeping_members.offers_made import OfferMade
from components.memberships.plans.plan_catalogue import PlanView

HERE = "/account/membership"


@dataclass(frozen=True, slots=True)
class OfferShown:
    """`href` leads to a page that says what changes before anything does; without one its button accepts it."""

    id: UUID
    reason: str
    words: str
    action: str
    href: str = ""


def offer_shown(one: OfferMade) -> OfferShown:
    if one.kind == "pause":
        words = _("Pause it for one to six months. You pay nothing meanwhile, and no paid time is lost.")
        return OfferShown(one.id, one.reason, words, _("Pause instead"), f"{HERE}/pause")
    assert one.fee is not None and one.left is not None
    if one.plan is not None:
        words = _(
            "Change to %(plan)s: %(price)s instead of %(fee)s.",
            plan=one.plan.name, price=one.plan.price_words, fee=_fee_beside(one.plan, one.held, one.fee),
        )  # fmt: skip
        return OfferShown(one.id, one.reason, words, _("See what changes"), f"{HERE}/plan/{one.plan.slug}")
    assert one.terms is not None
    words = _(
        "%(discount)s: you pay %(left)s instead of %(fee)s.",
        discount=one.terms.words, left=money(one.left), fee=money(one.fee),
    )  # fmt: skip
    return OfferShown(one.id, one.reason, words, _("Stay with the discount"))


def _fee_beside(plan: PlanView, held: PlanView | None, fee: Money) -> str:
    """With how often it is paid, where that is not how the other is."""
    if held is None or (held.interval, held.interval_count) == (plan.interval, plan.interval_count):
        return money(fee)
    return held.price_words
