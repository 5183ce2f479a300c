"""The months that figures of the programme are of: whole ones up to the one that is under way, or that one so far."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from components.foundation import clock, formatting
from components.insights.movements.month_edges import month_edges

NOW = "now"
CHOICES = (NOW, "1", "3", "12")
USUAL, LAST = "12", "1"
A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class WholeMonths:
    """`key` as an address has it; this month ends now."""

    key: str
    from_at: datetime
    until: datetime

    @property
    def words(self) -> str:
        first, last = formatting.month(self.from_at), formatting.month(self.until - A_MOMENT)
        if self.key == NOW:
            return f"{first}, so far"
        return first if first == last else f"{first} to {last}"

    @property
    def extent(self) -> str:
        if self.key == NOW:
            return "up to now"
        return "a whole month" if self.key == LAST else "whole months"


def read(words: str) -> WholeMonths | None:
    """None for what is no choice; nothing is the usual one."""
    if words and words not in CHOICES:
        return None
    return _this_month() if words == NOW else whole(int(words or USUAL))


def whole(number: int) -> WholeMonths:
    edges = month_edges(clock.now(), number + 1)
    return WholeMonths(str(number), edges[0], edges[-2])


def _this_month() -> WholeMonths:
    """What happens at this instant is in it."""
    now = clock.now()
    return WholeMonths(NOW, month_edges(now, 1)[0], now + A_MOMENT)


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
