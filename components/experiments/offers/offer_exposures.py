"""Which offers a member is made who is about to cancel: those of their arm, in place of what everybody is offered.

An arm may offer less, or nothing. It never changes how a membership is cancelled.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from components.experiments import experiment_cache, exposures
from components.experiments.experiment_cache import CachedExperiment
from components.experiments.exposures import Exposed
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.keeping_members import offers_made, save_offers, tried_offers


async def ask(
    person_id: UUID, known: tuple[Exposed, ...], current: CurrentState, at: datetime
) -> Mapping[str, tuple[UUID, ...]]:
    """This member has opened the page that cancels: by the reason, what their arm offers; only where it isn't what
    everybody is offered. New arms are written down."""
    found, mine = dict[str, tuple[UUID, ...]](), {one.experiment: one for one in known}
    for one in experiment_cache.current():
        if one.kind != "offers" or not one.is_running:
            continue
        drawn = mine.get(one.id)
        if drawn is None and await _is_meant(one, person_id, current, at):
            drawn = await exposures.write_down(one, person_id, at)
        elif drawn is not None and not await exposures.may_know(one, person_id):
            continue
        if drawn is not None and drawn.arm:
            found[one.reason] = tuple(arm.offer for arm in one.arms if arm.position == drawn.arm and arm.offer)
    return found


async def _is_meant(one: CachedExperiment, person_id: UUID, current: CurrentState, at: datetime) -> bool:
    """Where no arm has anything for this member, there is no difference to be seen: they are not asked. Whether they
    are doesn't hang on the arm that they would be drawn into."""
    if not offers_made.is_asked(current) or await tried_offers.is_changed(one.reason, one.started_at):
        return False
    usual = [offer.id for offer in await save_offers.open_offers() if offer.reason == one.reason]
    if not await offers_made.could_make(current, (*usual, *(arm.offer for arm in one.arms if arm.offer))):
        return False
    return await exposures.is_meant(one, person_id, at)
