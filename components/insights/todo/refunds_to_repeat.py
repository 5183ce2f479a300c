"""Refunds of membership fees that the bank did not take: the money is still with the shop."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database

STANDS_FAILED = """f.status = 'failed' AND f.at > $1::timestamptz - interval '60 days' AND NOT EXISTS (
    SELECT FROM insights_fee_refunds again WHERE again.invoice = f.invoice AND again.at > f.at
      AND again.status <> 'failed')"""
"""Of the last 60 days, and not refunded again since."""
GIFT_STANDS_FAILED = """f.status = 'failed' AND f.at > $1::timestamptz - interval '60 days' AND NOT EXISTS (
    SELECT FROM insights_gift_refunds again WHERE again.gift = f.gift AND again.at > f.at
      AND again.status <> 'failed')"""
_FAILED = f"""
SELECT f.subscription, f.amount, f.currency, f.at FROM insights_fee_refunds f WHERE {STANDS_FAILED} ORDER BY f.at DESC
"""


@dataclass(frozen=True)
class FailedRefund:
    """`amount` in minor units."""

    subscription: UUID
    amount: int
    currency: str
    at: datetime


async def failed() -> list[FailedRefund]:
    """The newest first."""
    return await database.fetch_as(FailedRefund, _FAILED, clock.now())
