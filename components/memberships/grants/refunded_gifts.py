"""Gifts that were refunded after they had been redeemed: staff decide what becomes of the membership."""

from uuid import UUID

from components.foundation import audit, clock, database
from components.foundation.refusals import Refusal
from components.memberships.entitlements import membership_periods
from components.memberships.grants.tables import GiftRefund
from components.memberships.tables import GiftMembership


class NothingToDecide(Refusal):
    message = "There is nothing to decide about this gift."
    status = 409


async def undecided() -> set[UUID]:
    """The gifts that wait for a decision."""
    return set(await database.fetch_values(_UNDECIDED))


_UNDECIDED = """
SELECT DISTINCT g.id FROM gift_membership g JOIN gift_refund r ON r.gift = g.id
WHERE g.redeemed_at IS NOT NULL AND g.refunded_at IS NOT NULL AND r.status <> 'failed' AND r.reviewed_at IS NULL
"""


async def keep(gift_id: UUID, *, by: UUID) -> None:
    """The membership goes on until its end. Raises `NothingToDecide`."""
    async with database.transaction():
        await _decided(gift_id, by)
        await audit.record(by, "refunded gift kept", "gift", gift_id)


async def end(gift_id: UUID, *, by: UUID) -> None:
    """The membership ends now; one that still waited to begin never does. Raises `NothingToDecide`."""
    async with database.transaction():
        await _decided(gift_id, by)
        held = await membership_periods.latest_from(gift_id)
        if held is not None and (held.ends_at is None or held.ends_at > clock.now()):
            await membership_periods.move_end(held, clock.now())
        await audit.record(by, "refunded gift ended", "gift", gift_id)


async def _decided(gift_id: UUID, by: UUID) -> None:
    await database.locked(GiftMembership, GiftMembership.id == gift_id)
    if gift_id not in await undecided():
        raise NothingToDecide
    decided = GiftRefund.update({GiftRefund.reviewed_at: clock.now(), GiftRefund.reviewed_by: by})
    await decided.where((GiftRefund.gift == gift_id) & GiftRefund.reviewed_at.is_null())
