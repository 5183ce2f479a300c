"""The worker: reactions that fail are tried again by themselves, and work left behind by a dead worker is taken up."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from procrastinate import App

from components import job_pauses, reactions, worker
from components.foundation import database, jobs, outbox
from components.foundation.outbox import Fact

pytestmark = pytest.mark.usefixtures("db")


@dataclass(frozen=True)
class BellRung(Fact):
    times: int


heard: list[str] = []


async def stumbles(fact: BellRung) -> None:
    heard.append("stumbles")
    if heard.count("stumbles") <= fact.times:
        raise OSError("the bell was too loud")


async def listens(fact: BellRung) -> None:
    heard.append("listens")


@pytest.fixture(autouse=True)
def bell(monkeypatch: pytest.MonkeyPatch) -> None:
    heard.clear()
    monkeypatch.setitem(reactions.REACTIONS, BellRung, (stumbles, listens))


@pytest.fixture
async def app(dsn: str) -> AsyncIterator[App]:
    made = worker.job_app(dsn)
    async with made.open_async():
        yield made


async def test_a_reaction_that_fails_is_tried_again_by_itself(dsn: str) -> None:
    await outbox.announce(BellRung(times=1))
    await worker.catch_up(dsn)
    assert heard == ["stumbles", "listens"]
    await database.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
    await worker.catch_up(dsn)
    assert heard == ["stumbles", "listens", "stumbles"]
    assert await database.fetch_value("SELECT count(*) FROM procrastinate_jobs") == 0


async def _left_behind(*, attempts: int = 0, seconds: int = 7) -> None:
    """A job that a worker had begun when it was last heard of, so many seconds ago."""
    await outbox.announce(BellRung(times=0))
    dead = await database.fetch_value(
        "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => $1)) RETURNING id",
        float(seconds),
    )
    await database.execute(
        "UPDATE procrastinate_jobs SET status = 'doing', worker_id = $1, attempts = $2", dead, attempts
    )


async def test_what_a_dead_worker_had_begun_is_done_by_another(app: App, dsn: str) -> None:
    await _left_behind()
    assert await worker.resume_stalled(app) == 1
    await worker.catch_up(dsn)
    assert heard == ["stumbles", "listens"]


async def test_what_a_living_worker_is_doing_is_left_to_it(app: App) -> None:
    await _left_behind(seconds=3)
    assert await worker.resume_stalled(app) == 0
    await jobs.defer("deliver_fact", fact_id="00000000-0000-0000-0000-000000000000")
    assert await worker.resume_stalled(app) == 0


async def test_a_job_that_keeps_killing_its_worker_is_parked(app: App) -> None:
    await _left_behind(attempts=len(job_pauses.PAUSES))
    assert await worker.resume_stalled(app) == 1
    row = await database.fetch_one("SELECT status FROM procrastinate_jobs")
    assert row == {"status": "failed"}
    assert "worker died" in await database.fetch_value("SELECT why FROM parked_job")


STARTED_BY_ACTS = {
    "adopt_members", "archive_invoices", "deliver_fact", "fetch_pictures", "import_products", "make_backup",
    "move_practice_clock", "process_event", "react", "run_backtest", "send_campaign", "send_campaign_email",
    "send_email", "walk_journey",
}  # fmt: skip


def test_every_task_that_nobody_starts_is_in_the_timetable() -> None:
    assert {name for _, name in worker.TIMETABLE} == set(worker.TASKS) - STARTED_BY_ACTS
