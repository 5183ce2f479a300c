"""Months of the shop: they begin at midnight in its own time zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from components.foundation.shop_settings import shop_settings


def month_edges(at: datetime, number: int) -> list[datetime]:
    """Midnight on the first of `number` months, this month being the last, and of the next month."""
    local = at.astimezone(ZoneInfo(shop_settings.current().time_zone))
    first = local.year * 12 + local.month - 1
    zone = local.tzinfo
    return [datetime(n // 12, n % 12 + 1, 1, tzinfo=zone) for n in range(first - number + 1, first + 2)]


def month_start(at: datetime) -> datetime:
    return month_edges(at, 1)[0]


def whole_months(from_at: datetime, until: datetime) -> tuple[datetime, datetime]:
    """Where the months that are whole in this span begin and end; nowhere, both at its beginning, if there are none."""
    first = from_at if month_start(from_at) == from_at else month_edges(from_at, 1)[-1]
    last = month_start(until)
    return (first, last) if first < last else (from_at, from_at)


def first_day(edge: datetime) -> date:
    """Of a month of the shop, by the instant it begins at."""
    return edge.astimezone(ZoneInfo(shop_settings.current().time_zone)).date()


def months_since(first: datetime, at: datetime) -> int:
    """How many calendar months there are from that of the first instant to that of the last, both included."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    began, now = first.astimezone(zone), at.astimezone(zone)
    return (now.year - began.year) * 12 + now.month - began.month + 1
