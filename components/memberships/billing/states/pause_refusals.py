"""Why a membership can't be paused."""

from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState


class CannotPause(Refusal):
    message = N_("Only an active, paid-up membership can be paused.")
    status = 409


class CannotPauseTrial(CannotPause):
    message = N_(
        "You can’t pause a free trial: nothing has been paid for yet. You can once your first payment is made."
    )


def why_not(current: CurrentState) -> CannotPause:
    return CannotPauseTrial() if current.state is MembershipState.TRIAL else CannotPause()
