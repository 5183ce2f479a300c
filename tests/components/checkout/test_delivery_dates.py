"""Days of packing and delivery: by example, and for every weekday, cut-off and turn of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from components.checkout.delivery import delivery_dates, public_holidays
from components.checkout.delivery.delivery_dates import Packing, Transit, WorkingDays
from tests.support.cells import every_cell

LONDON = ZoneInfo("Europe/London")
ZONES = [
    LONDON,
    ZoneInfo("America/New_York"),
    ZoneInfo("Pacific/Apia"),
    ZoneInfo("Australia/Lord_Howe"),
    ZoneInfo("UTC"),
]
CHRISTMAS = {date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1)}
WEEK = frozenset(range(1, 6))


def packing(*, zone: ZoneInfo = LONDON, cutoff: time = time(14), least: int = 1, most: int = 2) -> Packing:
    return Packing(days=WorkingDays(WEEK, CHRISTMAS.__contains__), least=least, most=most, cutoff=cutoff, zone=zone)


def transit(least: int = 1, most: int = 3, weekdays: frozenset[int] = WEEK) -> Transit:
    return Transit(days=WorkingDays(weekdays, CHRISTMAS.__contains__), least=least, most=most)


CASES = {
    "before the cut-off": ("2026-11-30T13:59", "2026-12-02", "2026-12-07", "2026-12-02"),
    "at the cut-off it is too late": ("2026-11-30T14:00", "2026-12-03", "2026-12-08", "2026-12-03"),
    "Friday evening counts as Monday": ("2026-12-04T20:00", "2026-12-09", "2026-12-14", "2026-12-09"),
    "Sunday counts as Monday": ("2026-12-06T09:00", "2026-12-09", "2026-12-14", "2026-12-09"),
    "over Christmas and New Year": ("2026-12-23T15:00", "2026-12-30", "2027-01-05", "2026-12-30"),
}


@every_cell("case", CASES)
def test_an_order_arrives_after_days_of_packing_and_days_on_the_way(case: str) -> None:
    at, earliest, latest, pack_by = CASES[case]
    found = delivery_dates.delivered(datetime.fromisoformat(at).replace(tzinfo=LONDON), packing(), transit())
    assert found is not None
    assert (found.earliest.isoformat(), found.latest.isoformat(), found.pack_by.isoformat()) == (
        earliest,
        latest,
        pack_by,
    )


def test_the_cut_off_is_that_of_the_shops_own_clocks_on_the_days_they_change() -> None:
    """01:30 does not exist on 28 March 2027 and exists twice on 31 October: the first of them counts."""
    for day, hours in ((date(2027, 3, 27), 1.5), (date(2027, 3, 28), 1.5), (date(2027, 10, 31), 0.5)):
        early = packing(cutoff=time(1, 30))
        assert early.closes_at(day) == datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hours)
    for day, hour in (
        (date(2027, 3, 26), 14),
        (date(2027, 3, 29), 13),
        (date(2027, 10, 29), 13),
        (date(2027, 11, 1), 14),
    ):
        assert packing().closes_at(day).hour == hour, "14:00 in London, before and after the change"


def test_a_shop_that_is_closed_for_long_promises_nothing() -> None:
    shut = Packing(days=WorkingDays(WEEK, lambda day: True), least=0, most=0, cutoff=time(9), zone=LONDON)
    assert delivery_dates.delivered(datetime(2026, 12, 1, tzinfo=UTC), shut, transit()) is None
    assert delivery_dates.picked_up(datetime(2026, 12, 1, tzinfo=UTC), shut, 0) is None
    none = Transit(days=WorkingDays(frozenset(), lambda day: False), least=0, most=0)
    assert delivery_dates.delivered(datetime(2026, 12, 1, tzinfo=UTC), packing(), none) is None


@given(
    at=st.datetimes(datetime(2026, 12, 1), datetime(2027, 4, 15)).map(lambda at: at.replace(tzinfo=UTC)),
    zone=st.sampled_from(ZONES),
    cutoff=st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    carrier=st.frozensets(st.integers(1, 7), min_size=1),
    closed=st.frozensets(st.dates(date(2026, 12, 1), date(2027, 5, 1)), max_size=40),
    also=st.frozensets(st.dates(date(2026, 12, 1), date(2027, 5, 1)), max_size=5),
    handling=st.tuples(st.integers(0, 4), st.integers(0, 3)),
    way=st.tuples(st.integers(0, 6), st.integers(0, 4)),
)  # fmt: skip
def test_every_promise_can_be_kept_and_none_is_later_than_it_has_to_be(
    at: datetime,
    zone: ZoneInfo,
    cutoff: time,
    weekdays: frozenset[int],
    carrier: frozenset[int],
    closed: frozenset[date],
    also: frozenset[date],
    handling: tuple[int, int],
    way: tuple[int, int],
) -> None:
    """Counted a second time, day by day."""
    days = WorkingDays(weekdays, closed.__contains__, also - closed)
    least, most = handling[0], sum(handling)
    packs = Packing(days=days, least=least, most=most, cutoff=cutoff, zone=zone)
    sends = Transit(days=WorkingDays(carrier, closed.__contains__), least=way[0], most=sum(way))
    found = delivery_dates.delivered(at, packs, sends)
    assert found is not None

    local = at.astimezone(zone)
    assert at < found.order_by, "the promise holds for whoever orders now"
    begun = found.order_by.astimezone(zone).date()
    assert days.has(begun) and begun >= local.date() and (begun > local.date() or local.date() == begun)
    if days.has(local.date()) and at < packs.closes_at(local.date()):
        assert begun == local.date()
    between = [begun - timedelta(days=back) for back in range(1, (begun - local.date()).days)]
    assert not any(days.has(one) for one in between), "no working day was left out"

    def counted(calendar: WorkingDays, after: date, until: date) -> int:
        return sum(calendar.has(after + timedelta(days=more)) for more in range(1, (until - after).days + 1))

    assert days.has(found.pack_by) and counted(days, begun, found.pack_by) == most
    assert sends.days.has(found.latest) and found.latest >= found.pack_by
    assert sends.most in (counted(sends.days, found.pack_by, found.latest), 0)
    assert found.earliest <= found.latest and sends.days.has(found.earliest)
    later = delivery_dates.delivered(found.order_by, packs, sends)
    assert later is not None and later.pack_by >= found.pack_by and later.order_by > found.order_by
    ready = delivery_dates.picked_up(at, packs, 0)
    assert ready is not None and ready.latest == found.pack_by and ready.is_pickup


def test_public_holidays_are_those_of_the_country_and_region() -> None:
    known = [
        ("GB", "", "2027-03-29", True),  # Easter Monday: in England, where most are
        ("GB", "SCT", "2027-03-29", False),
        ("DE", "BY", "2027-01-06", True),
        ("DE", "", "2027-01-06", False),
        ("DE", "", "2026-12-26", True),
        ("US", "", "2026-11-26", True),
        ("US", "ZZ", "2026-07-03", True),  # observed on the Friday; an unknown region has the country's
        ("XX", "", "2027-01-01", False),  # a country nobody knows holidays of
    ]
    for country, region, day, is_one in known:
        found = public_holidays.is_holiday(date.fromisoformat(day), country, region)
        assert found is is_one, (country, region, day)
    assert ("BY", "Bayern") in public_holidays.regions("DE") and public_holidays.regions("AQ") == ()
    assert (date(2026, 12, 26), "Second Day of Christmas") in public_holidays.names("DE", "", 2026)
