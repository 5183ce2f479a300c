"""What was paid of a membership on one invoice, what went back of it, and how a refund is shared. Pure."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.money import Money


@dataclass(frozen=True, kw_only=True)
class FeePayment:
    """One paid invoice of a subscription: its fee, without the order that may have been paid with it.

    `credit` of `paid` was store credit, and `credit_left` of `left` would go back as that: each refund its share.
    """

    subscription_id: UUID
    invoice: str
    number: str
    paid: Money
    refunded: Money
    left: Money
    credit: Money
    credit_left: Money

    def of_credit(self, amount: int) -> int:
        """How much of a refund is returned as store credit. The shares of all refunds add up to the credit."""
        if not self.credit.amount:
            return 0
        given = self.credit.amount - self.credit_left.amount
        share = self.credit.amount * (self.refunded.amount + amount) // self.paid.amount - given
        money_left = self.left.amount - self.credit_left.amount
        return max(amount - money_left, min(share, amount, self.credit_left.amount), 0)
