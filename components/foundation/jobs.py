"""Background jobs, stored in PostgreSQL with the data they are about and run by `components.worker`."""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import asyncpg

from components.foundation import database, json

QUEUE, EMAILS, CAMPAIGNS = "clubfront", "emails", "campaigns"
OWN_QUEUES = {
    "send_email": EMAILS,
    "send_campaign_email": CAMPAIGNS,
    "send_campaign": CAMPAIGNS,
    "walk_journey": CAMPAIGNS,
}
"""E-mails have a queue and workers of their own: a mail server that hangs holds up nothing else. So have campaigns:
a hundred thousand of them never stand before one order."""

_DEFER = """
SELECT (procrastinate_defer_jobs_v1(ARRAY[
    ROW($6::text, $1, $7::int, $2, $3, $4::jsonb, now() + $5::interval)::procrastinate_job_to_defer_v1
]))[1]
WHERE $3::text IS NULL OR NOT EXISTS (
    SELECT FROM procrastinate_jobs WHERE queueing_lock = $3 AND status = 'todo'
)
"""


async def defer(
    task: str,
    *,
    after: timedelta | None = None,
    lock: str | None = None,
    queueing_lock: str | None = None,
    lets_pass: bool = False,
    **args: Any,
) -> None:
    """Have the worker run `task` once this transaction commits, or after `after` has passed on the database's clock.

    Arguments are JSON values.
    Jobs with the same `lock` run one after the other, in the order in which they were deferred: one that has to wait
    holds up those behind it, unless it `lets_pass`. A `queueing_lock` keeps at most one such job waiting.
    """
    deferring = (_DEFER, task, lock, queueing_lock, json.dump(args), after, queue_of(task), -1 if lets_pass else 0)
    if queueing_lock is None:
        await database.fetch_value(*deferring)
        return
    with contextlib.suppress(asyncpg.UniqueViolationError):  # another has just deferred the same
        async with database.transaction():
            await database.fetch_value(*deferring)


async def defer_each(task: str, name: str, values: Sequence[str], **same: Any) -> None:
    """One job of this task for each value of the argument `name`, all in one statement; `same` goes with each."""
    await database.execute(_DEFER_EACH, task, queue_of(task), name, list(values), json.dump(same))


_DEFER_EACH = """
SELECT procrastinate_defer_jobs_v1(array_agg(ROW($2::text, $1::text, 0, NULL, NULL,
    $5::jsonb || jsonb_build_object($3::text, value), now())::procrastinate_job_to_defer_v1))
FROM unnest($4::text[]) AS value"""


def queue_of(task: str) -> str:
    return OWN_QUEUES.get(task, QUEUE)


async def wake(task: str, **args: Any) -> None:
    """What waits of this task with these arguments for a later time is tried now."""
    await database.execute(_WAKE, task, json.dump(args))


_WAKE = """
UPDATE procrastinate_jobs SET scheduled_at = now()
WHERE status = 'todo' AND scheduled_at > now() AND task_name = $1 AND args @> $2::jsonb"""


async def unsettled(task: str, *, most: int | None = None, **args: Any) -> int:
    """How many of this task with these arguments wait or run; those beyond `most` are not counted."""
    return int(await database.fetch_value(_UNSETTLED, task, json.dump(args), most))


_UNSETTLED = """
SELECT count(*) FROM (SELECT FROM procrastinate_jobs
  WHERE status IN ('todo', 'doing') AND task_name = $1 AND args @> $2::jsonb LIMIT $3::int) counted"""


async def unsettled_of(task: str, argument: str, values: Sequence[str], *, most: int) -> int:
    """The same of those whose argument is one of the values."""
    return int(await database.fetch_value(_UNSETTLED_OF, task, argument, list(values), most)) if values else 0


_UNSETTLED_OF = """
SELECT count(*) FROM (SELECT FROM procrastinate_jobs
  WHERE status IN ('todo', 'doing') AND task_name = $1 AND args->>$2::text = ANY($3::text[]) LIMIT $4::int) counted"""


async def not_counted(job_id: int) -> None:
    """The try that is under way was none: it uses up none of the attempts."""
    await database.execute("UPDATE procrastinate_jobs SET attempts = attempts - 1 WHERE id = $1", job_id)


async def discard(*tasks: str) -> None:
    """Nobody is to do what waits of these tasks any more."""
    await database.execute(_DISCARD, list(tasks))


_DISCARD = "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND task_name = ANY($1)"
