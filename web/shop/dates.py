"""Days as shop pages say them."""

from components.foundation.dates import short_day, weekday, weekday_and_time

__all__ = ["short_day", "weekday", "weekday_and_time"]
