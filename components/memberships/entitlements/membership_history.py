"""A person's memberships, past and present."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock, database
from components.foundation.languages.words import N_
from components.memberships.entitlements.entitlement_history import SOURCES
from components.memberships.tables import Membership


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


async def first_start(source_id: UUID) -> datetime | None:
    """When what comes of this subscription, gift, term or seat began first: also while nothing of it is held."""
    begun = Membership.select(Membership.starts_at).where(Membership.source_id == source_id)
    first = await begun.order_by(Membership.starts_at).first()
    return first["starts_at"] if first else None


async def source_id(membership_id: UUID) -> UUID | None:
    """The subscription, term, gift or seat behind it."""
    found = await Membership.select(Membership.source_id).where(Membership.id == membership_id).first()
    return found["source_id"] if found else None


@dataclass(frozen=True, kw_only=True)
class SeatSpan:
    """A membership from a seat. `off_since` is when the one before it ended, which may be the instant it began."""

    seat_id: UUID
    starts_at: datetime
    ends_at: datetime | None
    off_since: datetime | None

    @property
    def is_back(self) -> bool:
        return self.off_since is not None and self.off_since < self.starts_at


async def seat_span(membership_id: UUID) -> SeatSpan | None:
    """None for one that is not from a seat."""
    return await database.fetch_one_as(SeatSpan, _SEAT_SPAN, membership_id)


_SEAT_SPAN = """
SELECT m.source_id AS seat_id, m.starts_at, m.ends_at, (SELECT max(o.ends_at) FROM membership o
  WHERE o.source_id = m.source_id AND o.id <> m.id AND o.ends_at <= m.starts_at) AS off_since
FROM membership m WHERE m.id = $1 AND m.source = 'seat'
"""


@dataclass(frozen=True, kw_only=True)
class EndedMembership:
    """One that was neither a subscription's own nor a seat. `goes_on` while they hold another; `is_refunded`: it ended
    because what was paid for it went back."""

    plan_name: str
    source: str
    source_id: UUID
    ended_at: datetime
    goes_on: bool
    is_refunded: bool

    @property
    def why(self) -> str:
        """Empty for a subscription's own, for a seat, which has e-mails of its own, and for the free plan."""
        return (_WHY_REFUNDED if self.is_refunded else _WHY).get(self.source, "")


@dataclass(frozen=True, kw_only=True)
class FormerMembership:
    """The one that somebody had last: a subscription's, paid once, a gift, or a seat in somebody else's."""

    plan_id: UUID
    plan_name: str
    source: str
    source_id: UUID | None
    ended_at: datetime
    seat_id: UUID | None
    is_paid_once: bool


async def former(person_id: UUID) -> FormerMembership | None:
    """None for whoever never had one that cost anything or was given.

    A subscription ended when it was cancelled, and a seat when it was left, taken back or over with what it shared,
    though benefits may have stopped before (grace, a pause).
    """
    return await database.fetch_one_as(FormerMembership, _FORMER, person_id, clock.now())


_FORMER = """
SELECT m.plan AS plan_id, p.name AS plan_name, m.source, m.source_id,
  greatest(m.ends_at, s.ended_at, t.ended_at) AS ended_at, t.id AS seat_id, m.source IN ('term', 'gift') AS is_paid_once
FROM membership m JOIN plan p ON p.id = m.plan
LEFT JOIN subscription s ON m.source = 'subscription' AND s.id = m.source_id
LEFT JOIN seat t ON m.source = 'seat' AND t.id = m.source_id
WHERE m.holder = $1 AND m.source <> 'free' AND m.starts_at < m.ends_at AND m.ends_at <= $2
ORDER BY ended_at DESC LIMIT 1
"""


async def ended(membership_id: UUID) -> EndedMembership | None:
    """None for one that has not ended."""
    return await database.fetch_one_as(EndedMembership, _ENDED, membership_id, clock.now())


_ENDED = """
SELECT p.name AS plan_name, m.source, m.source_id, m.ends_at AS ended_at,
  EXISTS (SELECT FROM membership o WHERE o.holder = m.holder AND o.source <> 'free' AND o.id <> m.id
          AND holds(o.starts_at, o.ends_at, $2)) AS goes_on,
  EXISTS (SELECT FROM paid_once_refund r WHERE coalesce(r.gift, r.term) = m.source_id AND r.ends_now
          AND r.status <> 'failed') AS is_refunded
FROM membership m JOIN plan p ON p.id = m.plan WHERE m.id = $1 AND m.ends_at <= $2
"""


@dataclass(frozen=True, kw_only=True)
class EndingMembership:
    """One that nobody is billed for and that ends with nothing after it."""

    membership_id: UUID
    person_id: UUID
    plan_name: str
    source: str
    ends_at: datetime


async def ending(*, from_at: datetime, until_at: datetime) -> tuple[EndingMembership, ...]:
    """Gifts, terms and complimentary ones of four weeks or longer that end in this period."""
    return tuple(await database.fetch_as(EndingMembership, _ENDING, from_at, until_at))


_ENDING = """
SELECT m.id AS membership_id, m.holder AS person_id, p.name AS plan_name, m.source, m.ends_at
FROM membership m JOIN plan p ON p.id = m.plan
WHERE m.source IN ('gift', 'term', 'comp') AND m.ends_at >= $1 AND m.ends_at < $2
  AND m.ends_at - m.starts_at >= interval '28 days'
  AND NOT EXISTS (SELECT FROM membership o WHERE o.holder = m.holder AND o.source <> 'free' AND o.id <> m.id
    AND o.starts_at <= m.ends_at AND (o.ends_at IS NULL OR o.ends_at > m.ends_at))
ORDER BY m.ends_at
"""
_WHY = {
    "gift": N_("Your gift membership is over."),
    "comp": N_("Your complimentary membership is over."),
    "term": N_("You paid for it once, so nothing more is charged."),
    "earned": N_("It was earned by shopping, and the spending it depends on is too long ago."),
}
_WHY_REFUNDED = {
    "gift": N_("It ended early because your gift was refunded to whoever gave it."),
    "term": N_("It ended early because what you paid for it was refunded."),
}
