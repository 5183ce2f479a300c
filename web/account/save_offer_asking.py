"""Which offers stand beside the cancel button of this member: those of everybody, or of their arm of an experiment.

Asked is whoever opens the page; staff and previews are in no experiment. Nothing else of the page hangs on an arm.
"""

from typing import Any

from litestar import Request

from components.experiments.offers import offer_exposures
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.keeping_members import offers_made
from web.account.save_offer_text import OfferShown, offer_shown
from web.views import visitor_of


async def offers_of(request: Request[Any, Any, Any], current: CurrentState) -> tuple[OfferShown, ...]:
    visitor, instead = visitor_of(request), None
    if visitor.person_id is not None and visitor.preview is None and not visitor.is_staff:
        instead = await offer_exposures.ask(visitor.person_id, visitor.exposed, current, visitor.at)
    return tuple(offer_shown(one) for one in await offers_made.show(current, instead=instead))
