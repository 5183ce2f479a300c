"""Somebody's subscription or membership there, wherever it was read: what deciding about it depends on."""

from dataclasses import dataclass
from datetime import datetime

KEPT, CARD, NO_CARD, UNBILLED = "stripe", "card", "no card", "unbilled"
"""How it is billed: a subscription at Stripe; by other software, with a card that is at Stripe, or without one; not."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """`key` tells it from others of its source: Stripe's id, or the file's. `amount` of one unit, in minor units.

    `status`: active, trialing, past_due, unpaid, paused, ending (runs until `ends_at`), on_hold, pending, ended.
    `paid_until` is when its next payment would come. `facts` are the words that `verdicts` knows.
    """

    billing: str
    key: str
    status: str
    email: str = ""
    name: str = ""
    language: str = ""
    line: int = 0
    title: str = ""
    price: str = ""
    amount: int | None = 0
    currency: str = ""
    interval: str = ""
    count: int = 1
    quantity: int = 1
    items: int = 1
    started_at: datetime | None = None
    paid_until: datetime | None = None
    ends_at: datetime | None = None
    customer: str = ""
    method: str = ""
    facts: tuple[str, ...] = ()

    @property
    def plan_key(self) -> str:
        """What has to be given a plan here: a price at Stripe, or a product or level with what it costs."""
        if self.billing == UNBILLED:
            return f"{self.title}|"[:300]
        return self.price or f"{self.title}|{self.amount}|{self.currency}|{self.interval}|{self.count}"[:300]
