"""Forms for a plan's trial, household, gift and spending rule."""

from dataclasses import dataclass
from uuid import UUID

from components.checkout.taxes import tax_rates
from components.foundation import formatting
from components.memberships.editing import plans
from components.memberships.grants import spend_qualification
from components.memberships.grants.tables import SpendRule
from components.memberships.plans.plan_catalogue import PlanView
from web.forms.fields import Choice, Choices, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole

TRIAL_ENDS = (
    ("card", "Card required upfront, charged when the trial ends"),
    ("cancel", "No card required; the membership ends unless a card was added"),
    ("pause", "No card required; the membership is paused until a card is added"),
    ("create_invoice", "No card required; the fee is invoiced when the trial ends"),
)


class TermsForm(Form):
    is_shared = True
    trial_days = Whole(
        "Trial period in days", most=730, help="0 for no trial. One trial per person, by e-mail address and card."
    )
    trial_ends = Choice("When the trial ends", TRIAL_ENDS)
    seats = Whole("Household members", most=20, help="In addition to the paying member. 0 for none.")
    is_giftable = Tick("Can be given as a gift, paid once for one period")
    guarantees_fee = Tick(
        "Fee guarantee: what a member hasn’t saved of their fee by the end of a period becomes store credit"
    )
    places = Whole(
        "Places", most=plans.MOST_PLACES, required=False, help="The most members at a time. 0 for any number."
    )
    tax_category = Choice(
        "Tax on the fee", help="The tax in the fee. Where prices are typed without tax, it is put on top."
    )


class SpendForm(Form):
    threshold = AmountField("Amount spent on products", least=1, most=100_000_000)
    months = Whole("Within how many months", least=1, most=60)


@dataclass(frozen=True, kw_only=True)
class EarnedBy:
    """The spending rule of the plan, in words."""

    id: UUID
    words: str


async def terms_choices() -> dict[str, Choices]:
    return {"tax_category": (*(await tax_rates.category_names()).items(), ("exempt", "No tax (exempt)"))}


async def terms_form(plan: PlanView) -> TermsForm:
    return TermsForm.blank(
        choices=await terms_choices(),
        trial_days=plan.trial_days,
        trial_ends=plan.trial_ends,
        seats=plan.seats,
        is_giftable=plan.is_giftable,
        tax_category=plan.tax_category,
        guarantees_fee=plan.guarantees_fee,
        places=plan.places,
    )


async def earned_by(plan: PlanView) -> EarnedBy | None:
    found: SpendRule | None = next((one for one in await spend_qualification.rules() if one.plan == plan.id), None)
    if found is None:
        return None
    length = formatting.length("month", found.months)
    return EarnedBy(id=found.id, words=f"{formatting.money(found.threshold)} spent on products within {length}")
