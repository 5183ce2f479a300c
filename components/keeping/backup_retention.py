"""Which backups are kept: the newest of each of the last days, weeks and months that have one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Keep:
    days: int
    weeks: int
    months: int


def expired(taken: Iterable[datetime], keep: Keep) -> list[datetime]:
    """Those whose time is over, the oldest first. The newest is never among them.

    A day without a backup does not count, so that a shop that was off for a month loses none meanwhile.
    """
    newest_first = sorted(taken, reverse=True)
    kept = set(newest_first[:1])
    for most, period in ((keep.days, _day), (keep.weeks, _week), (keep.months, _month)):
        kept.update(_newest_of_each(newest_first, period, most))
    return [one for one in reversed(newest_first) if one not in kept]


def _newest_of_each(
    newest_first: Iterable[datetime], period: Callable[[datetime], tuple[int, ...]], most: int
) -> list[datetime]:
    found: dict[tuple[int, ...], datetime] = {}
    for one in newest_first:
        found.setdefault(period(one), one)
    return list(found.values())[:most]


def _day(at: datetime) -> tuple[int, ...]:
    return at.year, at.month, at.day


def _week(at: datetime) -> tuple[int, ...]:
    year, week, _ = at.isocalendar()
    return year, week


def _month(at: datetime) -> tuple[int, ...]:
    return at.year, at.month
