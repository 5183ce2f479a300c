from dataclasses import dataclass
from uuid import UUID

from components.foundation.outbox import Fact


@dataclass(frozen=True)
class ConsentAsked(Fact):
    """Somebody ticked the box for an address that nobody has confirmed yet: an e-mail asks there."""

    change_id: UUID
    language: str
