"""What was paid for once, a bought gift or a term, by the reference of its payment; and its end before its time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import audit, clock, database
from components.memberships.entitlements import membership_periods
from components.memberships.plans.kept_taxes import Taxed
from components.memberships.tables import GiftMembership, Membership, PaidTerm

UNREDEEMED, WAITING, RUNS, OVER = "unredeemed", "waiting", "runs", "over"
"""A gift whose code works; one that was redeemed and has not begun; a membership that goes on; and nothing any more."""
ENDED = "ended after a dispute"
"""As it is audited."""


@dataclass(frozen=True, kw_only=True)
class PaidOnce:
    """A gift or a term. `payer` has paid for it; `holder` has its membership, which goes on `until` then, or for
    life."""

    reference: UUID
    is_gift: bool
    is_paid: bool
    payer: UUID
    holder: UUID | None
    plan_version: UUID
    state: str
    until: datetime | None
    giver: str = ""
    recipient: str = ""

    @property
    def goes_on(self) -> bool:
        """A code works, or a membership is not over."""
        return self.state != OVER

    @property
    def what(self) -> str:
        return "gift" if self.is_gift else "term"


async def of_reference(reference_id: UUID) -> PaidOnce | None:
    """None for anything else that was paid for."""
    held = await membership_periods.latest_from(reference_id)
    if (gift := await GiftMembership.objects().where(GiftMembership.id == reference_id).first()) is not None:
        return PaidOnce(
            reference=reference_id, is_gift=True, is_paid=bool(gift.paid_at), payer=gift.buyer,
            holder=gift.redeemed_by, plan_version=gift.plan_version, state=_state_of(gift, held),
            until=held.ends_at if held else None, giver=gift.giver_name, recipient=gift.recipient_name,
        )  # fmt: skip
    if (term := await PaidTerm.objects().where(PaidTerm.id == reference_id).first()) is not None:
        return PaidOnce(
            reference=reference_id, is_gift=False, is_paid=bool(term.paid_at), payer=term.payer, holder=term.payer,
            plan_version=term.plan_version, state=RUNS if _runs(held) else OVER, until=held.ends_at if held else None,
        )  # fmt: skip
    return None


async def taxed(reference_id: UUID) -> Taxed | None:
    """The gift or the term with the tax that was kept when it was paid; None before."""
    for table in (GiftMembership, PaidTerm):
        is_it = (table.id == reference_id) & table.paid_at.is_not_null()
        if (found := await table.objects().where(is_it).first()) is not None:
            return found
    return None


def _state_of(gift: GiftMembership, held: Membership | None) -> str:
    if gift.begun_at:
        return RUNS if _runs(held) else OVER
    if gift.refunded_at or gift.voided_at:
        return OVER
    return WAITING if gift.redeemed_at else UNREDEEMED


def _runs(held: Membership | None) -> bool:
    return held is not None and (held.ends_at is None or held.ends_at > max(clock.now(), held.starts_at))


async def lock(reference_id: UUID) -> PaidOnce | None:
    """The same, and nobody else changes it until the transaction is over."""
    await database.locked(GiftMembership, GiftMembership.id == reference_id)
    await database.locked(PaidTerm, PaidTerm.id == reference_id)
    return await of_reference(reference_id)


async def end_membership(reference_id: UUID) -> None:
    """Now; where it waits to begin, it never does. May run any number of times."""
    held = await membership_periods.latest_from(reference_id)
    if held is not None and (held.ends_at is None or held.ends_at > clock.now()):
        await membership_periods.move_end(held, clock.now())


async def end(reference_id: UUID, *, by: UUID | None) -> bool:
    """Its membership ends now; a gift's code no longer works. May run any number of times. Whether a lost dispute has
    ended it: False of one that was over before."""
    async with database.transaction():
        found = await lock(reference_id)
        if found is None or not found.goes_on:
            return await was_ended(reference_id)
        if found.is_gift:
            is_open = (GiftMembership.id == reference_id) & GiftMembership.voided_at.is_null()
            await GiftMembership.update({GiftMembership.voided_at: clock.now()}).where(is_open)
        await end_membership(reference_id)
        await audit.record(by, ENDED, found.what, reference_id)
    return True


async def was_ended(reference_id: UUID) -> bool:
    """After a dispute, by staff or by the setting."""
    return await audit.is_noted(reference_id, ENDED)
