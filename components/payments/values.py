"""What callers hand to payments when they ask for a page."""

from dataclasses import dataclass
from typing import NewType
from uuid import UUID

PriceRef = NewType("PriceRef", str)
"""Stripe's id of a recurring price, from `plans.price_for`."""


@dataclass(frozen=True)
class Payer:
    """Whoever pays. A guest has no `person_id` and becomes no customer at Stripe."""

    person_id: UUID | None
    email: str
    name: str = ""


@dataclass(frozen=True)
class SessionLine:
    """One line of a pay page. `amount` is for one unit, in minor units; a recurring line names its price as well."""

    title: str
    amount: int
    quantity: int = 1
    recurring: PriceRef | None = None

    @property
    def total(self) -> int:
        return self.amount * self.quantity


@dataclass(frozen=True)
class SessionTrial:
    """So many days cost nothing. `ends` says what happens then when no card was asked for: cancel, pause or
    create_invoice; with "card" one is asked for at once and charged when the trial is over."""

    days: int
    ends: str = "card"
