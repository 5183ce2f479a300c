"""Whose a job is: a worker settles only what it still holds, and holds a lock for as long as its process lives.

PostgreSQL lets go of that lock in the moment the process ends, however it ends. So others see within seconds that a
worker is dead, and never take one for dead that is only slow: a loop that is blocked sends no heartbeat, but has its
lock.
"""

import asyncio
import contextlib
import time
from datetime import datetime

import asyncpg
from procrastinate.connector import BaseConnector
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.utils import utcnow

HEARTBEAT_SECONDS = 2.0
SILENT_SECONDS, GONE_SECONDS = 5.0, 30.0
"""Without a heartbeat: dead if its lock is free, and dead in any case (another machine that lost its power).

The clock may be put forward, and then everybody seems silent: who has a lock is dead only if the same heartbeat is seen
again after `SILENT_SECONDS` that passed. It may be put back, and then a heartbeat is in the future: it says nothing.
"""
CONNECT_SECONDS = 3
AGAIN_SECONDS = 0.5
AWAY = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_SPACE = 727_003
_LOCK = f"SELECT pg_try_advisory_lock({_SPACE}, $1::int)"
_UNLOCK = f"SELECT pg_advisory_unlock({_SPACE}, $1::int)"
_NOTICE_A_LOST_CLIENT = """
SELECT set_config('tcp_keepalives_idle', '5', false), set_config('tcp_keepalives_interval', '2', false),
  set_config('tcp_keepalives_count', '3', false)
"""
_ABANDONED = f"""
SELECT * FROM (
  SELECT job.id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id,
    worker.last_heartbeat AS heard_at, EXISTS (
      SELECT FROM pg_locks held WHERE held.locktype = 'advisory' AND held.granted AND held.objsubid = 2
        AND held.classid = {_SPACE} AND held.objid::bigint = worker.id
        AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS has_lock
  FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
  WHERE job.status = 'doing') begun
WHERE heard_at IS NULL OR heard_at < now() - make_interval(secs => {GONE_SECONDS})
  OR (heard_at < now() - make_interval(secs => {SILENT_SECONDS})
    OR heard_at > now() + make_interval(secs => {SILENT_SECONDS})) AND NOT has_lock
ORDER BY id
"""
_MINE = "FROM procrastinate_jobs held WHERE held.id = %(job_id)s AND held.worker_id IS NOT DISTINCT FROM %(worker_id)s"
_FINISH = f"""
SELECT procrastinate_finish_job_v1(held.id, %(status)s, %(delete_job)s) {_MINE}
AND held.status IN ('doing', 'todo') FOR UPDATE
"""
_RETRY = f"""
SELECT procrastinate_retry_job_v2(held.id, %(retry_at)s, %(priority)s, %(queue)s, %(new_lock)s) {_MINE}
AND held.status = 'doing' FOR UPDATE
"""
_GIVE_WAY = f"""
WITH mine AS MATERIALIZED (SELECT held.id, held.attempts {_MINE} AND held.status = 'doing' FOR UPDATE),
other AS (
  UPDATE procrastinate_jobs waits SET attempts = greatest(waits.attempts, mine.attempts + 1) FROM mine
  WHERE waits.status = 'todo' AND waits.queueing_lock = %(queueing_lock)s RETURNING waits.id)
SELECT procrastinate_finish_job_v1(mine.id, 'aborted', true) FROM mine, other
"""
"""The one that waits does the same. It is told how often that has failed, so that what kills each is still parked."""
ROUNDS = 5


class OwnJobs(JobManager):
    """Finishing or retrying a job does nothing once another worker has taken it up."""

    def __init__(self, connector: BaseConnector) -> None:
        super().__init__(connector)
        self._silent: dict[int, tuple[datetime, float]] = {}

    async def abandoned(self) -> list[Job]:
        """What a worker had begun that is dead now."""
        rows = await self.connector.execute_query_all_async(_ABANDONED)
        now, known = time.monotonic(), self._silent
        held = {row["worker_id"]: row["heard_at"] for row in rows if row["has_lock"]}
        self._silent = {
            worker: (heard_at, known[worker][1] if known.get(worker, ("",))[0] == heard_at else now)
            for worker, heard_at in held.items()
        }
        dead = {worker for worker, (_, since) in self._silent.items() if now - since >= SILENT_SECONDS}
        return [Job.from_row(row) for row in rows if not row["has_lock"] or row["worker_id"] in dead]

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        await self.connector.execute_query_async(
            _FINISH, job_id=job.id, worker_id=job.worker_id, status=status.value, delete_job=delete_job
        )

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Its turn comes again; if another with its `queueing_lock` waits already, that one's turn is enough."""
        which = {"job_id": job.id, "worker_id": job.worker_id}
        how = {"retry_at": retry_at or utcnow(), "priority": priority, "queue": queue, "new_lock": lock}
        for is_last in (*[False] * (ROUNDS - 1), True):  # the one that waits may be begun in the same moment
            try:
                await self.connector.execute_query_async(_RETRY, **which, **how)
                return
            except UniqueViolation:
                if is_last:
                    raise
                await self.connector.execute_query_async(_GIVE_WAY, **which, queueing_lock=job.queueing_lock)


class WatchedJobs(OwnJobs):
    """And its workers are known to live: each has its lock before it takes its first job."""

    def __init__(self, connector: BaseConnector, dsn: str) -> None:
        super().__init__(connector)
        self._dsn = dsn
        self._turn = asyncio.Lock()
        self._wanted: set[int] = set()
        self._locked: set[int] = set()
        self._connection: asyncpg.Connection | None = None
        self._again: asyncio.Task[None] | None = None

    async def register_worker(self) -> int:
        worker_id = await super().register_worker()
        self._wanted.add(worker_id)
        await self._lock()
        return worker_id

    async def unregister_worker(self, worker_id: int) -> None:
        await super().unregister_worker(worker_id)
        self._wanted.discard(worker_id)
        if worker_id in self._locked and self._connection is not None:
            async with self._turn:
                self._locked.discard(worker_id)
                await self._connection.fetchval(_UNLOCK, worker_id)

    async def let_go(self) -> None:
        """Nothing is done here any more."""
        self._wanted.clear()
        if self._again is not None:
            self._again.cancel()
        if self._connection is not None:
            with contextlib.suppress(*AWAY):
                await self._connection.close(timeout=CONNECT_SECONDS)

    async def _lock(self) -> None:
        async with self._turn:
            if self._connection is None:
                self._connection = await asyncpg.connect(self._dsn, timeout=CONNECT_SECONDS)
                self._connection.add_termination_listener(self._lost)
                await self._connection.execute(_NOTICE_A_LOST_CLIENT)
            for worker_id in self._wanted - self._locked:
                if await self._connection.fetchval(_LOCK, worker_id):
                    self._locked.add(worker_id)

    def _lost(self, _: asyncpg.Connection) -> None:
        self._connection = None
        self._locked.clear()
        if self._wanted:
            self._again = asyncio.get_running_loop().create_task(self._lock_again(), name="locks of the workers")

    async def _lock_again(self) -> None:
        """The jobs in hand go on: meanwhile the heartbeats say that they do."""
        while self._wanted - self._locked:
            with contextlib.suppress(*AWAY):
                await self._lock()
            await asyncio.sleep(AGAIN_SECONDS)
