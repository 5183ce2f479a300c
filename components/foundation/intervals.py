"""Lengths of the calendar: so many weeks, months or years, to be added to an instant or a day."""

from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from components.foundation.shop_settings import shop_settings

At = TypeVar("At", date, datetime)


def months_later(at: At, months: int) -> At:
    """The same day so many months later, with fewer than none earlier; the last day of a month that is too short."""
    return at + of("month", months)


def months_between(began: datetime, ended: datetime) -> int:
    """How many whole months."""
    between = relativedelta(ended, began)
    return between.years * 12 + between.months


def later(at: datetime, unit: str, count: int) -> datetime:
    """So many weeks, months or years later, at the same time of day by the shop's own clock: counted in UTC it would be
    another day where the clocks change in between."""
    local = at.astimezone(ZoneInfo(shop_settings.current().time_zone))
    return (local + of(unit, count)).astimezone(UTC)


def of(unit: str, count: int) -> relativedelta:
    """Added to 31 January, a month is the last of February: a day that a month does not have is its last.

    Counted from the first day, not from one period to the next, the 31st comes back: 31 January, 28 February, 31 March.
    """
    return {
        "week": relativedelta(weeks=count),
        "month": relativedelta(months=count),
        "year": relativedelta(years=count),
    }[unit]
