"""What every refund of a membership obeys, whatever was paid for: a fee, a bought gift, or a term paid once."""

from components.foundation import formatting
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.payments import disputes
from components.payments.payment_refusals import MoreThanPaid, NothingPaid, PaymentRefused

AT_STRIPE = {"succeeded": "succeeded", "failed": "failed", "cancelled": "failed"}
"""Our status by Stripe's; whatever else it says is pending."""
REFUSED = (PaymentRefused, NothingPaid, MoreThanPaid, disputes.PaymentDisputed, disputes.DisputeLost)
"""No money will move: the refund has failed."""


class NoRefundAmount(Refusal):
    message = "Enter the amount to refund: more than zero."


class MoreThanLeft(Refusal):
    def __init__(self, left: Money) -> None:
        super().__init__(f"That is too much: only {formatting.money(left)} of it can still be refunded.")


def check_amount(amount: int, left: Money) -> None:
    """In minor units. Raises `NoRefundAmount`, `MoreThanLeft`."""
    if amount <= 0:
        raise NoRefundAmount
    if amount > left.amount:
        raise MoreThanLeft(left)
