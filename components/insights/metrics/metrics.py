"""MRR by month, from the movement ledger."""

from dataclasses import dataclass
from datetime import datetime

from components.foundation import clock
from components.insights.metrics import display_names
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
    """One movement with the name of its person, if they still have one."""

    change: MrrChange
    name: str


async def movements_in(from_at: datetime, until: datetime) -> tuple[MrrMovement, ...]:
    """The movements that the month's totals are the sums of, newest first."""
    counted = [one for one in merge_changes(await movements.ledger()) if from_at <= one.at < until]
    names = await display_names.names(one.person for one in counted)
    return tuple(MrrMovement(one, names.get(one.person, "")) for one in reversed(counted))
