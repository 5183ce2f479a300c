"""Guaranteed terms as they stand: settled as they were, open ones as they would be settled if they were over now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation import clock, database
from components.memberships.promises import guarantee_sums
from components.memberships.promises.fee_guarantees import WAIT


@dataclass(frozen=True, slots=True)
class Standing:
    """One guaranteed term as it stands. `fee` is what counts of it, `shortfall` what would become credit now. It
    `is_over` when nothing more can be saved of it; it is settled a day later."""

    id: UUID
    person: UUID
    plan: UUID
    starts_at: datetime
    until_at: datetime
    is_over: bool
    fee: int
    saved: int
    settled_at: datetime | None = None
    given: int = 0

    @property
    def shortfall(self) -> int:
        return max(0, self.fee - max(0, self.saved))

    @property
    def settled_by(self) -> datetime:
        """Of one that is over: the job comes once an hour."""
        return self.until_at + WAIT + timedelta(hours=1)


def owed(standings: Iterable[Standing]) -> int:
    """What the open ones among them would become in credit if they were over now; minor units."""
    return sum(one.shortfall for one in standings if not one.settled_at)


async def of_person(person_id: UUID) -> list[Standing]:
    """Newest first."""
    return await _found("WHERE g.person = $2", person_id)


async def unsettled() -> list[Standing]:
    return await _found("WHERE g.settled_at IS NULL")


async def every(*, since: datetime) -> list[Standing]:
    """The open ones, and those settled since then."""
    return await _found("WHERE g.settled_at IS NULL OR g.settled_at >= $2", since)


async def _found(which: str, *args: object) -> list[Standing]:
    rows = await database.fetch_as(_Row, f"{_STANDING} {which} ORDER BY g.starts_at DESC", clock.now(), *args)
    return [_standing(row) for row in rows]


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    person: UUID
    plan: UUID
    starts_at: datetime
    until_at: datetime
    ends_at: datetime
    over_at: datetime | None
    paid: int
    refunded: int
    paused: float
    saved: int
    settled_at: datetime | None
    fee: int | None
    given: int | None


def _standing(row: _Row) -> Standing:
    return Standing(
        row.id, row.person, row.plan, row.starts_at, row.over_at or row.ends_at, row.over_at is not None,
        _counted(row) if row.fee is None else row.fee, row.saved, row.settled_at, row.given or 0,
    )  # fmt: skip


def _counted(row: _Row) -> int:
    """Of one that is over already, what will be settled."""
    share = row.paid
    if row.over_at is not None:
        share = guarantee_sums.share(
            row.paid, starts_at=row.starts_at, until_at=row.until_at, over_at=row.over_at, paused=row.paused
        )
    return max(0, min(share, row.paid - row.refunded))


_STANDING = f"""
SELECT g.id, g.person, g.plan, g.starts_at, g.until_at, g.until_at + {guarantee_sums.CARRIED} AS ends_at,
  g.ended AS over_at, g.settled_at, g.fee, g.given,
  {guarantee_sums.FEE} AS paid, {guarantee_sums.REFUNDED} AS refunded, {guarantee_sums.PAUSED.format(until="g.counts")}
    AS paused, coalesce(g.saved, {guarantee_sums.SAVED.format(until="g.counts")}) AS saved
FROM (SELECT o.*, coalesce(o.ended, $1::timestamptz) AS counts
  FROM (SELECT g.*, coalesce(g.over_at, CASE WHEN {guarantee_sums.OVER_AT} <= $1::timestamptz
      THEN {guarantee_sums.OVER_AT} END) AS ended FROM fee_guarantee g) o) g
"""
