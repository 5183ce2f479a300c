"""A person's memberships, past and present."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
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


async def member_since(membership_id: UUID) -> datetime | None:
    """When the person's memberships from the same source began: a pause or another plan begins nothing anew."""
    began: datetime | None = await database.fetch_value(_SINCE, membership_id)
    return began


_SINCE = """
SELECT min(o.starts_at) FROM membership m JOIN membership o ON o.source_id = m.source_id AND o.holder = m.holder
WHERE m.id = $1
"""


@dataclass(frozen=True, kw_only=True)
class EndedMembership:
    """One that was not a subscription's own. `goes_on` while they hold another, or a pause of the payer's ended it."""

    plan_name: str
    source: str
    ended_at: datetime
    goes_on: bool

    @property
    def why(self) -> str:
        """Empty for a subscription's own, and for the free plan."""
        return _WHY.get(self.source, "")


async def ended(membership_id: UUID) -> EndedMembership | None:
    """None for one that has not ended."""
    return await database.fetch_one_as(EndedMembership, _ENDED, membership_id, clock.now())


_ENDED = """
SELECT p.name AS plan_name, m.source, m.ends_at AS ended_at,
  EXISTS (SELECT FROM membership o WHERE o.holder = m.holder AND o.source <> 'free' AND o.id <> m.id
          AND holds(o.starts_at, o.ends_at, $2))
  OR EXISTS (SELECT FROM seat t JOIN subscription s ON s.id = t.source_id
             WHERE t.id = m.source_id AND t.ended_at IS NULL AND s.status NOT IN ('cancelled', 'lapsed')) AS goes_on
FROM membership m JOIN plan p ON p.id = m.plan WHERE m.id = $1 AND m.ends_at <= $2
"""
_WHY = {
    "gift": "Your gift membership is over.",
    "comp": "Your complimentary membership is over.",
    "term": "The time you paid for is over.",
    "seat": "You’re no longer part of a shared membership.",
    "earned": "It was earned by shopping, and the spending it depends on is too long ago.",
}
