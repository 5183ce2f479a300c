"""The end of an experiment with what is offered to who cancels: one arm's offer becomes everybody's."""

from components.experiments.experiment_arms import ExperimentView, offer_of
from components.experiments.tables import Experiment
from components.foundation.refusals import Refusal
from components.memberships.keeping_members import tried_offers
from components.memberships.keeping_members.offer_terms import OfferTerms


class OffersChangedSince(Refusal):
    message = (
        "What is offered for this reason was changed since this experiment began. Change it under Save offers instead."
    )
    status = 409


async def is_changed(row: Experiment) -> bool:
    """By staff, since it began."""
    return await tried_offers.is_changed(row.reason, row.started_at)


async def now_and_then(found: ExperimentView, position: int) -> tuple[tuple[OfferTerms, ...], tuple[OfferTerms, ...]]:
    """What everybody is offered now, and would be with this arm. Raises `OffersChangedSince`."""
    if await is_changed(found.row):
        raise OffersChangedSince
    now = await tried_offers.of_everybody(found.row.reason)
    if not position:
        return now, now
    terms = offer_of(found.arms[position])
    return now, (terms,) if terms is not None else ()
