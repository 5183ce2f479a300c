"""What a rule is: a statement that must hold of the shop and Stripe together, how its breach is found, and its
repair."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from components.foundation.currencies import UnsupportedCurrency
from components.foundation.money import Money
from components.payments.stripe_calls.payment_intents import Intent
from components.payments.stripe_calls.stripe_disputes import Dispute
from components.payments.stripe_calls.stripe_invoices import Invoice
from components.payments.stripe_calls.stripe_refunds import RefundAnswer
from components.payments.stripe_calls.stripe_subscriptions import SubscriptionAnswer

SETTLING = timedelta(minutes=10)
"""What is younger may still be on its way between Stripe and the shop: it is no difference yet."""


@dataclass(frozen=True)
class AtStripe:
    """What Stripe said in this comparison. `since` is how far back it was asked, `all_refunds` whether it told all."""

    at: datetime
    since: datetime
    subscriptions: dict[str, SubscriptionAnswer]
    invoices: dict[str, Invoice]
    intents: dict[str, Intent]
    refunds: dict[str, RefundAnswer]
    all_refunds: bool
    disputes: dict[str, Dispute]

    def is_settled(self, created_at: datetime) -> bool:
        return created_at < self.at - SETTLING


@dataclass(frozen=True)
class Found:
    """One breach: the object by its id, what either side says, and the order or subscription if looking told it."""

    subject: str
    here: str
    there: str
    about: UUID | None = None


Find: TypeAlias = Callable[[AtStripe], Awaitable[list[Found]]]
Repair: TypeAlias = Callable[[str], Awaitable[str]]
"""Does it, and says in words what came of it."""


@dataclass(frozen=True)
class DifferenceRule:
    """`words` says what is wrong, `button` what the repair does."""

    name: str
    words: str
    button: str
    find: Find
    repair: Repair


def amount_words(amount: int, currency: str) -> str:
    """Works for a currency the shop cannot take, too."""
    try:
        return f"{Money(amount, currency).plain} {currency}"
    except UnsupportedCurrency:
        return f"{amount} in the smallest unit of {currency}"
