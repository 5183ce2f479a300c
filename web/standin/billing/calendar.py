"""Billing periods, counted from an anchor and never from the previous period, so that the 31st is the 31st again in
March."""

from datetime import UTC, datetime
from typing import Any

from dateutil.relativedelta import relativedelta

from web.standin.state.clock import DAY

Recurring = dict[str, Any]
MONTHS = {"month": 1, "year": 12}
DAYS = {"day": 1, "week": 7}


def boundary(anchor: int, count: int, recurring: Recurring) -> int:
    """The end of the `count`-th period after `anchor`; a missing day is the month's last."""
    steps: int = count * recurring["interval_count"]
    if recurring["interval"] in DAYS:
        return anchor + steps * DAYS[recurring["interval"]] * DAY
    later = relativedelta(months=steps * MONTHS[recurring["interval"]])
    return int((datetime.fromtimestamp(anchor, UTC) + later).timestamp())


def period_at(anchor: int, instant: int, recurring: Recurring) -> tuple[int, int]:
    """The half-open period [start, end) that contains `instant`."""
    count = _estimate(anchor, instant, recurring)
    while boundary(anchor, count, recurring) > instant:
        count -= 1
    while boundary(anchor, count + 1, recurring) <= instant:
        count += 1
    return boundary(anchor, count, recurring), boundary(anchor, count + 1, recurring)


def _estimate(anchor: int, instant: int, recurring: Recurring) -> int:
    days = DAYS.get(recurring["interval"]) or MONTHS[recurring["interval"]] * 31
    seconds: int = days * DAY * recurring["interval_count"]
    return (instant - anchor) // seconds
