"""What members and others bought, and what members are, is kept as it is read from the rows themselves: whatever is
written, late or taken back, and however little is rolled up yet."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from components.foundation import clock, database, ids
from components.foundation.database import Query
from components.insights.metrics import member_makeup
from components.insights.movements.month_edges import month_edges
from components.insights.programme import lifetime_value, member_lift
from components.insights.rollups import figure_rolls, kept_comparison, kept_samples, member_parts
from tests.conftest import NOON
from tests.support import segment_people, suggestion_shop

DAY = timedelta(days=1)
SOURCES = ("subscription", "gift", "comp", "free")


async def lifts(*, from_rows: bool) -> list[Any]:
    """Of one, three and twelve months that are over, from what is kept or from the orders."""
    edges, found = month_edges(clock.now(), 13), []
    for number in (1, 3, 12):
        span = (edges[-2 - number], edges[-2])
        asked = member_lift.query(*span)
        if from_rows:
            asked = Query(member_lift._sql(""), span, asked.read)
        else:
            assert asked.sql == member_lift._OF_MONTHS
        found += await database.batch(asked)
    return found


async def makeup(*, from_rows: bool) -> Any:
    asked = member_makeup.query()
    if from_rows:
        rows = member_parts.by_part(f"FROM ({member_parts.of_everybody()}) a WHERE part <> ''")
        asked = Query(f"SELECT json_object_agg(part, number) FROM ({rows}) r", (clock.now(),), asked.read)
    (found,) = await database.batch(asked)
    return found


async def held(*, from_rows: bool) -> list[Any]:
    """Months of membership, of spans of one and of twelve months."""
    edges, found = month_edges(clock.now(), 13), []
    for span in ((edges[-3], edges[-2]), (edges[-14], edges[-2])):
        asked = lifetime_value._held(*span)
        found += await database.batch(Query(lifetime_value._HELD, span, asked.read) if from_rows else asked)
    return found


async def agree(*, at_least_one: bool = False) -> None:
    """With the queue, and without it."""
    for _ in range(2):
        shown = await lifts(from_rows=False)
        assert shown == await lifts(from_rows=True)
        assert await makeup(from_rows=False) == await makeup(from_rows=True)
        assert await held(from_rows=False) == await held(from_rows=True)
        assert await kept_comparison.compare() == [] and await kept_samples.differences() == []
        assert not at_least_one or (
            all(one.members.again and one.others.again and one.since.people for one in shown[2:])
            and all(await held(from_rows=False))
        )
        await figure_rolls.roll_all()


def somebody(made: suggestion_shop.SuggestionShop, chance: random.Random) -> UUID:
    """Who holds up to three memberships, one after another or at once, and orders around them, often twice a day."""
    person = made.person()
    for source in chance.sample(SOURCES, chance.randint(0, 3)):
        begins = chance.randint(-40, 500)
        ends = made.at(begins - chance.randint(0, 400)) if chance.random() < 0.6 else None
        made.add("membership", holder=person, plan=suggestion_shop.CLUB, source=source, source_id=ids.new(),
                 starts_at=made.at(begins), ends_at=ends)  # fmt: skip
    for _ in range(chance.randint(0, 9)):
        day = chance.randint(0, 420)
        for _ in range(chance.randint(1, 2)):
            made.order(person, days=day, unit=chance.randint(100, 5000))
    return person


async def shop_of(chance: random.Random, people: int = 40) -> list[UUID]:
    made = suggestion_shop.begun(clock.now())
    found = [somebody(made, chance) for _ in range(people)]
    for _ in range(5):
        made.order(None, days=chance.randint(0, 300))
    await segment_people.insert(made.rows)
    return found


DEEDS = (
    "UPDATE orders SET person = $2 WHERE person = $1",
    "UPDATE orders SET total = total + 100 WHERE person = $1",
    "UPDATE orders SET paid_at = paid_at - interval '40 days' WHERE person = $1",
    "UPDATE membership SET ends_at = starts_at + interval '20 days' WHERE holder = $1",
    "UPDATE membership SET starts_at = starts_at - interval '60 days' WHERE holder = $1",
    "UPDATE membership SET source = 'gift' WHERE holder = $1 AND source = 'comp'",
    "UPDATE membership SET holder = $2 WHERE holder = $1 AND ends_at IS NOT NULL",
    "DELETE FROM membership WHERE holder = $1",
)


@pytest.mark.parametrize("seed", range(4))
async def test_it_is_what_the_rows_say_whatever_is_written(db: None, seed: int) -> None:
    chance = random.Random(seed)
    people = await shop_of(chance)
    await agree(at_least_one=True)
    for _ in range(10):
        deed, (one, other) = chance.choice(DEEDS), chance.sample(people, 2)
        await database.execute(deed, *((one, other) if "$2" in deed else (one,)))
        await agree()


@pytest.mark.parametrize("deed", DEEDS)
async def test_each_change_is_heard_of(db: None, deed: str) -> None:
    people = await shop_of(random.Random(7), people=12)
    await figure_rolls.roll_all()
    for one, other in zip(people, reversed(people), strict=True):
        await database.execute(deed, *((one, other) if "$2" in deed else (one,)))
    await agree()


async def test_whose_membership_begins_or_ends_by_itself_counts_so_at_once(db: None) -> None:
    """Nothing is written when it does; and a clock may be put back."""
    await shop_of(random.Random(3))
    await figure_rolls.roll_all()
    seen = set[Any]()
    for days in (0, 7, 30, 90, -200, 0):
        clock.set_everywhere(NOON + days * DAY)
        found = await makeup(from_rows=True)
        assert await makeup(from_rows=False) == found
        seen.add(found)
        if days == 30:
            await figure_rolls.roll_all()
            assert await database.fetch_value("SELECT count(*) FROM figure_payer_change") == 0
            assert await makeup(from_rows=False) == found
    assert len(seen) > 3, "it does change"


async def test_a_trial_that_is_paid_for_is_one_no_more(db: None) -> None:
    made = suggestion_shop.begun(clock.now())
    person = made.member()
    trial = made.subscription(person, days=3, status="trialing")
    made.rows["membership"][-1]["source_id"] = trial
    await segment_people.insert(made.rows)
    await figure_rolls.roll_all()
    assert (await makeup(from_rows=False)).trial == 1
    await database.execute("UPDATE subscription SET status = 'active' WHERE id = $1", trial)
    found = await makeup(from_rows=False)
    assert (found.trial, found.nothing) == (0, 1)
    await agree()


async def test_an_order_so_long_before_joining_counts_from_as_long_after(db: None) -> None:
    """To the instant: a span that ends then has it, one that ends before has not."""
    made, until = suggestion_shop.begun(clock.now()), month_edges(clock.now(), 1)[0]
    joined = until - timedelta(days=10)
    for late in (timedelta(0), timedelta(microseconds=1)):
        person = made.person()
        made.add("membership", holder=person, plan=suggestion_shop.CLUB, source="comp", source_id=ids.new(),
                 starts_at=joined, ends_at=None)  # fmt: skip
        made.order(person, days=1)["paid_at"] = joined.astimezone(UTC) - timedelta(days=10) - late
    await segment_people.insert(made.rows)
    await figure_rolls.roll_all()
    for one in await lifts(from_rows=False):
        assert (one.before.orders, one.before.known) == (1, 2)
    await agree()


async def test_more_months_of_membership_than_an_integer_holds_are_added_up(db: None) -> None:
    """In microseconds, those of half a million members in a year are no longer one of the database."""
    since = datetime(1000, 1, 1, tzinfo=UTC)
    made = suggestion_shop.begun(clock.now())
    for _ in range(400):
        made.member(days=(clock.now() - since) / DAY)
    await segment_people.insert(made.rows)

    (found,) = await database.batch(lifetime_value._held(since, clock.now()))
    assert sum(found.values()) > 2**63 / (365 * 86_400 * 1_000_000 / 12)
