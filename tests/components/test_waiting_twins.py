"""A job whose worker is gone, while another with the same queueing lock waits: that one's turn is enough for both."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from procrastinate import App
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job
from procrastinate.worker import Worker

from components import job_pauses, worker, worker_watch
from components.campaigns import campaign_sending
from components.foundation import database, jobs
from components.foundation.operations.own_jobs import OwnJobs
from tests.components.campaigns import made

pytestmark = pytest.mark.usefixtures("db")
SILENT = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id"
BEGUN = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = $1, attempts = $2 WHERE task_name = $3"
LEFT = "SELECT task_name, status::text, attempts FROM procrastinate_jobs ORDER BY id"
FIGURES = "timetable:roll_up_figures"


@pytest.fixture
async def app(dsn: str) -> AsyncIterator[App]:
    opened = worker.job_app(dsn)
    async with opened.open_async():
        yield opened


async def _left_by_a_dead_worker(task: str, *, attempts: int = 0) -> None:
    await database.execute(BEGUN, await database.fetch_value(SILENT), attempts, task)


async def _campaign_with_a_twin(*, attempts: int = 0) -> None:
    """One of its jobs was begun by a worker that died, the next minute's waits."""
    owner = await made.owner()
    await made.agreed(3)
    await made.scheduled(by=owner)
    await database.execute("DELETE FROM procrastinate_jobs")
    await campaign_sending.start_due()
    await _left_by_a_dead_worker("send_campaign", attempts=attempts)
    await campaign_sending.start_due()


async def test_one_that_has_a_waiting_twin_leaves_its_turn_to_it_and_everything_else_is_taken_up(app: App) -> None:
    await _campaign_with_a_twin(attempts=2)
    await jobs.defer("deliver_fact", fact_id="00000000-0000-0000-0000-000000000000")
    await _left_by_a_dead_worker("deliver_fact")
    assert await worker.resume_stalled(app) == 2
    assert await database.fetch_rows(LEFT) == [("send_campaign", "todo", 3), ("deliver_fact", "todo", 1)]
    assert await worker.resume_stalled(app) == 0


async def test_what_kills_every_worker_is_parked_though_there_is_always_a_twin(app: App) -> None:
    await _campaign_with_a_twin(attempts=len(job_pauses.PAUSES) - 1)
    await worker.resume_stalled(app)
    await _left_by_a_dead_worker("send_campaign", attempts=len(job_pauses.PAUSES))
    await campaign_sending.start_due()
    await worker.resume_stalled(app)
    assert [state for _, state, _ in await database.fetch_rows(LEFT)] == ["failed", "todo"]


async def test_one_that_failed_leaves_its_turn_to_its_twin_too(app: App) -> None:
    await jobs.defer("roll_up_figures", queueing_lock="roll_up_figures")
    own = app.job_manager
    begun = await own.fetch_job(None, await own.register_worker())
    assert begun is not None
    await jobs.defer("roll_up_figures", queueing_lock="roll_up_figures")
    await own.retry_job(begun)
    assert await database.fetch_rows(LEFT) == [("roll_up_figures", "todo", 1)]


async def test_one_job_that_cannot_be_taken_up_keeps_no_other_waiting(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        await jobs.defer("deliver_fact", fact_id=f"00000000-0000-0000-0000-00000000000{number}")
    await _left_by_a_dead_worker("deliver_fact")
    real = OwnJobs.retry_job
    refused: list[int | None] = []

    async def stumbles(self: OwnJobs, job: Job) -> None:
        if not refused or job.id == refused[0]:
            refused.append(job.id)
            raise UniqueViolation(constraint_name="another", queueing_lock=None)
        await real(self, job)

    monkeypatch.setattr(OwnJobs, "retry_job", stumbles)
    assert await worker.resume_stalled(app) == 2
    assert sorted(state for _, state, _ in await database.fetch_rows(LEFT)) == ["doing", "todo", "todo"]


@pytest.mark.parametrize("left", ["send_campaign", FIGURES])
async def test_a_worker_that_starts_takes_up_such_a_job_and_works(
    dsn: str, monkeypatch: pytest.MonkeyPatch, left: str
) -> None:
    monkeypatch.setattr(worker, "TIMETABLE", tuple(one for one in worker.TIMETABLE if one[1] == "roll_up_figures"))
    if left == FIGURES:
        await jobs.defer(FIGURES, queueing_lock="roll_up_figures", timestamp=1)
        await _left_by_a_dead_worker(FIGURES)
    else:
        await _campaign_with_a_twin()
    async with worker.run_worker(dsn):
        for _ in range(200):
            if not await database.fetch_value("SELECT count(*) FROM procrastinate_jobs"):
                break
            await asyncio.sleep(0.1)
        assert await database.fetch_rows(LEFT) == []
        assert worker_watch.own.down_since is None


async def test_a_job_of_a_campaign_ends_within_the_grace_and_another_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = await made.owner()
    await made.agreed(6)
    monkeypatch.setattr(campaign_sending, "LOT", 2)
    await made.scheduled(by=owner)
    await campaign_sending.start_due()
    await database.execute("DELETE FROM procrastinate_jobs")
    (id,) = await database.fetch_values("SELECT id FROM campaign")
    monkeypatch.setattr(campaign_sending, "SECONDS", 0.0)
    await campaign_sending.send(str(id))
    assert len(await made.written()) == 2
    assert await database.fetch_rows(LEFT) == [("send_campaign", "todo", 0)]


def test_that_end_is_well_within_the_grace(dsn: str) -> None:
    graces = {name: made.shutdown_graceful_timeout for name, made in _workers(dsn)}
    assert all(grace and grace / 2 >= campaign_sending.SECONDS for grace in graces.values()), graces


def _workers(dsn: str) -> list[tuple[str, Worker]]:
    app = worker.job_app(dsn)
    return [(queue, worker._worker(app, queue, 1)) for queue in (jobs.QUEUE, jobs.EMAILS, jobs.CAMPAIGNS)]
