"""The worker: takes announced facts to their reactions, runs deferred jobs, and keeps the timetable.

Jobs live in PostgreSQL. Any number of workers may run; each job is taken by one of them, tried again with growing
pauses when it fails, and parked where staff can see it when its tries are used up.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog
from procrastinate import App, JobContext, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job, Status
from procrastinate.retry import BaseRetryStrategy

from components import catalog, checkout, exchange, insights, ledger, messaging, orders, payments, people, reactions
from components.foundation import jobs, outbox, queue
from components.memberships import changes, gifts, migrations, pauses, uses
from components.memberships import reactions as memberships
from components.orders import spending

QUEUE = "clubfront"
PAUSES = (1, 5, 30, 120, 600, 3600, 3 * 3600, 12 * 3600)
Task = Callable[..., Awaitable[None]]
log = structlog.get_logger()


class GrowingPauses(BaseRetryStrategy):
    """A second, five, half a minute … half a day; then the job is parked."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= len(PAUSES):
            log.error("a job was parked", task=job.task_name, job=job.id, exc_info=exception)
            return None
        return RetryDecision(retry_in={"seconds": PAUSES[job.attempts]})


async def deliver_fact(fact_id: str) -> None:
    """Every reaction in turn. One that fails is given a job of its own and tried again by itself."""
    fact = await outbox.announced(UUID(fact_id))
    if fact is None:
        return
    for reaction in reactions.following(fact):
        try:
            await reaction(fact)
        except Exception as trouble:
            name = reactions.name_of(reaction)
            log.warning("a reaction is tried again", reaction=name, fact=fact_id, trouble=repr(trouble))
            await jobs.defer("react", after=timedelta(seconds=PAUSES[0]), fact_id=fact_id, reaction=name)


async def react(fact_id: str, reaction: str) -> None:
    fact = await outbox.announced(UUID(fact_id))
    if fact is not None:
        await reactions.named(reaction)(fact)


TASKS: dict[str, Task] = {
    "deliver_fact": deliver_fact,
    "react": react,
    "post_letter": messaging.posting.post,
    "remove_lapsed_secrets": messaging.mailbox.remove_lapsed_secrets,
    "sweep_people": people.sweeping.sweep,
    "send_renewal_notices": messaging.letters_for_members.send_renewal_notices,
    "follow_event": payments.inbox.follow,
    "reconcile_payments": payments.reconcile.lightly,
    "reconcile_payments_fully": payments.reconcile.fully,
    "note_movements": insights.movements.note_everybody,
    "replay_rules": insights.replaying.run,
    "watch_for_leaks": insights.leak_watch.run,
    "announce_ended_memberships": memberships.announce_ends,
    "send_gifts": gifts.send_due,
    "apply_plan_changes": changes.apply_due,
    "end_pauses": pauses.end_due,
    "move_prices": migrations.carry_on,
    "send_trial_notices": messaging.letters_for_plans.send_trial_notices,
    "judge_spending": spending.judge_everybody,
    "move_ledger_on": ledger.timetable.move_on,
    "give_gifts_of_the_day": uses.day_came,
    "release_lapsed_stock": catalog.stock.sweep,
    "lapse_orders": checkout.timetable.lapse_orders,
    "forget_old_answers": exchange.counting.forget_old,
    "forget_old_baskets": checkout.timetable.forget_old_baskets,
}

payments.reconcile.also_check("orders", orders.invariants)
payments.reconcile.also_check("ledger", ledger.invariants)

TIMETABLE: tuple[tuple[str, str], ...] = (
    ("*/10 * * * *", "remove_lapsed_secrets"),
    ("31 4 * * *", "sweep_people"),
    ("7 8 * * *", "send_renewal_notices"),
    ("17 * * * *", "reconcile_payments"),
    ("43 3 * * *", "reconcile_payments_fully"),
    ("* * * * *", "release_lapsed_stock"),
    ("* * * * *", "lapse_orders"),
    ("23 4 * * *", "forget_old_baskets"),
    ("29 4 * * *", "forget_old_answers"),
    ("*/5 * * * *", "announce_ended_memberships"),
    ("3,18,33,48 * * * *", "send_gifts"),
    ("*/10 * * * *", "apply_plan_changes"),
    ("*/15 * * * *", "end_pauses"),
    ("26 * * * *", "move_prices"),
    ("9 8 * * *", "send_trial_notices"),
    ("47 5 * * *", "judge_spending"),
    ("11 5 * * *", "note_movements"),
    ("38 * * * *", "watch_for_leaks"),
    ("*/15 * * * *", "move_ledger_on"),
    ("37 6 * * *", "give_gifts_of_the_day"),
)
"""Pairs of a cron line (UTC) and the name of a task that takes no arguments."""


def application(dsn: str) -> App:
    """The job runner over this database, with every task and the timetable."""
    app = App(connector=PsycopgConnector(conninfo=dsn, min_size=1, max_size=4))
    for name, task in TASKS.items():
        app.task(name=name, queue=QUEUE, retry=GrowingPauses(), pass_context=True)(_guarded(task))
    app.periodic(cron="* * * * *")(app.task(name="timetable:take_up_stalled", queue=QUEUE, pass_context=True,
                                            queueing_lock="take_up_stalled")(_take_up_stalled))  # fmt: skip
    for cron, name in TIMETABLE:
        app.periodic(cron=cron)(
            app.task(name=f"timetable:{name}", queue=QUEUE, queueing_lock=name)(_on_time(TASKS[name]))
        )
    return app


def _guarded(task: Task) -> Task:
    async def run(context: JobContext, **args: Any) -> None:
        try:
            await task(**args)
        except Exception as trouble:
            if context.job.attempts >= len(PAUSES) and context.job.id is not None:
                await queue.note_parked(context.job.id, context.job.task_name, args, trouble)
            raise

    return run


async def _take_up_stalled(context: JobContext, timestamp: int) -> None:
    await take_up_stalled(context.app)


async def take_up_stalled(app: App) -> int:
    """Jobs whose worker died over them are tried again, a job that keeps killing its worker is parked; how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(queue=QUEUE))
    for job in stalled:
        if job.attempts >= len(PAUSES) and job.id is not None:
            await queue.note_parked(job.id, job.task_name, dict(job.task_kwargs), ChildProcessError("the worker died"))
            await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=False)
        else:
            await app.job_manager.retry_job(job)
    return len(stalled)


def _on_time(task: Task) -> Task:
    async def run(timestamp: int) -> None:
        await task()

    return run


@contextlib.asynccontextmanager
async def running(dsn: str, *, concurrency: int = 4) -> AsyncIterator[None]:
    """Work until the block ends, then let running jobs finish."""
    app = application(dsn)
    async with app.open_async():
        work = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=concurrency,
                install_signal_handlers=False,
                delete_jobs="successful",
                fetch_job_polling_interval=2.0,
                shutdown_graceful_timeout=10,
            )
        )
        try:
            yield
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work


async def catch_up(dsn: str) -> None:
    """Do all that can be done now, then return: for tests and the demo."""
    app = application(dsn)
    async with app.open_async():
        await work_off(app)


async def work_off(app: App) -> None:
    """As `catch_up`, by a runner that is open already."""
    await app.run_worker_async(
        queues=[QUEUE], wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
    )


__all__ = ["QUEUE", "TASKS", "TIMETABLE", "application", "catch_up", "running", "work_off"]
