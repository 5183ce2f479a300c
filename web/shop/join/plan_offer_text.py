"""A price that some customers are offered, drawn by chance: what it is instead of, and until when it holds."""

from uuid import UUID

from components.foundation import formatting
from components.foundation.languages.words import _
from components.memberships.plans import plan_catalogue, plan_offers, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView


async def offer_words(plan: PlanView, payer: UUID | None) -> str:
    """Empty for a plan at the price that everybody sees. A business reads both prices as it would pay them."""
    offer = plan_offers.of_plan(plan.id)
    usual = next((one for one in plan_catalogue.public_plans() if one.id == plan.id), None)
    if (
        offer is None
        or usual is None
        or not plan.is_offered
        or offer.until_at is None
        or (plan.net_of or plan.version_id) != offer.version_id
    ):
        return ""
    business = await reverse_charges.of_payer(payer)
    mine, theirs = [await reverse_charges.price_for(one, business) for one in (plan, usual)]
    return _(
        "Your price: %(price)s instead of %(usual)s. It’s yours if you join by %(day)s, and your membership renews at "
        "it. We’re trying it with some customers, drawn by chance.",
        price=mine.price_words,
        usual=formatting.money(theirs.price),
        day=formatting.moment(offer.until_at),
    )
