"""Segments asked about: who fits, how many, and the sentence that says it."""

import asyncio
from collections.abc import Callable

import pytest

from components.foundation import database
from components.segments import rule_groups, segment_editing, segments
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
