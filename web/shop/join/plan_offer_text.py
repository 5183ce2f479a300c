"""A price or a benefit that some customers are offered, drawn by chance: what it is instead of, until when it holds."""

from uuid import UUID

from components.foundation import formatting
from components.foundation.languages.words import _
from components.memberships.plans import plan_catalogue, plan_offers, reverse_charges
from components.memberships.plans.plan_catalogue import PlanView


async def offer_words(plan: PlanView, payer: UUID | None) -> str:
    """Empty for a plan as everybody sees it. A business reads both prices as it would pay them."""
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
    if offer.variant:
        return _of_benefits(plan, usual, formatting.moment(offer.until_at))
    business = await reverse_charges.of_payer(payer)
    mine, theirs = [await reverse_charges.price_for(one, business) for one in (plan, usual)]
    return _(
        "Your price: %(price)s instead of %(usual)s. It’s yours if you join by %(day)s, and your membership renews at "
        "it. We’re trying it with some customers, drawn by chance.",
        price=mine.price_words,
        usual=formatting.money(theirs.price),
        day=formatting.moment(offer.until_at),
    )


def _of_benefits(plan: PlanView, usual: PlanView, day: str) -> str:
    """Nothing where everybody gets the same by now: it was made theirs, and only the copy that was promised differs."""
    everybodys, own = {one.id for one in usual.benefits}, {one.id for one in plan.benefits}
    given = {(one.kind, one.words) for one in usual.benefits}
    mine = next((one for one in plan.benefits if one.id not in everybodys), None)
    if mine is None or (mine.kind, mine.words) in given:
        return ""
    theirs = next((one.words for one in usual.benefits if one.id not in own), "")
    if theirs:
        return _(
            "Your benefit: “%(mine)s” instead of “%(usual)s”. It’s yours if you join by %(day)s, for as long as you "
            "stay a member on this plan. We’re trying it with some customers, drawn by chance.",
            mine=mine.words,
            usual=theirs,
            day=day,
        )
    return _(
        "One more benefit for you: “%(mine)s”. It’s yours if you join by %(day)s, for as long as you stay a member on "
        "this plan. We’re trying it with some customers, drawn by chance.",
        mine=mine.words,
        day=day,
    )
