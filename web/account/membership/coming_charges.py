"""What somebody who has just joined is told about the charges to come: the end of a trial, the next renewal."""

from components.foundation.formatting import day, money
from components.memberships.billing import coming_price
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.payments import cards


async def welcome_charges(current: CurrentState) -> tuple[str, ...]:
    """Nothing of what nobody is billed for."""
    running = current.subscription
    if running is None or running.current_period_end is None:
        return ()
    until, coming = day(running.current_period_end), await coming_price.of_renewal(running)
    if current.state is MembershipState.TRIAL:
        ends = plan_catalogue.by_version(running.plan_version).trial_ends
        has_card = ends == "card" or await cards.shown(running.id) is not None
        return f"Your trial is free until {until}.", _after_trial(coming, ends="card" if has_card else ends)
    if current.state is MembershipState.ACTIVE:
        return (f"It renews on {until}: {coming.price_words}. You can cancel at any time.",)
    return ()


def _after_trial(coming: PlanView, *, ends: str) -> str:
    if ends == "card":
        charged = f"If you do nothing, your card is then charged {money(coming.price)}, and {coming.price_words}"
        return f"{charged} from then on. Cancel before that day and you pay nothing."
    if ends == "create_invoice":
        return f"{money(coming.price)} is due then, unless you cancel before that day."
    what = "is put on hold" if ends == "pause" else "ends"
    return f"It {what} then, unless you add a card: it continues at {coming.price_words}."
