"""The dates of occasions. Pure."""

from datetime import date, datetime, timedelta

LATE = timedelta(days=14)
"""A missed occasion is caught up on within this time, and not later."""


def anniversary(since: datetime, at: datetime) -> tuple[int, datetime] | None:
    """The latest anniversary, if it is recent: how many years, and when it was."""
    years = at.year - since.year
    if years_later(since, years) > at:
        years -= 1
    if years < 1:
        return None
    was = years_later(since, years)
    return (years, was) if at - was < LATE else None


def birthday(born: date, today: date) -> date | None:
    """The latest birthday, if it is recent. A birthday on 29 February falls on 28 February in other years."""
    was = in_year(born, today.year)
    if was > today:
        was = in_year(born, today.year - 1)
    return was if today - was < LATE else None


def years_later(since: datetime, years: int) -> datetime:
    """The same day so many years later; of 29 February, 28 February in other years."""
    if since.month == 2 and since.day == 29 and not _is_leap(since.year + years):
        return since.replace(year=since.year + years, day=28)
    return since.replace(year=since.year + years)


def in_year(born: date, year: int) -> date:
    """The birthday in a year."""
    if born.month == 2 and born.day == 29 and not _is_leap(year):
        return date(year, 2, 28)
    return born.replace(year=year)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
