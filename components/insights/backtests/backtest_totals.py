"""The totals of a simulation: by plan and kind, by person, by product. Every amount is added to each of them once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from components.insights.backtests.sold_orders import Plans

TOP = 10


@dataclass(slots=True)
class BacktestTotals:
    """With the current rules and with the scenario: paid, rewards, and counts."""

    orders: int = 0
    lines: int = 0
    now: int = 0
    drafted: int = 0
    given_now: int = 0
    given_drafted: int = 0

    def add(self, now: int, drafted: int) -> None:
        self.now += now
        self.drafted += drafted

    def give(self, amount: int, *, drafted: bool) -> None:
        if drafted:
            self.given_drafted += amount
        else:
            self.given_now += amount

    def give_both(self, now: int, drafted: int) -> None:
        self.given_now += now
        self.given_drafted += drafted

    @property
    def gain(self) -> int:
        return self.now - self.drafted + self.given_drafted - self.given_now


def _sums() -> defaultdict[Plans, BacktestTotals]:
    return defaultdict(BacktestTotals)


@dataclass(slots=True)
class PersonTotals:
    """`away` is what is given away, by kind and by the plans of the recipient."""

    away: defaultdict[str, defaultdict[Plans, BacktestTotals]] = field(default_factory=lambda: defaultdict(_sums))
    plans: defaultdict[Plans, BacktestTotals] = field(default_factory=_sums)
    people: defaultdict[UUID, BacktestTotals] = field(default_factory=lambda: defaultdict(BacktestTotals))
    products: defaultdict[UUID, BacktestTotals] = field(default_factory=lambda: defaultdict(BacktestTotals))


def count(sums: Iterable[BacktestTotals], sign: int) -> int:
    return sum(one.gain * sign > 0 for one in sums)


def extremes(rows: Sequence[tuple[UUID, BacktestTotals]]) -> list[tuple[UUID, BacktestTotals]]:
    """Those who gain the most, then those who lose the most; unchanged ones are left out."""
    moved = sorted((row for row in rows if row[1].gain), key=lambda row: (-row[1].gain, row[0]))
    winning = [row for row in moved if row[1].gain > 0][:TOP]
    losing = [row for row in moved if row[1].gain < 0][-TOP:]
    return [*winning, *losing]
