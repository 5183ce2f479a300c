"""Which days are queued to be added up anew, and how many of them at once."""

from datetime import timedelta

from components.foundation import clock, database, ids
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
