"""Lengths of the calendar: so many weeks, months or years, to be added to an instant."""

from dateutil.relativedelta import relativedelta


def of(unit: str, count: int) -> relativedelta:
    """Added to 31 January, a month is the last of February: a day that a month does not have is its last.

    Counted from the first day, not from one period to the next, the 31st comes back: 31 January, 28 February, 31 March.
    """
    return {
        "week": relativedelta(weeks=count),
        "month": relativedelta(months=count),
        "year": relativedelta(years=count),
    }[unit]
