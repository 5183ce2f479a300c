"""The values that callers pass to payments when they request a page."""

from dataclasses import dataclass
from typing import NewType
from uuid import UUID

PriceRef = NewType("PriceRef", str)
"""Stripe's id of a recurring price, from `plan_prices.price_for`."""


@dataclass(frozen=True)
class Payer:
    """The person who pays. A guest has no `person_id` and gets no Stripe customer."""

    person_id: UUID | None
    email: str
    name: str = ""


@dataclass(frozen=True)
class SessionLine:
    """One line of a payment page. `amount` is for one unit, in minor units; a recurring line also names its price."""

    title: str
    amount: int
    quantity: int = 1
    recurring: PriceRef | None = None

    @property
    def total(self) -> int:
        return self.amount * self.quantity


@dataclass(frozen=True)
class SessionDiscount:
    """Stripe's coupon, and what it takes off the recurring line now, in minor units."""

    coupon: str
    off: int


@dataclass(frozen=True)
class SessionTrial:
    """The trial's number of days cost nothing. `ends` is what happens then without a card: cancel, pause or
    create_invoice; with "card" one is collected at once and charged when the trial is over."""

    days: int
    ends: str = "card"
