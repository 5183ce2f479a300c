"""Closed days: no more than can be read at once, and none that is longer than half a year."""

from datetime import date, timedelta

import pytest

from components.checkout.delivery import closed_days
from components.foundation import database

DAY = date(2027, 3, 8)
FULL = """INSERT INTO closed_days (id, first_day, last_day, words, is_open, made_at)
SELECT gen_random_uuid(), $1::date + n, $1::date + n, '', false, now() FROM generate_series(1, $2::int) n"""


@pytest.mark.usefixtures("db")
async def test_entries_that_are_too_long_end_before_they_begin_or_are_too_many_are_refused() -> None:
    for last in (DAY - timedelta(days=1), DAY + timedelta(days=closed_days.LONGEST)):
        with pytest.raises(closed_days.ClosedTooLong):
            await closed_days.add(DAY, last, by=None)
    await closed_days.add(DAY, DAY + timedelta(days=closed_days.LONGEST - 1), by=None)
    await database.execute(FULL, DAY, closed_days.MOST - 1)
    with pytest.raises(closed_days.TooManyClosedDays):
        await closed_days.add(DAY, DAY, by=None)
    assert await database.fetch_value("SELECT count(*) FROM closed_days") == closed_days.MOST
