"""What is wrong with what an experiment would offer to who is about to cancel."""

from collections.abc import Sequence

from components.memberships.billing.cancellations import REASONS
from components.memberships.keeping_members import offer_terms, tried_offers
from components.memberships.keeping_members.offer_terms import BadOffer, OfferTerms

FIELDS = {"": "offer", "pause": "offer", "downgrade": "to", "discount": "percent"}


async def troubles(reason: str, offers: Sequence[OfferTerms | None]) -> dict[str, str]:
    """Of the arms but the ordinary, by the field of the form. Each differs from the others, and from what staff set."""
    if reason not in dict(REASONS):
        return {"reason": "Choose for which reason."}
    found, seen = dict[str, str](), [frozenset(await tried_offers.of_everybody(reason))]
    for letter, one in zip("bcd", offers, strict=False):
        if words := _of_terms(one):
            found[f"{letter}_{FIELDS.get(one.kind if one else '', 'offer')}"] = words
        this = frozenset({one} if one else ())
        if this in seen:
            found[f"{letter}_offer"] = "Another arm, or everybody, is offered this already."
        seen.append(this)
    return found


def _of_terms(one: OfferTerms | None) -> str:
    try:
        if one is not None:
            offer_terms.check(one)
    except BadOffer as refusal:
        return str(refusal)
    return ""
