"""When an order is packed and when it arrives: arithmetic of days, in the shop's own time zone. Pure.

A day counts for packing when the shop packs on that weekday and is not closed; it counts on the way when the carrier
delivers on that weekday and it is no public holiday.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FARTHEST = 200
"""Days that are looked ahead: a shop that is closed for longer promises no date."""
EVERY_DAY = frozenset(range(1, 8))


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`weekdays` as ISO numbers, 1 for Monday. `also` are days that count although they would not."""

    weekdays: frozenset[int]
    is_closed: Callable[[date], bool]
    also: frozenset[date] = frozenset()

    def has(self, day: date) -> bool:
        return day in self.also or (day.isoweekday() in self.weekdays and not self.is_closed(day))

    def first_from(self, day: date) -> date | None:
        """The day itself if it counts, else the next that does."""
        days = (day + timedelta(days=more) for more in range(FARTHEST))
        return next((one for one in days if self.has(one)), None)

    def after(self, day: date, count: int) -> date | None:
        """The `count`-th of them after the day; for none, the day itself or the next that counts."""
        found = self.first_from(day) if count == 0 else day
        for _ in range(count):
            found = self.first_from(found + timedelta(days=1)) if found else None
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """What is ordered before `cutoff` on a working day is ready `least` to `most` working days later; 0 is the same
    day."""

    days: WorkingDays
    least: int
    most: int
    cutoff: time
    zone: ZoneInfo

    def closes_at(self, day: date) -> datetime:
        """The instant of the day's cut-off. Where the clocks skip it, as if they had not."""
        return datetime.combine(day, self.cutoff, tzinfo=self.zone).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transit:
    """From the day it leaves the shop: `least` to `most` of the carrier's days; 0 is the same day."""

    days: WorkingDays
    least: int
    most: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """It leaves from the day `earliest` on, and by `latest`, for whoever orders before `order_by`."""

    earliest: date
    latest: date
    order_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryDates:
    """It arrives from `earliest` to `latest`, or can be picked up from `latest` on, when ordered before `order_by`."""

    earliest: date
    latest: date
    pack_by: date
    order_by: datetime
    is_pickup: bool = False


def packed(at: datetime, packing: Packing) -> Packed | None:
    """When what is ordered at this instant is packed. None for a shop that does not pack for long."""
    today = at.astimezone(packing.zone).date()
    is_late = at.astimezone(UTC) >= packing.closes_at(today)
    begun = packing.days.first_from(today + timedelta(days=1) if is_late else today)
    if begun is None:
        return None
    earliest, latest = packing.days.after(begun, packing.least), packing.days.after(begun, packing.most)
    if earliest is None or latest is None:
        return None
    return Packed(earliest=earliest, latest=latest, order_by=packing.closes_at(begun))


def delivered(at: datetime, packing: Packing, transit: Transit) -> DeliveryDates | None:
    """When what is ordered at this instant arrives."""
    ready = packed(at, packing)
    if ready is None:
        return None
    earliest = transit.days.after(ready.earliest, transit.least)
    latest = transit.days.after(ready.latest, transit.most)
    if earliest is None or latest is None:
        return None
    return DeliveryDates(earliest=earliest, latest=latest, pack_by=ready.latest, order_by=ready.order_by)


def picked_up(at: datetime, packing: Packing, more: int) -> DeliveryDates | None:
    """From when it can be picked up: packed, and `more` working days later at the place."""
    ready = packed(at, packing)
    if ready is None:
        return None
    earliest, latest = packing.days.after(ready.earliest, more), packing.days.after(ready.latest, more)
    if earliest is None or latest is None:
        return None
    return DeliveryDates(
        earliest=earliest, latest=latest, pack_by=ready.latest, order_by=ready.order_by, is_pickup=True
    )
