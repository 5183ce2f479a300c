"""A stretch of days of the shop's own, and the instants between which it lies."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components.foundation import clock
from components.foundation.database import Query
from components.foundation.shop_settings import shop_settings

USUAL_DAYS = 30


@dataclass(frozen=True, slots=True)
class SeenPeriod:
    """From the first day to the last, both included."""

    first: date
    last: date

    @property
    def from_at(self) -> datetime:
        return _midnight(self.first)

    @property
    def until(self) -> datetime:
        return _midnight(self.last + timedelta(days=1))

    @property
    def last_at(self) -> datetime:
        """Noon of the last day, to write it down."""
        return self.until - timedelta(hours=12)

    @property
    def args(self) -> tuple[date, date, datetime, datetime]:
        """$1 and $2 are the days, $3 and $4 the instants."""
        return self.first, self.last, self.from_at, self.until


def counted_since() -> Query[date | None]:
    """The first day of which there are counts: shares of what came before it say nothing."""
    return Query("SELECT to_json(min(day)) FROM insights_view_counts", (), _read)


def _read(found: Any) -> date | None:
    return date.fromisoformat(found) if found else None


def usual() -> SeenPeriod:
    """The last thirty days, today included."""
    today = clock.now().astimezone(_zone()).date()
    return SeenPeriod(today - timedelta(days=USUAL_DAYS - 1), today)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _zone())


def _zone() -> ZoneInfo:
    return ZoneInfo(shop_settings.current().time_zone)
