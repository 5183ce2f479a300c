"""Memberships whose payment was refunded in Stripe while they went on: staff decide what becomes of each."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.money import Money
from components.foundation.refusals import Refusal
from components.memberships.grants import paid_once
from components.memberships.grants.tables import PaidOnceRefund


class NothingToDecide(Refusal):
    message = "There is nothing to decide about this membership."
    status = 409


class UndecidedRefund(NamedTuple):
    """What was given back of a gift or a term, in minor units, and nobody has decided about."""

    reference: UUID
    is_gift: bool
    amount: int
    currency: str
    at: datetime

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


_UNDECIDED = """
SELECT reference, is_gift, sum(amount)::bigint AS amount, currency, max(at) AS at FROM insights_paid_once_refunds
WHERE is_undecided AND goes_on_until > $1 GROUP BY reference, is_gift, currency ORDER BY max(at) DESC
"""


async def undecided() -> list[UndecidedRefund]:
    """Of memberships that go on, the newest first: about one that is over there is nothing to decide."""
    return await database.fetch_as(UndecidedRefund, _UNDECIDED, clock.now())


async def keep(reference_id: UUID, *, by: UUID) -> None:
    """The membership goes on until its end. Raises `NothingToDecide`."""
    async with database.transaction():
        kind = await _decided(reference_id, by)
        await audit.record(by, f"refunded {kind} kept", kind, reference_id)


async def end(reference_id: UUID, *, by: UUID) -> None:
    """The membership ends now. Raises `NothingToDecide`."""
    async with database.transaction():
        kind = await _decided(reference_id, by)
        await paid_once.end_membership(reference_id)
        await audit.record(by, f"refunded {kind} ended", kind, reference_id)


async def _decided(reference_id: UUID, by: UUID) -> str:
    """Whether it is a gift or a term."""
    await paid_once.lock(reference_id)
    found = next((one for one in await undecided() if one.reference == reference_id), None)
    if found is None:
        raise NothingToDecide
    of_it = (PaidOnceRefund.gift == reference_id) | (PaidOnceRefund.term == reference_id)
    decided = PaidOnceRefund.update({PaidOnceRefund.reviewed_at: clock.now(), PaidOnceRefund.reviewed_by: by})
    await decided.where(of_it & PaidOnceRefund.reviewed_at.is_null())
    return "gift" if found.is_gift else "term"
