"""A price that some customers are offered, drawn by chance: what it is instead of, and until when it holds."""

from components.foundation import formatting
from components.foundation.languages.words import _
from components.memberships.plans import plan_catalogue, plan_offers
from components.memberships.plans.plan_catalogue import PlanView


def offer_words(plan: PlanView) -> str:
    """Empty for a plan at the price that everybody sees."""
    offer = plan_offers.of_plan(plan.id)
    usual = next((one for one in plan_catalogue.public_plans() if one.id == plan.id), None)
    if offer is None or usual is None or offer.until_at is None or plan.version_id != offer.version_id:
        return ""
    return _(
        "Your price: %(price)s instead of %(usual)s. It’s yours if you join by %(day)s, and your membership renews at "
        "it. We’re trying it with some customers, drawn by chance.",
        price=plan.price_words,
        usual=formatting.money(usual.price),
        day=formatting.moment(offer.until_at),
    )
