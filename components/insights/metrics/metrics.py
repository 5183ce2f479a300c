"""MRR by month, from the movement ledger as it is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import database
from components.insights.metrics.row_pages import RowList
from components.insights.rollups import month_figures, unrolled
from components.insights.rollups.month_figures import LEAST, Months


async def months(*, number: int | None = LEAST) -> Months:
    """The last calendar months in the shop's time zone; with None, from the month of the first movement on."""
    (found,) = await database.batch(month_figures.query(number=number))
    return found  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True, kw_only=True)
class MrrMovement:
    """A movement with the name of its person, empty if they have none any more. `id` is the person."""

    id: UUID
    at: datetime
    amount: int
    balance: int
    kind: str
    because: str
    name: str


def movements_in(from_at: datetime, until: datetime) -> RowList[MrrMovement]:
    """The movements that the month's totals are the sums of, newest first."""
    return RowList(MrrMovement, _MOVED, (*unrolled.args(), from_at, until))


_MOVED = f"""
{unrolled.CHANGED}, counted AS (
  SELECT person, at, amount, balance, kind, because FROM figure_movement
  WHERE at >= $3 AND at < $4 AND (at, person) < ($5, $6) AND person NOT IN (SELECT unnest(ids) FROM people)
  UNION ALL SELECT person, at, amount, balance, kind, because FROM fresh
  WHERE at >= $3 AND at < $4 AND (at, person) < ($5, $6)
  ORDER BY at DESC, person DESC LIMIT $7)
SELECT c.person AS id, c.at, c.amount, c.balance, c.kind, c.because,
  coalesce(nullif(p.name, ''), p.email, '') AS name
FROM counted c LEFT JOIN insights_people p ON p.id = c.person AND p.erased_at IS NULL ORDER BY c.at DESC, c.person DESC
"""
