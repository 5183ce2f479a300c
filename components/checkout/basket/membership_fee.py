"""The plan that somebody joins with an order, and the part of its fee that is paid now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.foundation.languages import enumerations
from components.foundation.languages.words import n_
from components.memberships.plans.plan_catalogue import PlanView


@dataclass(frozen=True, slots=True)
class JoinsWithOrder:
    """A plan that begins with an order. With a trial its first fee is due after that number of days."""

    plan: PlanView
    trial_days: int = 0

    @property
    def fee(self) -> int:
        """The part of the fee paid together with the order, in minor units."""
        return 0 if self.trial_days else self.plan.price.amount

    @property
    def words(self) -> str:
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
