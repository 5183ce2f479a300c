"""The settings of cashback, and the period its cap applies to. Pure."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from components.ledger.cashback import Cap


class CashbackSettings(msgspec.Struct, frozen=True):
    """`rate` in basis points of `base` (see `Purchase`); `cap` in minor units for each month or year, 0 for none;
    it expires `days` after it becomes available, 0 for never."""

    rate: int
    cap: int = 0
    each: Literal["month", "year"] = "year"
    days: int = 365


def cap_of(terms: CashbackSettings, at: datetime, zone: ZoneInfo) -> Cap | None:
    """The month or year that contains an instant, by the shop's calendar; None when there is no limit."""
    if not terms.cap:
        return None
    local = at.astimezone(zone)
    if terms.each == "year":
        return Cap(terms.cap, datetime(local.year, 1, 1, tzinfo=zone), datetime(local.year + 1, 1, 1, tzinfo=zone))
    year, month = divmod(local.year * 12 + local.month, 12)
    return Cap(terms.cap, datetime(local.year, local.month, 1, tzinfo=zone), datetime(year, month + 1, 1, tzinfo=zone))
