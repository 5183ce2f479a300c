"""A look for suggestions: one at a time, its rows kept as they were found."""

import asyncio
from collections.abc import Iterator

import pytest

from components import job_pauses
from components.foundation import clock, database
from components.foundation.database import advisory_locks
from components.insights.forecasts import forecasts
from components.insights.suggestions import evidence_rows, suggestion_job, suggestion_rows, suggestions
from components.insights.suggestions.suggestions import SuggestionView
from components.memberships.plans import plan_cache
from tests.support import segment_people
from tests.support import suggestion_shop as made
from tests.support.suggestion_shop import DAY, MANY, NOW, SuggestionShop

Found = dict[tuple[str, str], SuggestionView]


@pytest.fixture
def noon(db: None) -> Iterator[None]:
    with clock.frozen(NOW):
        yield


async def looked(shop: SuggestionShop) -> Found:
    await segment_people.insert(shop.rows)
    await plan_cache.refresh()
    await suggestion_job.look_for_all()
    return {(one.kind, one.subject): one for one in await suggestions.shown_as("open")}


def kinds(found: Found) -> set[str]:
    return {key for key, _ in found}


async def test_a_look_that_is_running_is_not_asked_for_again(noon: None) -> None:
    shop = made.begun()
    by = shop.person()
    await segment_people.insert({"person": shop.rows["person"]})
    await suggestions.look_again(by=by)
    await database.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = $1", suggestions.TASK)
    await suggestions.look_again(by=by)
    found = "SELECT status::text, lock FROM procrastinate_jobs WHERE task_name = $1"
    jobs = await database.fetch(found, suggestions.TASK)
    assert [tuple(one.values()) for one in jobs] == [("doing", suggestions.TASK)]


async def test_only_one_looks_for_a_kind_at_a_time(noon: None) -> None:
    shop = made.begun()
    for _ in range(MANY):
        shop.order(shop.member(), days=3)
    await segment_people.insert(shop.rows)
    held = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.transaction():
            await advisory_locks.take_turns("suggestions full_price")
            held[0].set()
            await held[1].wait()

    other = asyncio.create_task(hold())
    await held[0].wait()
    await asyncio.wait_for(suggestion_job.look_for_all(), 30)
    looks = await suggestions.looks()
    held[1].set()
    await other
    assert "full_price" not in looks and "bought_before" in looks


async def test_rows_are_kept_as_they_were_found_and_no_more_than_the_newest(
    noon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_rows, "MOST", 30)
    shop = made.begun()
    for number in range(MANY):
        shop.order(shop.member(), days=1 + number / 2)
    one = (await looked(shop))["full_price", str(made.MUGS)]
    await database.execute("DELETE FROM order_line")
    total = await suggestion_rows.total(one)
    assert (total.rows, total.amount, one.evidence) == (30, 30 * 2000, MANY)
    rows = await suggestion_rows.page(one, number=2, per_page=20)
    assert [row.at for row in rows] == [NOW - (1 + number / 2) * DAY for number in range(20, 30)]
    assert [row async for row in suggestion_rows.every(one)][20:] == rows
    await suggestion_job.look_for_all()
    assert (await suggestion_rows.total(one)).rows == 0, "what is not found any more has none"


@pytest.mark.parametrize("task", [suggestions.TASK, forecasts.TASK])
def test_a_look_that_fails_waits_for_the_night(task: str) -> None:
    assert job_pauses.most_attempts(task) == 0
