"""Dates as shown to customers, in the shop's time zone."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from components.foundation import settings


def weekday(at: datetime) -> str:
    """ "Friday 27 November"."""
    return _written(at, "EEEE d MMMM")


def short_day(at: datetime) -> str:
    """ "27 Nov"."""
    return _written(at, "d MMM")


def weekday_and_time(at: datetime) -> str:
    """ "Friday 27 November at 09:00"."""
    zone = ZoneInfo(settings.current().time_zone)
    return f"{weekday(at)} at {format_time(at.astimezone(zone), 'HH:mm', locale=settings.current().locale)}"


@lru_cache(maxsize=2_000)
def _written(at: datetime, pattern: str) -> str:
    zone = ZoneInfo(settings.current().time_zone)
    return str(format_date(at.astimezone(zone), pattern, locale=settings.current().locale))
