"""How busy each day is: a gift shop that grows, with a weekly and a yearly rhythm. Instants are whole seconds."""

from bisect import bisect_right
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from math import exp

from components.demo.shop_history import SEASONS

A_DAY = 86_400
AN_HOUR = 3_600
GROWTH = 1.6
"""The last day is e to this power as busy as the first."""
WEEK = (1.0, 0.95, 0.95, 1.0, 1.05, 1.1, 1.25)
"""Monday first."""


class SeasonalCalendar:
    """From `first` until `last`. Half of all that happens has happened where its share is a half."""

    def __init__(self, first: int, last: int) -> None:
        self.first, self.last = first, last
        days = max(1, (last - first) // A_DAY)
        self.length = (last - first) / days
        weights = [self._weight(first + int(day * self.length), day / days) for day in range(days)]
        self.edges = [0.0, *accumulate(weights)]

    @staticmethod
    def _weight(at: int, age: float) -> float:
        day = datetime.fromtimestamp(at, UTC)
        return SEASONS[day.month - 1] * WEEK[day.weekday()] * exp(GROWTH * age)

    def instant(self, share: float) -> int:
        """When so much of everything has happened: uniform shares give instants as dense as the days are busy."""
        wanted = share * self.edges[-1]
        day = min(bisect_right(self.edges, wanted), len(self.edges) - 1) - 1
        within = (wanted - self.edges[day]) / (self.edges[day + 1] - self.edges[day])
        return min(int(self.first + (day + within) * self.length), self.last)

    def is_rising(self) -> bool:
        return all(one < after for one, after in pairwise(self.edges))


def at_instant(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def later(second: int, months: int) -> int:
    """So many months later; a day that a month does not have is its last."""
    at = datetime.fromtimestamp(second, UTC)
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    for day in (at.day, 30, 29, 28):
        try:
            return int(at.replace(year=year, month=month + 1, day=min(day, at.day)).timestamp())
        except ValueError:
            continue
    raise ValueError(f"no such day: {at} and {months} months")
