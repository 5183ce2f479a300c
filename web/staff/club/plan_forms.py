"""The forms of a plan's page that say what it offers beside its benefits, and how spending earns it."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation import formatting
from components.memberships.grants import spend_qualification
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.tables import SpendRule
from web.forms.fields import Choice, Tick
from web.forms.form import Form
from web.forms.numbers import AmountField, Whole

TRIAL_ENDS = (
    ("card", "A card is asked for at once and charged then"),
    ("cancel", "No card; it ends then, unless one was given"),
    ("pause", "No card; it rests then, until one is given"),
    ("create_invoice", "No card; the fee is due then all the same"),
)


class TermsForm(Form):
    trial_days = Whole("Days of trial", most=730, help="0 for none. One trial for each person, by e-mail and card.")
    trial_ends = Choice("When the trial is over", TRIAL_ENDS)
    seats = Whole("Seats for the household", most=20, help="Beside the payer's own. 0 for none.")
    is_giftable = Tick("It can be given as a gift, paid once for one period")


class SpendForm(Form):
    threshold = AmountField("Spent on goods", least=1, most=100_000_000)
    months = Whole("Within months", least=1, most=60)


@dataclass(frozen=True, kw_only=True)
class EarnedBy:
    """The rule by which spending earns the plan, in words."""

    id: UUID
    words: str


def terms_form(plan: PlanView) -> TermsForm:
    return TermsForm.blank(
        trial_days=plan.trial_days, trial_ends=plan.trial_ends, seats=plan.seats, is_giftable=plan.is_giftable
    )


async def earned_by(plan: PlanView) -> EarnedBy | None:
    found: SpendRule | None = next((one for one in await spend_qualification.rules() if one.plan == plan.id), None)
    if found is None:
        return None
    length = formatting.length("month", found.months)
    return EarnedBy(id=found.id, words=f"{formatting.money(found.threshold)} spent on goods within {length}")
