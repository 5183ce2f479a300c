"""A person's memberships, past and present."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import database
from components.memberships.entitlements.entitlement_history import SOURCES


@dataclass(frozen=True, kw_only=True)
class MembershipSpan:
    """One membership, from until just before."""

    id: UUID
    plan_name: str
    source: str
    starts_at: datetime
    ends_at: datetime | None
    note: str

    @property
    def source_words(self) -> str:
        return SOURCES.get(self.source, self.source)


async def spans(person_id: UUID) -> tuple[MembershipSpan, ...]:
    """Every membership of the person, newest first."""
    rows = await database.fetch_as(
        MembershipSpan,
        """SELECT m.id, p.name AS plan_name, m.source, m.starts_at, m.ends_at, m.note
        FROM membership m JOIN plan p ON p.id = m.plan WHERE m.holder = $1 ORDER BY m.starts_at DESC""",
        person_id,
    )
    return tuple(rows)
