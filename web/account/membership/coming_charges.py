"""What somebody who has just joined is told about the charges to come: the end of a trial, the next renewal."""

from components.foundation.formatting import day, money
from components.foundation.languages.words import _
from components.memberships.billing import coming_price
from components.memberships.billing.states.current_states import CurrentState
from components.memberships.billing.states.membership_states import MembershipState
from components.memberships.discounts import fee_discounts
from components.memberships.entitlements.customer_entitlements import HeldPlan
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import Subscription
from components.payments import cards


async def welcome_charges(current: CurrentState, plan: HeldPlan) -> tuple[str, ...]:
    """Of what was paid once, how long it lasts; nothing of what nobody pays for."""
    if plan.source in ("term", "gift"):
        if plan.until_at is None:
            return (_("It’s for life: it doesn’t renew, and you won’t be charged again."),)
        return (_("It lasts until %(day)s and doesn’t renew.", day=day(plan.until_at)),)
    running = current.subscription
    if running is None or running.current_period_end is None:
        return ()
    until, coming = day(running.current_period_end), await coming_price.of_renewal(running)
    price = await fee_discounts.coming_words(running.id, coming.price, coming.price_words)
    if current.state is MembershipState.TRIAL:
        free = _("Your trial is free until %(day)s.", day=until)
        return free, _after_trial(coming, price, ends=await _end_of_trial(running))
    if current.state is MembershipState.ACTIVE:
        return (_("It renews on %(day)s: %(price)s. You can cancel at any time.", day=until, price=price),)
    return ()


async def ends_without_card(running: Subscription) -> bool:
    """Whether the trial that they have leads to no payment unless they add a card."""
    return await _end_of_trial(running) in ("cancel", "pause")


async def _end_of_trial(running: Subscription) -> str:
    """How the trial that they have will end: as their plan says, and with a card always as one with a card."""
    ends = plan_catalogue.by_version(running.plan_version).trial_ends
    return "card" if ends == "card" or await cards.shown(running.id) is not None else ends


def _after_trial(coming: PlanView, price: str, *, ends: str) -> str:
    """`price` names a discount, where one is taken off what follows the trial."""
    if ends == "card" and price != coming.price_words:
        return _(
            "If you do nothing, your card is then charged %(price)s. Cancel before that day and you pay nothing.",
            price=price,
        )
    if ends == "card":
        return _(
            "If you do nothing, your card is then charged %(sum)s, and %(price)s from then on. "
            "Cancel before that day and you pay nothing.",
            sum=money(coming.price),
            price=price,
        )
    if ends == "create_invoice":
        due = money(coming.price) if price == coming.price_words else price
        return _("%(sum)s is due then, unless you cancel before that day.", sum=due)
    if ends == "pause":
        return _("It is put on hold then, unless you add a card: it continues at %(price)s.", price=price)
    return _("It ends then, unless you add a card: it continues at %(price)s.", price=price)
