"""The plan that somebody joins with an order, and the part of its fee that is paid now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.foundation import formatting
from components.foundation.languages import enumerations
from components.foundation.languages.words import n_
from components.memberships.discounts.fee_codes import FeeCode
from components.memberships.plans.plan_catalogue import PlanView
from components.pricing import fee_tax
from components.pricing.destination_tax import DestinationTax, TaxShare


@dataclass(frozen=True, slots=True)
class JoinsWithOrder:
    """A plan that begins with an order. With a trial its first fee is due after that number of days.

    `code` is the one in the basket that is taken off the fee; `refusal` says why one that is there is not.
    """

    plan: PlanView
    trial_days: int = 0
    code: FeeCode | None = None
    refusal: str = ""

    @property
    def whole_fee(self) -> int:
        """The part of the fee paid together with the order, before a code, in minor units."""
        return 0 if self.trial_days else self.plan.price.amount

    @property
    def off(self) -> int:
        """What the code takes off the part that is paid now."""
        return self.code.off.amount if self.code and not self.trial_days else 0

    @property
    def fee(self) -> int:
        """The part of the fee paid together with the order, in minor units."""
        return self.whole_fee - self.off

    def taxes(self, there: DestinationTax) -> tuple[TaxShare, ...]:
        """Those in the part that is paid now, of where the order goes; none in a fee without tax."""
        return () if self.plan.is_net else fee_tax.shares(self.fee, self.plan.tax_category, there)

    @property
    def words(self) -> str:
        if self.trial_days and self.code:
            return n_(
                "%(plan)s, %(num)s day free, then %(first)s with %(code)s",
                "%(plan)s, %(num)s days free, then %(first)s with %(code)s",
                self.trial_days,
                plan=self.plan.name,
                first=formatting.money(self.code.first_fee),
                code=self.code.code,
            )
        if self.trial_days:
            return n_(
                "%(plan)s, %(num)s day free, then %(price)s",
                "%(plan)s, %(num)s days free, then %(price)s",
                self.trial_days,
                plan=self.plan.name,
                price=self.plan.price_words,
            )
        return enumerations.with_detail(self.plan.name, self.plan.price_words)

    def first_fee_at(self, at: datetime) -> datetime:
        """When the first fee is charged to somebody who pays at the instant."""
        return at + timedelta(days=self.trial_days)
