"""Segments asked about: who fits, how many, and the sentence that says it."""

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from components.foundation import clock, database
from components.segments import count_renewal, rule_groups, segment_editing, segments
from components.segments.rule_groups import RuleGroup, RulesRefused
from components.segments.segments import CountTooSlow
from tests.support import people

pytestmark = pytest.mark.usefixtures("db")

NO_ORDER = {"match": "all", "parts": [{"kind": "orders", "is": "at_most", "number": 0}]}
ONE_ORDER = {"match": "all", "parts": [{"kind": "orders", "is": "at_least", "number": 1, "days": 30}]}


async def test_whoever_fits_is_counted_and_found_by_themselves() -> None:
    noor = await people.customer()
    assert await segments.count(NO_ORDER) == 1 and await segments.count(ONE_ORDER) == 0
    assert await segments.fits(NO_ORDER, noor.id) and not await segments.fits(ONE_ORDER, noor.id)
    assert not await segments.fits(NO_ORDER, None)


def test_a_segment_is_said_in_a_sentence() -> None:
    assert segments.sentence(NO_ORDER) == "Customers who have never placed an order."
    both = {"match": "none", "parts": [*NO_ORDER["parts"], {"match": "all", "parts": [*ONE_ORDER["parts"]] * 2}]}
    assert segments.sentence(both) == (
        "All customers except those who have never placed an order or (have placed at least 1 order in the last 30 "
        "days and have placed at least 1 order in the last 30 days)."
    )


@pytest.mark.parametrize(
    "given", [None, {}, {"match": "all"}, {"match": "all", "parts": []}, {"match": "x", "parts": [1]}]
)
def test_what_never_was_rules_is_refused(given: object) -> None:
    with pytest.raises(RulesRefused):
        segments.compiled(given)  # type: ignore[arg-type]


async def test_a_count_that_takes_too_long_ends_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else holds the table; the count gives up by itself."""
    monkeypatch.setattr(segments, "PATIENCE", "50ms")
    held, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.transaction():
            await database.execute("LOCK TABLE person IN ACCESS EXCLUSIVE MODE")
            held.set()
            await done.wait()

    holding = asyncio.create_task(hold())
    await held.wait()
    with pytest.raises(CountTooSlow) as slow:
        await segments.count(NO_ORDER)
    done.set()
    await holding
    assert "Counting takes too long" in str(slow.value) and await segments.count(NO_ORDER) == 0


@pytest.mark.parametrize("read", [rule_groups.typed, rule_groups.stored])
def test_groups_stand_one_level_deep_and_rules_are_twenty_at_most(read: Callable[[object], RuleGroup]) -> None:
    rule = {"kind": "account", "is": "yes"}
    inner = {"match": "any", "parts": [rule] * 10}
    assert len(read({"match": "all", "parts": [inner, inner]}).rules) == 20
    with pytest.raises(RulesRefused, match="at most 20 rules"):
        read({"match": "all", "parts": [inner, inner, rule]})
    with pytest.raises(RulesRefused, match="can’t stand inside another group"):
        read({"match": "all", "parts": [{"match": "any", "parts": [{"match": "any", "parts": [rule]}]}]})


async def test_what_was_saved_reads_as_it_was_typed() -> None:
    tagged = {"match": "none", "parts": [{"kind": "tag", "is": "no", "tag": "A  b"}]}
    typed = {"match": "any", "parts": [{"kind": "spent", "is": "at_least", "amount": "12.50", "days": ""}, tagged]}
    kept = await segments.by_id(await segment_editing.create("  Big   spenders ", typed))
    assert kept.name == "Big spenders" and kept.rules == {
        "match": "any",
        "parts": [{"kind": "spent", "is": "at_least", "amount": 1250, "days": None},
                  {"match": "none", "parts": [{"kind": "tag", "is": "no", "tag": "a b"}]}],
    }  # fmt: skip
    assert rule_groups.plain(rule_groups.stored(kept.rules)) == kept.rules


async def test_old_counts_are_renewed_and_a_slow_one_keeps_no_other_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else holds the orders: what asks for them is not counted, and keeps its old count."""
    account = {"match": "all", "parts": [{"kind": "account", "is": "no"}]}
    fresh, old, slow, gone = [
        await segment_editing.create(name, rules)
        for name, rules in (("Fresh", account), ("Old", account), ("Slow", NO_ORDER), ("Gone", account))
    ]
    await people.customer()
    await segment_editing.archive(gone)
    now = clock.now()
    for one, at in ((fresh, now), (old, now - timedelta(hours=1)), (slow, now - timedelta(hours=2))):
        await database.execute("UPDATE segment SET size = 7, counted_at = $2 WHERE id = $1", one, at)
    monkeypatch.setattr(segments, "PATIENCE", "100ms")
    held, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.transaction():
            await database.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")
            held.set()
            await done.wait()

    holding = asyncio.create_task(hold())
    await held.wait()
    await count_renewal.renew()
    done.set()
    await holding
    sizes = {one.id: (one.size, one.counted_at) for one in await segments.active()}
    assert sizes[old][1] == now and sizes[old][0] != 7
    assert sizes[fresh] == (7, now), "within the hour nothing is counted again"
    assert sizes[slow] == (7, now - timedelta(hours=2))
    assert (await segments.by_id(gone)).counted_at is None


async def test_one_that_cannot_be_counted_keeps_no_other_waiting() -> None:
    """Its rule is of a kind that this version does not know."""
    made = [await segment_editing.create(f"Segment {number}", NO_ORDER) for number in range(6)]
    gone = '{"match": "all", "parts": [{"kind": "gone", "is": "yes"}]}'
    await database.execute("UPDATE segment SET rules = $2::text::jsonb WHERE id = $1", made[0], gone)
    with pytest.raises(ExceptionGroup, match="count of a segment: 1 failed"):
        await count_renewal.renew()
    assert await database.fetch_values("SELECT id FROM segment WHERE counted_at IS NULL") == [made[0]]


@pytest.mark.parametrize(("name", "value", "left"), [("MOST", 1, 2), ("MOST_SECONDS", -1, 3)])
async def test_one_turn_is_bounded(monkeypatch: pytest.MonkeyPatch, name: str, value: int, left: int) -> None:
    for number in range(3):
        await segment_editing.create(f"Segment {number}", NO_ORDER)
    monkeypatch.setattr(count_renewal, name, value)
    await count_renewal.renew()
    assert sum(one.counted_at is None for one in await segments.active()) == left
