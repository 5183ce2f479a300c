"""What a discount on a fee takes off, and how that is said. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from components.foundation import formatting
from components.foundation.languages.words import N_, _
from components.foundation.money import Money, share_of
from components.foundation.refusals import Refusal
from components.memberships.plans.plan_catalogue import PlanView
from components.payments.discounting.subscription_discounts import SubscriptionCoupon

MOST_PAYMENTS = 60
MOST_OFF = 9_999
A_YEAR = 12
WEEKS_A_MONTH = 4
"""Fewer than any month has, so that the months at Stripe always cover the payments; then it is taken off."""


class DiscountTooLarge(Refusal):
    message = N_("A discount has to leave something of the fee to pay.")


class WrongDiscount(Refusal):
    message = N_("A discount takes off a percentage or an amount.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeDiscountTerms:
    """A percentage in basis points, or an amount; off a number of payments, or off every one when that is None."""

    percent_bp: int = 0
    amount: Money | None = None
    payments: int | None = 1

    def off(self, fee: Money) -> Money:
        """What it takes off a fee."""
        if self.amount is None:
            return Money(share_of(fee.amount, self.percent_bp), fee.currency)
        return Money(min(self.amount.amount, fee.amount), fee.currency)

    def left(self, fee: Money) -> Money:
        return fee - self.off(fee)

    def worth(self, fee: Money) -> Money:
        """What it gives in all; of one for ever, in a year of monthly payments."""
        return self.off(fee) * (A_YEAR if self.payments is None else self.payments)

    @property
    def off_words(self) -> str:
        """ "20%" or "£5.00"."""
        return formatting.money(self.amount) if self.amount else formatting.percent(self.percent_bp)

    @property
    def words(self) -> str:
        """ "20% off your next 3 payments"."""
        return said(self.off_words, self.payments)

    def check(self, plan: PlanView) -> None:
        """Raises `WrongDiscount`, `DiscountTooLarge`."""
        is_percent = 0 < self.percent_bp <= MOST_OFF
        if is_percent == bool(self.amount) or (self.amount and self.amount.amount < 0):
            raise WrongDiscount
        if self.payments is not None and not 1 <= self.payments <= MOST_PAYMENTS:
            raise WrongDiscount
        if self.amount and self.amount.currency != plan.price.currency:
            raise WrongDiscount
        if self.left(plan.price).amount <= 0 or not self.off(plan.price):
            raise DiscountTooLarge

    def at_stripe(self, plan: PlanView, name: str, *, spare: int = 1) -> SubscriptionCoupon:
        """How Stripe is told: by months, of which it is given enough for the payments.

        Without any to spare where the first payment is made with it: its last month is over when the next one comes.
        """
        return SubscriptionCoupon(
            percent_bp=self.percent_bp,
            amount=self.amount.amount if self.amount else 0,
            currency=plan.price.currency,
            months=self._months(plan, spare),
            name=name,
        )

    def _months(self, plan: PlanView, spare: int) -> int | None:
        if self.payments is None:
            return None
        months = months_for(self.payments, plan.interval, plan.interval_count)
        return months + spare if months else 0


def said(off: str, payments: int | None) -> str:
    if payments is None:
        return _("%(off)s off every payment", off=off)
    if payments == 1:
        return _("%(off)s off your next payment", off=off)
    return _("%(off)s off your next %(count)s payments", off=off, count=payments)


def said_to_staff(off: str, payments: int | None) -> str:
    if payments is None:
        return f"{off} off every payment"
    return f"{off} off the next {'payment' if payments == 1 else f'{payments} payments'}"


def months_for(payments: int, interval: str, count: int) -> int:
    """Months that have this many payments in them; 0 for one payment, which Stripe counts by itself."""
    if payments == 1:
        return 0
    periods = payments * count
    if interval == "week":
        return -(-periods // WEEKS_A_MONTH)
    return periods * (12 if interval == "year" else 1)
