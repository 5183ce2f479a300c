"""Periods are counted from their first day, as Stripe counts them from the anchor."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from components.foundation import intervals
from components.memberships.grants import imported_memberships
from tests.support.cells import every_cell
from web.standin.billing import calendar


@every_cell(
    ("start", "unit", "count", "end"),
    [
        ((2027, 1, 31), "month", 1, (2027, 2, 28)),
        ((2028, 1, 31), "month", 1, (2028, 2, 29)),
        ((2100, 1, 31), "month", 1, (2100, 2, 28)),
        ((2027, 1, 31), "month", 2, (2027, 3, 31)),
        ((2027, 12, 31), "month", 2, (2028, 2, 29)),
        ((2028, 2, 29), "year", 1, (2029, 2, 28)),
        ((2028, 2, 29), "year", 4, (2032, 2, 29)),
        ((2027, 2, 28), "month", 1, (2027, 3, 28)),
        ((2027, 12, 28), "week", 2, (2028, 1, 11)),
    ],
)
def test_a_day_that_a_month_does_not_have_is_its_last(
    start: tuple[int, int, int], unit: str, count: int, end: tuple[int, int, int]
) -> None:
    assert datetime(*start, 9, 30, tzinfo=UTC) + intervals.of(unit, count) == datetime(*end, 9, 30, tzinfo=UTC)


def test_the_31st_comes_back_after_a_short_month() -> None:
    start = datetime(2027, 1, 31, 12, tzinfo=UTC)
    found = imported_memberships.periods_between(start, datetime(2027, 4, 15, tzinfo=UTC), interval="month", count=1)
    assert [(begins.month, begins.day) for begins, _ in found] == [(1, 31), (2, 28), (3, 31)]
    assert found[-1][1] == datetime(2027, 4, 15, tzinfo=UTC), "the last one is cut short"
    assert [begins for begins, _ in found[1:]] == [ends for _, ends in found[:-1]]


def test_periods_of_weeks_are_weeks() -> None:
    start = datetime(2027, 1, 1, tzinfo=UTC)
    found = imported_memberships.periods_between(start, start + timedelta(days=28), interval="week", count=2)
    assert found == [(start, start + timedelta(days=14)), (start + timedelta(days=14), start + timedelta(days=28))]


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2040, 12, 31)),
    st.sampled_from(["week", "month", "year"]),
    st.integers(0, 60),
)
def test_the_shop_and_the_practice_bank_count_alike(naive: datetime, unit: str, count: int) -> None:
    start = naive.replace(microsecond=0, tzinfo=UTC)
    end = calendar.boundary(int(start.timestamp()), count, {"interval": unit, "interval_count": 1})
    assert datetime.fromtimestamp(end, UTC) == start + intervals.of(unit, count)
