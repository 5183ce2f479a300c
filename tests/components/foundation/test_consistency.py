"""Rules are checked in steps of keys: all of them, or what is new and a sample; and never for too long."""

from datetime import timedelta

import pytest

from components.content.invariants import RULES
from components.foundation import clock, database, ids
from components.foundation.consistency import invariant_walks, table_keys
from components.foundation.consistency.invariant_rules import Invariant
from components.foundation.consistency.table_keys import Extent

pytestmark = pytest.mark.usefixtures("db")
WRITE = """INSERT INTO article (id, slug, title, teaser, body, drip_days, created_at, changed_at)
  VALUES ($1, $2, '', '', '', $3, now(), now())"""


async def article(slug: str, *, days: int = 0) -> None:
    await database.execute(WRITE, ids.new(), slug, days)


async def told(extent: Extent) -> list[str]:
    return [one.words.split(":")[0] for one in await invariant_walks.broken(RULES, extent)]


async def test_a_large_table_is_looked_at_by_what_is_new_and_by_a_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_keys, "SMALL", 10)
    monkeypatch.setattr(table_keys, "STEP", 7)
    monkeypatch.setattr(table_keys, "SAMPLE", 0)
    await article("old", days=3)
    clock.set_everywhere(clock.now() + timedelta(days=2))
    for number in range(20):
        await article(f"good-{number}")
    full = Extent()
    assert await told(full) == ["Article old"] and full.looked_at == {"article": 21}
    clock.set_everywhere(clock.now() + timedelta(days=2))
    await article("new", days=3)
    passing = Extent(is_full=False, since=full.newest)
    assert await told(passing) == ["Article new"] and passing.sampled == {"article"}
    monkeypatch.setattr(table_keys, "SAMPLE", 1000)
    assert sorted(await told(Extent(is_full=False))) == ["Article new", "Article old"], (
        "the sample is of all pages here"
    )


async def test_what_takes_too_long_is_given_up_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invariant_walks, "STEP_SECONDS", 1)
    await article("slow")
    slow = Invariant(
        "slow", "{slug}", "SELECT slug FROM article WHERE id = ANY($1) AND pg_sleep(9) IS NULL", each="article"
    )
    extent = Extent()
    assert (
        await invariant_walks.broken([slow], extent) == []
        and extent.unchecked == ["Not checked, because it took too long: slow"]
        and extent.unfinished == {"article"}
    )


async def test_rows_that_no_statement_can_read_are_told_too() -> None:
    await article("odd")
    odd = Invariant("odd", "{slug}", "SELECT 1 / length(title) AS slug FROM article WHERE id = ANY($1)", each="article")
    (found,) = await invariant_walks.broken([odd])
    assert found.rule == "odd" and "could not be checked" in found.words
