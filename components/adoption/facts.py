"""What adoption announces: only what staff asked to be told to members."""

from dataclasses import dataclass
from uuid import UUID

from components.foundation.outbox import Fact


@dataclass(frozen=True)
class MemberAdopted(Fact):
    """Staff want them to be told. `subscription_id` is None for a membership that nobody bills, which ends by itself or
    not at all; `asks` them to join again with a card before it does."""

    person_id: UUID
    row_id: UUID
    subscription_id: UUID | None
    membership_id: UUID | None
    asks: bool = False
