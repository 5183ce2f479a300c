"""Refunds of a member's fees, in words."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation.money import Money
from components.memberships.billing import fee_refunds

STATES = {
    "asked": "Requested",
    "pending": "In progress",
    "succeeded": "Refunded",
    "failed": "Failed: no money was refunded",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRow:
    at: datetime
    reason: str
    state: str
    money: Money


async def refund_rows(subscription_id: UUID) -> tuple[RefundRow, ...]:
    return tuple(
        RefundRow(at=one.at, reason=one.reason, state=STATES[one.status], money=Money(one.amount, one.currency))
        for one in await fee_refunds.of_subscription(subscription_id)
    )
