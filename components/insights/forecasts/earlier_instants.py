"""Instants months ago, in the shop's time zone, which this process is told."""

from datetime import datetime
from zoneinfo import ZoneInfo

from components.foundation.intervals import months_later


def months_before(at: datetime, months: int, zone: str) -> datetime:
    """The same day and hour; the last day of a month that is too short."""
    return months_later(at.astimezone(ZoneInfo(zone)), -months)


def start_of_month(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
