"""The months that figures of the programme are of: whole ones, up to the one that is under way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from components.foundation import clock, formatting
from components.insights.movements.month_edges import month_edges

CHOICES = (1, 3)
USUAL = 1


@dataclass(frozen=True, slots=True)
class WholeMonths:
    number: int
    from_at: datetime
    until: datetime

    @property
    def words(self) -> str:
        first, last = formatting.month(self.from_at), formatting.month(self.until - timedelta(days=1))
        return first if self.number == 1 else f"{first} to {last}"


def read(words: str) -> WholeMonths | None:
    """None for what is no choice; nothing is the usual one."""
    if words and words not in map(str, CHOICES):
        return None
    return whole(int(words or USUAL))


def whole(number: int) -> WholeMonths:
    edges = month_edges(clock.now(), number + 1)
    return WholeMonths(number, edges[0], edges[-2])


def share(found: Fraction | None) -> str:
    """As a percentage, “—” where there is none."""
    return "—" if found is None else formatting.percent(_half_up(found * 10_000))


def times(found: Fraction | None) -> str:
    """Of another number, to two places."""
    return "—" if found is None else f"{_half_up(found * 100) / 100:.2f}"


def amount(found: Fraction | None) -> str:
    return "—" if found is None else formatting.money(_half_up(found))


def _half_up(found: Fraction) -> int:
    return int((found + Fraction(1, 2)) // 1)
