"""The membership a household shares: one with seats, or with people in them, whether it is on or on hold."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from components.foundation import clock, database
from components.foundation.database.advisory_locks import take_turns
from components.memberships.tables import Seat

SHARED = ("subscription", "term", "gift")


class Carrier(NamedTuple):
    """`is_on` while it gives benefits. `off_from` and `off_until` are those of a pause that is planned or under way,
    `cancel_at` when a subscription ends, and it `is_owed` while a payment for one that goes on is outstanding."""

    source_id: UUID
    plan: UUID
    name: str
    slug: str
    seats: int
    ends_at: datetime | None
    is_on: bool
    off_from: datetime | None
    off_until: datetime | None
    cancel_at: datetime | None
    is_owed: bool


async def current(payer: UUID, *, source_id: UUID | None = None) -> Carrier | None:
    """None once it is over. One that is on goes before one on hold, and one with seats before one without."""
    return await database.fetch_one_as(Carrier, _CURRENT, payer, list(SHARED), source_id, clock.now())


async def open_seats(source_id: UUID) -> list[Seat]:
    """Taken before offered, the earliest first."""
    is_open = (Seat.source_id == source_id) & Seat.ended_at.is_null()
    found = await Seat.objects().where(is_open).order_by(Seat.offered_at)
    return sorted(found, key=lambda seat: (seat.taken_at is None, seat.taken_at or seat.offered_at))


async def take_turns_over(payer: UUID) -> None:
    """Locks a household, so that one process at a time counts its seats."""
    await take_turns(f"household:{payer}")


async def plan_name(seat_id: UUID) -> str:
    """The plan that its holder had through it last."""
    return str(await database.fetch_value(_PLAN_NAME, seat_id) or "")


_PLAN_NAME = """
SELECT p.name FROM membership m JOIN plan p ON p.id = m.plan WHERE m.source_id = $1
ORDER BY m.starts_at DESC, m.ends_at DESC LIMIT 1
"""
_CURRENT = """
SELECT c.source_id, c.plan, p.name, p.slug, p.seats, c.ends_at, c.is_on, u.from_at AS off_from, u.until_at AS off_until,
  s.cancel_at,
  coalesce(s.status IN ('past_due', 'unpaid') AND s.cancel_at IS NULL, FALSE) AS is_owed
FROM (
  SELECT source_id, plan, starts_at, ends_at, TRUE AS is_on FROM membership
  WHERE holder = $1 AND source = ANY($2) AND holds(starts_at, ends_at, $4)
  UNION ALL
  SELECT r.id, v.plan, r.started_at, NULL, FALSE FROM subscription r JOIN plan_version v ON v.id = r.plan_version
  WHERE r.payer = $1 AND r.status NOT IN ('pending', 'incomplete', 'cancelled', 'lapsed')
    AND holds('-infinity', r.cancel_at, $4)
    AND EXISTS (SELECT FROM membership m WHERE m.source_id = r.id)
    AND NOT EXISTS (SELECT FROM membership m WHERE m.source_id = r.id AND holds(m.starts_at, m.ends_at, $4))
) c
JOIN plan p ON p.id = c.plan LEFT JOIN subscription s ON s.id = c.source_id
LEFT JOIN pause u ON u.subscription = c.source_id AND u.ended_at IS NULL AND u.until_at > $4
  AND (u.arranged_at IS NOT NULL OR u.paid_left IS NULL)
WHERE ($3::uuid IS NULL OR c.source_id = $3)
  AND (p.seats > 0 OR EXISTS (SELECT FROM seat t WHERE t.source_id = c.source_id AND t.ended_at IS NULL))
ORDER BY c.is_on DESC, p.seats = 0, c.starts_at LIMIT 1
"""
