"""What an offer to a member who is about to cancel says, and whether it makes sense."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.refusals import Refusal
from components.memberships.keeping_members.tables import SaveOffer
from components.memberships.plans import plan_catalogue

KINDS = ("pause", "downgrade", "discount")


class BadOffer(Refusal):
    message = "Choose a reason and what is offered."


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """A pause, a plan that costs less, or a discount; what isn't of its kind is dropped, so that equal terms are
    equal."""

    kind: str
    percent_bp: int = 0
    payments: int = 1
    every_months: int = 12
    to_plan: UUID | None = None

    def __post_init__(self) -> None:
        if self.kind != "discount":
            for name, plain in (("percent_bp", 0), ("payments", 1), ("every_months", 12)):
                object.__setattr__(self, name, plain)
        if self.kind != "downgrade":
            object.__setattr__(self, "to_plan", None)


def of(offer: SaveOffer) -> OfferTerms:
    return OfferTerms(offer.kind, offer.percent_bp, offer.payments, offer.every_months, offer.to_plan or None)


def check(terms: OfferTerms) -> None:
    """Raises `BadOffer`."""
    if terms.kind not in KINDS:
        raise BadOffer
    has_range = 0 < terms.percent_bp < 10_000 and 1 <= terms.payments <= 60 and 1 <= terms.every_months <= 120
    if terms.kind == "discount" and not has_range:
        raise BadOffer("Enter a percentage below 100, for 1 to 60 payments, once in 1 to 120 months.")
    if terms.kind == "downgrade" and terms.to_plan not in {
        plan.id for plan in plan_catalogue.active_plans() if plan.renews
    }:
        raise BadOffer("Choose a plan that is on offer and renews.")
