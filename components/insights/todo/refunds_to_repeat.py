"""Refunds of memberships that the bank did not take: the money is still with the shop."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database

STANDS_FAILED = """f.status = 'failed' AND f.at > $1::timestamptz - interval '60 days' AND NOT EXISTS (
    SELECT FROM insights_fee_refunds again WHERE again.invoice = f.invoice AND again.at > f.at
      AND again.status <> 'failed')"""
"""Of the last 60 days, and not refunded again since."""
ONCE_STANDS_FAILED = """f.status = 'failed' AND f.at > $1::timestamptz - interval '60 days' AND NOT EXISTS (
    SELECT FROM insights_paid_once_refunds again WHERE again.reference = f.reference AND again.at > f.at
      AND again.status <> 'failed')"""
_FAILED = f"""
SELECT f.subscription AS reference, f.amount, f.currency, f.at FROM insights_fee_refunds f WHERE {STANDS_FAILED}
UNION ALL SELECT f.reference, f.amount, f.currency, f.at FROM insights_paid_once_refunds f
  WHERE NOT f.is_gift AND {ONCE_STANDS_FAILED} ORDER BY at DESC
"""


@dataclass(frozen=True)
class FailedRefund:
    """Of a fee or a term paid once, by the subscription or the term. `amount` in minor units."""

    reference: UUID
    amount: int
    currency: str
    at: datetime


async def failed() -> list[FailedRefund]:
    """The newest first."""
    return await database.fetch_as(FailedRefund, _FAILED, clock.now())
