"""Days of the shop from the first to the last, both included, and the months and parts in them. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from components.foundation.intervals import months_later

BY_DAY = 62
"""A longer period is shown by month."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From the first day to the last, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def from_at(self) -> datetime:
        return midnight_of(self.first, self.zone)

    @property
    def until(self) -> datetime:
        """The midnight after the last day."""
        return midnight_of(self.last + DAY, self.zone)

    @property
    def last_at(self) -> datetime:
        """The first instant of the last day."""
        return midnight_of(self.last, self.zone)

    @property
    def number(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def is_of_months(self) -> bool:
        """Shown by month, not by day."""
        return self.number > BY_DAY

    def months(self) -> list[date]:
        """The first day of each month that is whole in it."""
        found, month = list[date](), month_of(self.first)
        while (following := months_later(month, 1)) <= self.last + DAY:
            if month >= self.first:
                found.append(month)
            month = following
        return found

    def parts(self) -> list["Days"]:
        """Its days or its months, the first and the last as far as they are in it."""
        if not self.is_of_months:
            return [Days(day, day, self.zone) for day in (self.first + n * DAY for n in range(self.number))]
        found, first = list[Days](), self.first
        while first <= self.last:
            following = months_later(month_of(first), 1)
            found.append(Days(first, min(self.last, following - DAY), self.zone))
            first = following
        return found


def midnight_of(day: date, zone: ZoneInfo) -> datetime:
    """Its first instant: the first of two midnights, and where there is none, when the clock was put forward."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def month_of(day: date) -> date:
    return day.replace(day=1)
