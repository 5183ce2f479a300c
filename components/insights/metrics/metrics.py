"""MRR by month, from the movement ledger."""

from dataclasses import dataclass
from datetime import datetime

from components.foundation import clock, database
from components.insights.metrics.retention import Churned, Cohort, churned, cohorts
from components.insights.movements import movements
from components.insights.movements.month_edges import month_edges, months_since
from components.insights.movements.mrr import MrrChange, MrrPeriod, group_by_month, merge_changes


@dataclass(frozen=True)
class Months:
    """The oldest month first; the last is the current month to date."""

    months: tuple[MrrPeriod, ...]
    cohorts: tuple[Cohort, ...] = ()
    churned: tuple[Churned, ...] = ()

    @property
    def complete(self) -> tuple[Churned, ...]:
        """The member churn of every full month."""
        return self.churned[:-1]

    @property
    def mrr(self) -> int:
        return self.months[-1].end

    @property
    def highest(self) -> int:
        return max(month.end for month in self.months)


async def months(*, number: int | None = 24) -> Months:
    """The last calendar months in the shop's time zone; with None, from the month of the first movement on."""
    changes, now = merge_changes(await movements.ledger()), clock.now()
    cut = month_edges(now, number or max(24, months_since(changes[0].at if changes else now, now)))
    return Months(tuple(group_by_month(changes, cut)), cohorts(changes, cut, now), churned(changes, cut))


@dataclass(frozen=True)
class MrrMovement:
    """One movement with its person, as the staff see it."""

    change: MrrChange
    name: str
    email: str


async def movements_in(from_at: datetime, until: datetime) -> tuple[MrrMovement, ...]:
    """The movements of a month, newest first."""
    rows = await database.fetch(
        """SELECT m.person, m.at, m.amount, m.balance, m.kind, m.because, coalesce(p.name, '') AS name,
          coalesce(p.email, '') AS email
        FROM current_movements m LEFT JOIN insights_people p ON p.id = m.person WHERE m.at >= $1 AND m.at < $2
        ORDER BY m.at DESC, m.turn DESC""",
        from_at, until,
    )  # fmt: skip
    return tuple(MrrMovement(MrrChange(**{k: row[k] for k in _OF_CHANGE}), row["name"], row["email"]) for row in rows)


_OF_CHANGE = ("person", "at", "amount", "balance", "kind", "because")
