"""Instants months ago, in the shop's time zone, which this process is told."""

from datetime import datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta


def months_before(at: datetime, months: int, zone: str) -> datetime:
    """The same day and hour; the last day of a month that is too short."""
    return at.astimezone(ZoneInfo(zone)) - relativedelta(months=months)


def start_of_month(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
