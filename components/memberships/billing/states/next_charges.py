"""The next charge of a running subscription, to the penny: one source for every page and e-mail that names its sum.

It is the price that the renewal will bill, announced or planned, less the discount that applies to it, and less the
store credit that is to be used for it.
"""

from dataclasses import dataclass
from datetime import datetime

from components.foundation.money import Money
from components.memberships.billing import coming_price
from components.memberships.discounts import fee_discounts
from components.memberships.discounts.fee_discounts import FeeDiscountView
from components.memberships.plans.plan_catalogue import PlanView
from components.memberships.renewal_credits import credit_choices
from components.memberships.tables import Subscription
from components.payments.invoicing import invoices


@dataclass(frozen=True, kw_only=True)
class NextCharge:
    """`amount` is what is due, of which `credit` is paid with store credit. `is_about` says that Stripe has not said
    just now what exactly it will be: the amount is then the agreed price, less the discount."""

    coming: PlanView
    discount: FeeDiscountView | None
    amount: Money
    credit: Money
    is_about: bool
    at: datetime | None

    @property
    def left(self) -> Money:
        """What the card is charged."""
        return self.amount - self.credit


async def of_renewal(kept: Subscription, *, at: datetime | None = None) -> NextCharge:
    """With at most one short call to Stripe. `at` is when it will come, where that isn't the end of the period."""
    at = at or kept.current_period_end
    coming = await coming_price.of_renewal(kept)
    is_other = coming.version_id != kept.plan_version
    said = None if is_other else await invoices.next_amount(kept.id)
    discount = await fee_discounts.running(kept.id)
    amount = discount.terms.left(coming.price) if discount else coming.price
    if said is not None:
        amount = Money(said, coming.price.currency)
    return NextCharge(
        coming=coming,
        discount=discount,
        amount=amount,
        credit=await credit_choices.coming(kept.payer, amount, at),
        is_about=not is_other and said is None,
        at=at,
    )
