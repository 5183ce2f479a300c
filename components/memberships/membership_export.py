"""A person's own copy of their memberships, and of what is kept about them beside those."""

from typing import Any
from uuid import UUID

from components.foundation import json
from components.memberships.entitlements import entitlements
from components.memberships.promises.tables import FeeGuarantee
from components.memberships.tables import BenefitUse, GiftMembership, Membership, Seat


async def memberships_of(person_id: UUID, _confirmed_email: str | None) -> dict[str, list[Any]]:
    """Entitlements, gift memberships bought and redeemed, seats offered and taken, savings, and the notes of staff."""
    bought, redeemed = GiftMembership.buyer == person_id, GiftMembership.redeemed_by == person_id
    notes = (Membership.holder == person_id) & (Membership.note != "")
    standing = await entitlements.for_person(person_id)
    return {
        "memberships": [json.to_plain(plan) for plan in standing.plans],
        "gift_memberships_bought": await GiftMembership.select(*_BOUGHT).where(bought),
        "gift_memberships_redeemed": await GiftMembership.select(*_REDEEMED).where(redeemed),
        "seats_offered": await Seat.select(Seat.email, *_SEAT).where(Seat.payer == person_id),
        "seats_taken": await Seat.select(*_SEAT).where(Seat.holder == person_id),
        "benefits_used": await BenefitUse.select(*_USED).where(BenefitUse.person == person_id).order_by(BenefitUse.at),
        "fee_guarantees": await FeeGuarantee.select(*_GUARANTEED).where(FeeGuarantee.person == person_id),
        "membership_notes": await Membership.select(Membership.starts_at, Membership.note).where(notes),
    }


_BOUGHT = (
    GiftMembership.giver_name, GiftMembership.recipient_name, GiftMembership.recipient_email, GiftMembership.message,
    GiftMembership.created_at, GiftMembership.paid_at, GiftMembership.send_at, GiftMembership.sent_at,
    GiftMembership.redeemed_at, GiftMembership.refunded_at,
)  # fmt: skip
_REDEEMED = (GiftMembership.giver_name, GiftMembership.message, GiftMembership.redeemed_at, GiftMembership.begun_at)
_SEAT = (Seat.offered_at, Seat.taken_at, Seat.ended_at)
_USED = (BenefitUse.kind, BenefitUse.words, BenefitUse.regular, BenefitUse.paid, BenefitUse.currency, BenefitUse.at)
_GUARANTEED = (
    FeeGuarantee.starts_at, FeeGuarantee.until_at, FeeGuarantee.settled_at, FeeGuarantee.fee, FeeGuarantee.saved,
    FeeGuarantee.given, FeeGuarantee.currency,
)  # fmt: skip
