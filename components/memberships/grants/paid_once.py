"""What was paid for once, a bought gift or a term, by the reference of its payment; and its end before its time."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation import audit, clock, database
from components.memberships.entitlements import membership_periods
from components.memberships.tables import GiftMembership, PaidTerm


@dataclass(frozen=True, kw_only=True)
class PaidOnce:
    """A gift or a term; `payer` has paid for it. `goes_on` while a code works or a membership is not over."""

    is_gift: bool
    payer: UUID
    goes_on: bool


async def of_reference(reference_id: UUID) -> PaidOnce | None:
    """None for anything else that was paid for."""
    held = await membership_periods.latest_from(reference_id)
    runs = held is not None and (held.ends_at is None or held.ends_at > clock.now())
    if (gift := await GiftMembership.objects().where(GiftMembership.id == reference_id).first()) is not None:
        is_open = not gift.begun_at and not gift.refunded_at and not gift.voided_at
        return PaidOnce(is_gift=True, payer=gift.buyer, goes_on=runs or is_open)
    if (term := await PaidTerm.objects().where(PaidTerm.id == reference_id).first()) is not None:
        return PaidOnce(is_gift=False, payer=term.payer, goes_on=runs)
    return None


async def end(reference_id: UUID, *, by: UUID) -> None:
    """Its membership ends now; a gift's code no longer works. May run any number of times."""
    async with database.transaction():
        gift = await database.locked(GiftMembership, GiftMembership.id == reference_id)
        if gift is not None and not gift.voided_at:
            await gift.update_self({GiftMembership.voided_at: clock.now()})
        held = await membership_periods.latest_from(reference_id)
        if held is not None and (held.ends_at is None or held.ends_at > clock.now()):
            await membership_periods.move_end(held, clock.now())
        await audit.record(by, "ended after a dispute", "gift" if gift else "term", reference_id)
