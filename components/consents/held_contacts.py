"""Addresses that stay as they are while e-mails to them are written: nobody withdraws or is erased in between."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from components.foundation import database


@dataclass(frozen=True, slots=True)
class HeldContact:
    id: UUID
    email: str
    agreed: list[str]
    is_unreachable: bool


async def held(contact_ids: Sequence[UUID]) -> dict[UUID, HeldContact]:
    """Locked until the transaction ends; those that are forgotten are missing."""
    found = await database.fetch_as(HeldContact, _HELD, list(contact_ids))
    return {one.id: one for one in found}


_HELD = """
SELECT id, email, agreed, unreachable_at IS NOT NULL AS is_unreachable FROM mailing_contact
WHERE id = ANY($1) ORDER BY id FOR UPDATE"""
