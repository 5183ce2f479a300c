"""The period in an address: every way of asking for one, and every way of getting it wrong."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.insights.periods import chosen_period, period_days
from components.insights.periods.chosen_period import COMPARED, PRESETS, BadPeriod, ChosenPeriod
from components.insights.periods.period_days import Days

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
BEGAN = datetime(2024, 5, 17, 12, tzinfo=UTC)


def asked(now: datetime = NOW, zone: ZoneInfo = LONDON, began: datetime | None = BEGAN, **words: str) -> ChosenPeriod:
    words = {key.rstrip("_"): value for key, value in words.items()}
    return chosen_period.parse(words, now=now, began=began, zone=zone)


def days(found: Days | None) -> str:
    return f"{found.first} to {found.last}" if found else "nothing"


@pytest.mark.parametrize(
    ("preset", "shown", "before", "year_before"),
    [
        ("30-days", "2026-11-01 to 2026-11-30", "2026-10-02 to 2026-10-31", "2025-11-01 to 2025-11-30"),
        ("this-month", "2026-11-01 to 2026-11-30", "2026-10-01 to 2026-10-31", "2025-11-01 to 2025-11-30"),
        ("last-month", "2026-10-01 to 2026-10-31", "2026-09-01 to 2026-09-30", "2025-10-01 to 2025-10-31"),
        ("12-months", "2025-12-01 to 2026-11-30", "2024-12-01 to 2025-11-30", "2024-12-01 to 2025-11-30"),
        ("year", "2026-01-01 to 2026-11-30", "2025-01-01 to 2025-11-30", "2025-01-01 to 2025-11-30"),
        ("all", "2024-05-17 to 2026-11-30", "nothing", "nothing"),
    ],
)
def test_each_preset_covers_what_its_name_says(preset: str, shown: str, before: str, year_before: str) -> None:
    assert (days(asked(period=preset).days), days(asked(period=preset).compared)) == (shown, before)
    assert days(asked(period=preset, compare="year").compared) == year_before
    assert asked(period=preset, compare="none").compared is None


def test_days_of_ones_own_are_compared_with_as_many_before() -> None:
    found = asked(from_="2026-11-10", to="2026-11-16", period="year")
    assert (days(found.days), days(found.compared), found.preset) == (
        "2026-11-10 to 2026-11-16", "2026-11-03 to 2026-11-09", "",
    )  # fmt: skip
    assert days(asked(from_="2026-11-10").days) == "2026-11-10 to 2026-11-30", "until today"
    assert days(asked(to="2026-01-31").days) == "2024-05-17 to 2026-01-31", "from the beginning"
    assert days(asked(to="2020-01-31").days) == "2020-01-31 to 2020-01-31", "before the beginning"
    assert days(asked(from_="2026-11-10", to="2027-03-01").days) == "2026-11-10 to 2026-11-30", "not yet"


def test_the_ends_of_months_stay_ends_of_months() -> None:
    found = asked(from_="2026-02-01", to="2026-02-28")
    assert days(found.compared) == "2026-01-01 to 2026-01-31"
    assert days(asked(from_="2024-02-01", to="2024-02-29", compare="year").compared) == "2023-02-01 to 2023-02-28"
    assert days(asked(from_="2023-02-01", to="2023-02-28", compare="year").compared) == "2022-02-01 to 2022-02-28"
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert days(asked(leap, period="year").compared) == "2027-01-01 to 2027-02-28"
    assert days(asked(datetime(2026, 3, 15, tzinfo=UTC), period="this-month").compared) == "2026-02-01 to 2026-02-15"
    assert days(asked(datetime(2026, 3, 30, tzinfo=UTC), period="this-month").compared) == "2026-02-01 to 2026-02-28"


@pytest.mark.parametrize(
    ("words", "field", "says"),
    [
        ({"from": "yesterday"}, "from", "2026-11-30"),
        ({"to": "2026-02-30"}, "to", "2026-11-30"),
        ({"to": "2026-2-3"}, "to", "2026-11-30"),
        ({"from": "２０２６-11-30x"}, "from", "2026-11-30"),
        ({"from": "1066-10-14"}, "from", "2000 and 2199"),
        ({"to": "9999-12-31"}, "to", "2000 and 2199"),
        ({"from": "2026-11-02", "to": "2026-11-01"}, "to", "ends before it begins"),
        ({"from": "2027-01-01"}, "to", "ends before it begins"),
        ({"from": "2027-01-01", "to": "2027-02-01"}, "from", "still to come"),
        ({"period": "fortnight"}, "period", "30-days"),
        ({"compare": "my neighbour"}, "compare", "previous"),
        ({"every": "1 fortnight"}, "every", "1 month"),
        ({"every": "0 month"}, "every", "1 month"),
    ],
)
def test_what_cannot_be_a_period_is_refused_in_words_at_its_place(words: dict[str, str], field: str, says: str) -> None:
    with pytest.raises(BadPeriod) as refused:
        chosen_period.parse(words, now=NOW, began=BEGAN, zone=LONDON)
    assert says in refused.value.fields[field]
    assert refused.value.status == 422


def test_several_wrong_parts_are_all_named() -> None:
    with pytest.raises(BadPeriod) as refused:
        asked(from_="x", to="y", compare="z")
    assert set(refused.value.fields) == {"from", "to", "compare"}


@pytest.mark.parametrize(
    ("zone", "day", "begins"),
    [
        ("Europe/London", date(2026, 3, 29), "2026-03-29T00:00"),
        ("Europe/London", date(2026, 3, 30), "2026-03-29T23:00"),
        ("Europe/London", date(2026, 10, 26), "2026-10-26T00:00"),
        ("America/Havana", date(2026, 3, 8), "2026-03-08T05:00"),
        ("America/Havana", date(2026, 11, 1), "2026-11-01T04:00"),
        ("Pacific/Apia", date(2026, 1, 1), "2025-12-31T11:00"),
    ],
)
def test_a_day_begins_at_its_first_instant_in_every_zone(zone: str, day: date, begins: str) -> None:
    """In Havana midnight comes twice in autumn, and not at all in spring."""
    assert f"{period_days.midnight_of(day, ZoneInfo(zone)):%Y-%m-%dT%H:%M}" == begins


def test_today_is_the_shops_day_and_not_the_servers() -> None:
    late = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
    assert days(asked(late, period="this-month").days) == "2026-07-01 to 2026-07-01"
    assert days(asked(late, ZoneInfo("America/New_York"), period="this-month").days) == "2026-06-01 to 2026-06-30"


def test_months_are_whole_and_parts_follow_each_other() -> None:
    found = asked(from_="2026-01-15", to="2026-05-31").days
    assert found.months() == [date(2026, n, 1) for n in (2, 3, 4, 5)]
    assert [days(one) for one in found.parts()][:2] == ["2026-01-15 to 2026-01-31", "2026-02-01 to 2026-02-28"]
    assert asked(from_="2026-01-02", to="2026-01-31").days.months() == []
    assert len(asked(from_="2026-10-01", to="2026-11-30").days.parts()) == 61
    assert len(asked(from_="2026-09-01", to="2026-11-30").days.parts()) == 3


def test_a_shop_that_has_just_opened_has_today() -> None:
    assert days(asked(began=None, period="all").days) == "2026-11-30 to 2026-11-30"


def test_a_link_keeps_what_was_chosen_and_leaves_out_what_is_usual() -> None:
    assert asked().query() == ""
    found = asked(from_="2026-11-02", to="2026-11-05", plan="annual", compare="year")
    assert found.query() == "?compare=year&plan=annual&from=2026-11-02&to=2026-11-05"
    assert found.query(period="all") == "?period=all&compare=year&plan=annual"
    assert asked(period="year").query(plan="annual", every="1 year") == "?period=year&plan=annual&every=1+year"


DATES = st.dates(date(2000, 1, 1), date(2026, 11, 30))


@given(
    DATES, DATES, st.sampled_from(sorted(COMPARED)), st.sampled_from(["Europe/London", "America/Havana", "Asia/Gaza"])
)
def test_the_parts_of_any_period_are_the_period_and_what_it_is_beside_is_before_it(
    one: date, other: date, compare: str, zone: str
) -> None:
    first, last = sorted((one, other))
    found = asked(zone=ZoneInfo(zone), from_=f"{first}", to=f"{last}", compare=compare)
    parts = found.days.parts()
    assert (parts[0].first, parts[-1].last) == (first, last)
    assert all(a.last + timedelta(days=1) == b.first and a.until == b.from_at for a, b in pairwise(parts))
    assert found.days.from_at < found.days.until
    if found.compared and compare == "previous":
        assert found.compared.last < first
    again = asked(zone=ZoneInfo(zone), **dict(part.split("=") for part in found.query().lstrip("?").split("&")))
    assert (again.days, again.compared) == (found.days, found.compared)


@given(st.dictionaries(st.sampled_from(["from", "to", "period", "compare", "every", "plan"]), st.text(max_size=14)))
def test_nonsense_is_a_period_or_a_refusal(words: dict[str, str]) -> None:
    try:
        found = chosen_period.parse(words, now=NOW, began=BEGAN, zone=LONDON)
    except BadPeriod as refused:
        assert refused.fields
    else:
        assert found.days.first <= found.days.last


def test_every_preset_has_words() -> None:
    assert all(PRESETS.values()) and all(COMPARED.values())


@pytest.mark.parametrize(
    ("today", "shown", "before"),
    [
        (date(2026, 12, 1), "2026-01-01 to 2026-12-01", "2025-01-01 to 2025-12-01"),
        (date(2026, 12, 15), "2026-01-01 to 2026-12-15", "2025-01-01 to 2025-12-15"),
        (date(2028, 2, 29), "2027-03-01 to 2028-02-29", "2026-03-01 to 2027-02-28"),
        (date(2029, 2, 28), "2028-03-01 to 2029-02-28", "2027-03-01 to 2028-02-29"),
    ],
)
def test_twelve_months_begin_with_a_month_beside_those_a_year_before(today: date, shown: str, before: str) -> None:
    found = asked(datetime(today.year, today.month, today.day, 12, tzinfo=UTC), period="12-months")
    assert (days(found.days), days(found.compared)) == (shown, before)
