"""Which days are queued to be added up anew, and how many of them at once."""

from datetime import UTC, datetime, timedelta

import pytest

from components.foundation import clock, database, ids
from components.foundation.shop_settings import setting_rows
from components.insights.metrics import figures
from components.insights.rollups import figure_rolls, kept_comparison
from components.ledger import cashback, reservations, schedule
from tests.support import make_ledger_entries

MAYA = ids.new()
DAY = timedelta(days=1)
QUEUED = "SELECT count(*) FROM figure_day_change"


async def test_a_lot_queues_its_day_when_it_costs_more_or_less_and_not_when_it_is_spent(db: None) -> None:
    await make_ledger_entries.give(MAYA, 500, until=clock.now() + 40 * DAY)
    await cashback.earn(make_ledger_entries.earning(MAYA, 300))
    assert await database.fetch_value(QUEUED) == 2
    await figure_rolls.roll_all()
    order = ids.new()
    await reservations.reserve(order, person_id=MAYA, amount=200, words="Order")
    await reservations.spend(order, amount=150, words="Order")
    other = ids.new()
    await reservations.reserve(other, person_id=MAYA, amount=100, words="Order")
    await reservations.release(other, words="Order")
    with clock.frozen(clock.now() + 31 * DAY):
        await schedule.release_and_expire()
    assert await make_ledger_entries.spendable(MAYA) == 600
    assert await database.fetch_value(QUEUED) == 0, "what is kept, spent or released costs what it did"
    with clock.frozen(clock.now() + 41 * DAY):
        await schedule.release_and_expire()
    assert await database.fetch_value(QUEUED) == 1
    assert await kept_comparison.compare() == []
    await figure_rolls.roll_all()
    assert await kept_comparison.compare() == []


async def test_some_days_are_added_up_at_once_however_many_rows_name_them(db: None) -> None:
    await figure_rolls.roll_all()
    for again in range(3):
        await database.execute(
            """INSERT INTO figure_day_change (at)
            SELECT $1::timestamptz - make_interval(days => one, mins => $2) FROM generate_series(1, 50) one""",
            clock.now(), again,
        )  # fmt: skip
    done = []
    while number := await figure_rolls.roll_days():
        done.append((number, await database.fetch_value(QUEUED)))
    assert done == [(20, 90), (20, 30), (10, 0)]


ORDER = """INSERT INTO orders (id, number, email, name, currency, goods, member_savings, delivery_list, delivery_saved,
  delivery, tax, tax_rate, tax_name, total, delivery_method, address, price_context_key, placed_at, expires_at, paid_at)
  VALUES (gen_random_uuid(), $1, 'g@post.test', 'Guest', 'GBP', 100, 0, 0, 0, 0, 0, 0, '', 100, '', '{}', 'guest', $2,
  $2, $2)"""
TWICE = (
    ("America/Havana", datetime(2026, 11, 1, 4, tzinfo=UTC)),
    ("Atlantic/Azores", datetime(2026, 10, 25, 0, tzinfo=UTC)),
)
"""The first midnight of a day on which clocks go back to midnight an hour later."""


@pytest.mark.parametrize(("zone", "midnight"), TWICE)
async def test_a_day_whose_midnight_comes_twice_begins_with_the_first(db: None, zone: str, midnight: datetime) -> None:
    await setting_rows.change({"time_zone": zone}, by=None)
    for number, minutes in (("before", -30), ("once", 30), ("again", 90)):
        await database.execute(ORDER, number, midnight + timedelta(minutes=minutes))
    for minutes, number in ((45, 1), (75, 1), (105, 2), (600, 2)):
        with clock.frozen(midnight + timedelta(minutes=minutes)):
            assert figures.midnight(clock.now()).astimezone(UTC) == midnight
            (sold,) = await database.batch(figures.sales(1))
            assert sold[0].orders == number, minutes
    await figure_rolls.roll_all()
    kept = await database.fetch_rows("SELECT day, number FROM figure_day WHERE source = 'order' ORDER BY day")
    assert kept == [(midnight.date() - DAY, 1), (midnight.date(), 2)]
    await database.execute("INSERT INTO figure_day_change (at) SELECT paid_at FROM orders")
    await figure_rolls.roll_all()
    assert await kept_comparison.compare() == []


async def test_what_changed_for_a_holder_of_lots_is_found_by_an_index(db: None) -> None:
    await database.execute(
        """INSERT INTO ledger_lot (id, person, kind, words, amount, given_at)
        SELECT gen_random_uuid(), gen_random_uuid(), 'store_credit', '', 100, $1 FROM generate_series(1, 3000)""",
        clock.now(),
    )
    await database.execute("ANALYZE ledger_lot")
    plan = await database.fetch_values(
        "EXPLAIN SELECT given_at FROM insights_credit_lots WHERE person = $1 AND given_at >= $2",
        MAYA, clock.now() - DAY,
    )  # fmt: skip
    assert any("ledger_lot_of_person" in line for line in plan), plan
