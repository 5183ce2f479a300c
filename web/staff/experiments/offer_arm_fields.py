"""What each arm offers to who is about to cancel, as fields of the form of an experiment."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from components.memberships.billing.cancellations import REASONS
from components.memberships.keeping_members.offer_terms import OfferTerms
from web.forms.fields import Choice
from web.forms.form import Form
from web.forms.numbers import Percent, Whole
from web.staff.club import save_offers

KINDS = (("", "Nothing"), *save_offers.KINDS)
OFF, TIMES, MONTHS = "percentage off", "off how many payments", "once per person in how many months"


class OfferArmFields(Form):
    reason = Choice("For the reason", REASONS, sometimes=True, help="For save offers.")
    b_offer = Choice("Arm B: offer", KINDS, required=False, help="In place of all that is offered for this reason.")
    b_to = Choice("Arm B: plan", required=False, help="For a plan that costs less.")
    b_percent = Percent(f"Arm B: {OFF}", sometimes=True, help="For a discount.")
    b_payments = Whole(f"Arm B: {TIMES}", least=1, most=60, required=False)
    b_months = Whole(f"Arm B: {MONTHS}", least=1, most=120, required=False)
    c_offer = Choice("Arm C: offer", KINDS, required=False)
    c_to = Choice("Arm C: plan", required=False)
    c_percent = Percent(f"Arm C: {OFF}", required=False)
    c_payments = Whole(f"Arm C: {TIMES}", least=1, most=60, required=False)
    c_months = Whole(f"Arm C: {MONTHS}", least=1, most=120, required=False)
    d_offer = Choice("Arm D: offer", KINDS, required=False)
    d_to = Choice("Arm D: plan", required=False)
    d_percent = Percent(f"Arm D: {OFF}", required=False)
    d_payments = Whole(f"Arm D: {TIMES}", least=1, most=60, required=False)
    d_months = Whole(f"Arm D: {MONTHS}", least=1, most=120, required=False)


def terms(given: Mapping[str, Any], letter: str) -> OfferTerms | None:
    """As it was typed; None is nothing."""
    kind, to = given.get(f"{letter}_offer"), given.get(f"{letter}_to")
    if not kind:
        return None
    return OfferTerms(
        kind, given.get(f"{letter}_percent") or 0, given.get(f"{letter}_payments") or 1,
        given.get(f"{letter}_months") or 12, UUID(to) if to else None,
    )  # fmt: skip


def values(letter: str, offer: OfferTerms | None) -> dict[str, Any]:
    """The fields of an arm that offers this."""
    if offer is None:
        return {}
    found: dict[str, Any] = {f"{letter}_offer": offer.kind}
    if offer.kind == "discount":
        found |= {f"{letter}_percent": offer.percent_bp, f"{letter}_payments": offer.payments}
        found[f"{letter}_months"] = offer.every_months
    if offer.to_plan:
        found[f"{letter}_to"] = str(offer.to_plan)
    return found
