"""The state of a trial that began with an order, for the order's pages."""

from components.foundation.formatting import day
from components.foundation.languages.words import N_, _
from components.memberships.billing import subscriptions, trials
from components.memberships.discounts import fee_discounts
from components.memberships.plans import plan_catalogue
from components.orders.views import OrderView

REFUSED = N_(
    "Your trial was not started because this card or e-mail has already had one. You have not been charged for it, "
    "and the price of your order does not change."
)


async def trial_text(order: OrderView) -> str:
    """Empty for an order without a trial, or once the trial is over."""
    if order.joins is None or not order.joining_trial_days or not order.is_paid:
        return ""
    if await trials.was_refused(order.joins):
        return _(REFUSED)
    found = await subscriptions.by_id(order.joins)
    if found.status != "trialing" or found.current_period_end is None:
        return ""
    plan, until = plan_catalogue.by_version(found.plan_version), day(found.current_period_end)
    if found.cancel_at:
        words = N_("Your trial of %(plan)s is cancelled: it ends on %(day)s, and this order’s price does not change.")
        return _(words, plan=plan.name, day=until)
    words = N_("Your trial of %(plan)s is free until %(day)s, then %(price)s, unless you cancel before then.")
    price = await fee_discounts.promised_words(found.id, plan.price, plan.price_words)
    return _(words, plan=plan.name, day=until, price=price)
