"""Months of the shop: they begin at midnight in its own time zone."""

from datetime import datetime
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


def months_since(first: datetime, at: datetime) -> int:
    """How many calendar months there are from that of the first instant to that of the last, both included."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    began, now = first.astimezone(zone), at.astimezone(zone)
    return (now.year - began.year) * 12 + now.month - began.month + 1
