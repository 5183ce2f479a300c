"""Whether the first payment of a subscription has arrived. Stripe calls a subscription active while a bank debit for it
is still on its way: access follows the money."""

from datetime import timedelta
from uuid import UUID

from components.foundation import database


async def has_arrived(local_id: UUID) -> bool:
    """Its page is paid (or there was nothing to pay), or an invoice is; one that came from no page is taken as paid."""
    return bool(await database.fetch_value(_HAS_ARRIVED, local_id))


_HAS_ARRIVED = """
SELECT NOT EXISTS (SELECT FROM checkout_session WHERE reference_id = $1 AND purpose = 'joining')
  OR EXISTS (SELECT FROM checkout_session WHERE reference_id = $1 AND purpose = 'joining' AND paid_at IS NOT NULL)
  OR EXISTS (SELECT FROM mirrored_invoice WHERE local_id = $1 AND status = 'paid')
"""


async def took(local_id: UUID) -> tuple[timedelta, bool]:
    """How long it took from the first bill until the money had come, and whether that is final: of a page alone it is
    not, because its news may have come late."""
    [(billed, seen)] = await database.fetch_rows(_TOOK, local_id)
    known: timedelta = next((one for one in (billed, seen) if one is not None), timedelta(0))
    return known, billed is not None


_TOOK = """
SELECT (SELECT max(paid_at - period_start) FROM mirrored_invoice
  WHERE local_id = $1 AND status = 'paid' AND reason = 'subscription_create') AS billed,
 (SELECT max(paid_at - completed_at) FROM checkout_session WHERE reference_id = $1 AND purpose = 'joining') AS seen
"""


async def was_declined(local_id: UUID) -> bool:
    """Whether the last try to pay for it, on its page, was declined."""
    return bool(await database.fetch_value(_WAS_DECLINED, local_id))


_WAS_DECLINED = """
SELECT failure <> '' AND received = 0 FROM mirrored_payment
WHERE reference_id = $1 OR invoice IN (SELECT stripe_id FROM mirrored_invoice WHERE local_id = $1)
ORDER BY created_at DESC LIMIT 1
"""
