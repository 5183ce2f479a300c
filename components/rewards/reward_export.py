"""A person's own copy of what their membership gave them beside prices."""

from typing import Any
from uuid import UUID

from components.rewards.tables import Gift, PartnerCode, PerkUse


async def rewards_of(person_id: UUID, _confirmed_email: str | None) -> dict[str, list[dict[str, Any]]]:
    """Gifts (birthday gifts too), codes for partners, and perks that were used, with what staff noted about them."""
    gifts = Gift.select(Gift.words, Gift.given_at, Gift.claim_until, Gift.claimed_at, Gift.withdrawn_at)
    codes = PartnerCode.select(PartnerCode.code, PartnerCode.claimed_at)
    perks = PerkUse.select(PerkUse.at, PerkUse.note, PerkUse.undone_at)
    return {
        "gifts": await gifts.where(Gift.person == person_id).order_by(Gift.given_at),
        "partner_codes": await codes.where(PartnerCode.person == person_id).order_by(PartnerCode.claimed_at),
        "perks_used": await perks.where(PerkUse.person == person_id).order_by(PerkUse.at),
    }
