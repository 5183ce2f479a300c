"""The job queue as staff see it: waiting, running and failed jobs, and retrying them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from components.foundation import audit, clock, database, ids, jobs, json
from components.foundation.database import Query
from components.foundation.refusals import NotFound
from components.foundation.tables import ParkedJob


@dataclass(frozen=True)
class Counts:
    waiting: int
    later: int
    running: int
    parked: int


@dataclass(frozen=True)
class JobRow:
    """`why` is the last error; empty if there was none."""

    id: int
    task: str
    about: str
    attempts: int
    scheduled_at: datetime | None
    last_at: datetime | None
    why: str


@dataclass(frozen=True)
class _Job:
    id: int
    task: str
    args: str
    attempts: int
    scheduled_at: datetime | None
    last_at: datetime | None


_ROWS = """
SELECT j.id, j.task_name AS task, j.args, j.attempts, j.scheduled_at,
  (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id) AS last_at
FROM procrastinate_jobs j WHERE j.status = $1::procrastinate_job_status ORDER BY {order} LIMIT $2
"""


async def counts() -> Counts:
    (found,) = await database.fetch_as(Counts, _COUNTS)
    return found


_COUNTS = """
SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, now()) <= now()) AS waiting,
  count(*) FILTER (WHERE status = 'todo' AND scheduled_at > now()) AS later,
  count(*) FILTER (WHERE status = 'doing') AS running,
  count(*) FILTER (WHERE status = 'failed') AS parked FROM procrastinate_jobs
"""


async def is_wanted(task: str) -> bool:
    """Whether a job of this task waits or runs."""
    return bool(await database.fetch_value(_IS_WANTED, task))


_IS_WANTED = """
SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE task_name = $1 AND status IN ('todo', 'doing'))
"""


async def by_status() -> dict[str, int]:
    """How many jobs are todo, doing or failed, as the queue itself calls it."""
    return dict(await database.fetch_rows(_BY_STATUS))


_BY_STATUS = """
SELECT status::text, count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing', 'failed') GROUP BY 1
"""


@dataclass(frozen=True)
class WorkerPulse:
    """When a worker was last alive, to the minute; None if none ever was. `is_missed`: jobs wait, and none is alive."""

    last_alive: datetime | None
    is_missed: bool


def worker_pulse() -> Query[WorkerPulse]:
    """Of all workers of this shop, by the database's own clock."""
    return Query(_PULSE, (), _pulse)


_PULSE = """
SELECT json_build_object('last_alive', alive.at, 'is_missed',
  coalesce(alive.at < now() - interval '1 minute', true) AND EXISTS (
    SELECT FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
    WHERE j.status = 'todo' AND coalesce(j.scheduled_at, e.at) < now() - interval '1 minute'))
FROM (SELECT greatest(
  (SELECT max(last_heartbeat) FROM procrastinate_workers),
  (SELECT to_timestamp(max(defer_timestamp)) FROM procrastinate_periodic_defers)) AS at) alive
"""
"""A worker that has ended in order leaves no heartbeat, but the minute in which it last looked at the timetable."""


def _pulse(found: Any) -> WorkerPulse:
    at = found["last_alive"]
    return WorkerPulse(datetime.fromisoformat(at) if at else None, found["is_missed"])


async def is_worked_off() -> bool:
    """Whether a worker of this shop is alive, so that what waits will soon be done."""
    return bool(await database.fetch_value(_IS_ALIVE))


_IS_ALIVE = "SELECT EXISTS (SELECT FROM procrastinate_workers WHERE last_heartbeat > now() - interval '10 seconds')"


async def current_worker_pulse() -> WorkerPulse:
    (found,) = await database.batch(worker_pulse())
    return found  # type: ignore[no-any-return]


async def parked(*, most: int = 50) -> tuple[JobRow, ...]:
    """Newest first."""
    rows = await database.fetch_as(_Job, _ROWS.format(order="j.id DESC"), "failed", most)
    reasons = await _reasons([str(row.id) for row in rows])
    return tuple(_row(row, reasons.get(str(row.id), "")) for row in rows)


async def waiting(*, most: int = 50) -> tuple[JobRow, ...]:
    """Next job first."""
    rows = await database.fetch_as(
        _Job, _ROWS.format(order="coalesce(j.scheduled_at, '-infinity'), j.id"), "todo", most
    )
    return tuple(_row(row, "") for row in rows)


class _FailedJob(NamedTuple):
    task_name: str
    args: str


async def retry(job_id: int, *, by: UUID) -> None:
    """Queue the job again, with all its attempts. Raises `NotFound` if it has not failed."""
    async with database.transaction():
        row = await database.fetch_one_as(
            _FailedJob,
            "SELECT task_name, args FROM procrastinate_jobs WHERE id = $1 AND status = 'failed' FOR UPDATE", job_id,
        )  # fmt: skip
        if row is None:
            raise NotFound("This job is no longer listed as failed.")
        await database.execute("DELETE FROM procrastinate_jobs WHERE id = $1", job_id)
        await jobs.defer(row.task_name, **_arguments(row.args))
        await ParkedJob.update({ParkedJob.is_settled: True}).where(ParkedJob.job_id == str(job_id))
        await audit.record(by, "job retried", "job", job_id, after={"task": row.task_name})


async def record_parked(job_id: int, task: str, args: dict[str, Any], trouble: BaseException) -> None:
    """Store the error of a failed job for the staff."""
    job = ParkedJob(id=ids.new(), job_id=str(job_id), task=task, args=json.dump(args), parked_at=clock.now())
    job.why = f"{type(trouble).__name__}: {trouble}"[:2000]
    changed = (ParkedJob.why, ParkedJob.parked_at, ParkedJob.is_settled)
    await ParkedJob.insert(job).on_conflict(target=ParkedJob.job_id, action="DO UPDATE", values=changed)


async def _reasons(job_ids: list[str]) -> dict[str, str]:
    if not job_ids:
        return {}
    rows = await ParkedJob.select(ParkedJob.job_id, ParkedJob.why).where(ParkedJob.job_id.is_in(job_ids))
    return {row["job_id"]: row["why"] for row in rows}


def _row(row: _Job, why: str) -> JobRow:
    about = ", ".join(f"{name} {value}" for name, value in _arguments(row.args).items())
    return JobRow(row.id, row.task, about, row.attempts, row.scheduled_at, row.last_at, why)


def _arguments(kept: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.load(kept) if isinstance(kept, str) else kept
    return found
