"""The worker: runs the reactions to announced facts, deferred jobs, and the schedule.

Jobs are stored in PostgreSQL. Any number of workers may run; each job is taken by one of them, retried with growing
pauses when it fails, and parked where staff can see it when its attempts are used up.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from croniter import croniter
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.jobs import Job, Status
from procrastinate.worker import Worker

from components import job_pauses, reactions, worker_watch
from components.adoption import adoption_job, adoption_runs
from components.behaviour import view_retention
from components.campaigns import campaign_delivery, campaign_sending
from components.campaigns.journeys import journey_walking
from components.catalog.pictures import picture_fetcher, picture_fetches
from components.catalog.stock import stock
from components.checkout import schedule as checkout_schedule
from components.experiments import experiment_watch
from components.foundation import jobs, outbox, practice_time, queue
from components.foundation.jobs import CAMPAIGNS, EMAILS, QUEUE
from components.foundation.operations import deletions, security_events
from components.foundation.operations.own_jobs import HEARTBEAT_SECONDS, OwnJobs
from components.foundation.operations.steady_schedule import SteadyWorker
from components.foundation.personal_data import data_retention
from components.insights import invariants, stripe_differences
from components.insights.access_monitor import access_monitor
from components.insights.backtests import backtest_runner
from components.insights.behaviour_figures import engagement
from components.insights.forecasts import fitting_process, forecasts
from components.insights.movements import movements
from components.insights.rollups import figure_rolls
from components.insights.suggestions import suggestion_job, suggestions
from components.invoices import erasure as invoice_erasure
from components.invoices.pdf import month_archives
from components.keeping import kept_backups
from components.ledger import schedule
from components.memberships import benefit_events
from components.memberships import reactions as memberships
from components.memberships.billing import plan_changes, price_migrations
from components.memberships.billing.states import fee_tax_moves, late_start_schedule, pause_schedule, unpaid_joinings
from components.memberships.discounts import discount_upkeep
from components.memberships.grants import gift_memberships
from components.memberships.promises import fee_guarantees, plan_places
from components.memberships.renewal_credits import renewal_credits
from components.messaging import cancellation_notices, mailbox, smtp
from components.messaging.emails import gift_emails, pause_emails, payment_emails
from components.messaging.mail_server import SendingPaused
from components.messaging.notices import notice_emails, price_emails, withdrawals
from components.messaging.texts import marketing_texts
from components.orders.history import customer_spend
from components.payments import reconcile
from components.payments.billing_requests import request_completion
from components.payments.webhooks import inbox, refused_deliveries
from components.people import cleanup
from components.people.privacy import erasure_wishes
from components.product_files import stock_reports
from components.product_files.runs import import_process, import_runs
from components.recommendations import product_pairs
from components.segments import count_renewal

EMAILS_AT_ONCE = 2
CAMPAIGNS_AT_ONCE = 2
CONNECTING = {"connect_timeout": 5, "keepalives_idle": 10, "keepalives_interval": 5, "tcp_user_timeout": 15_000}
"""A server that has gone without a word is noticed."""
Task = Callable[..., Awaitable[None]]
log = structlog.get_logger()


async def deliver_fact(fact_id: str) -> None:
    """Every reaction in turn. One that fails gets a job of its own and is retried separately."""
    fact = await outbox.announced(UUID(fact_id))
    if fact is None:
        return
    for reaction in reactions.jobs_for(fact):
        try:
            await reaction(fact)
        except Exception as trouble:
            name = reactions.name_of(reaction)
            log.warning("a reaction is tried again", reaction=name, fact=fact_id, trouble=repr(trouble))
            await jobs.defer("react", after=timedelta(seconds=job_pauses.PAUSES[0]), fact_id=fact_id, reaction=name)


async def react(fact_id: str, reaction: str) -> None:
    fact = await outbox.announced(UUID(fact_id))
    if fact is not None:
        await reactions.by_name(reaction)(fact)


async def run_scheduled(since: datetime, until: datetime) -> None:
    """What the schedule would have run after `since` and up to `until`, each task once, in the order of the hours."""
    due = [(at, name) for cron, name in TIMETABLE if name not in NOT_REPEATED and (at := _last(cron, since, until))]
    for _, name in sorted(due):
        try:
            await TASKS[name]()
        except Exception:
            log.exception("a scheduled task failed while the practice clock was moved", task=name)


def _last(cron: str, since: datetime, until: datetime) -> datetime | None:
    """The last instant of this cron line in that time."""
    at: datetime = croniter(cron, until + timedelta(seconds=1)).get_prev(datetime)
    return at if at > since else None


async def move_practice_clock() -> None:
    await practice_time.move(run_scheduled)


TASKS: dict[str, Task] = {
    "deliver_fact": deliver_fact,
    "react": react,
    "send_email": smtp.deliver,
    "send_campaign_email": campaign_delivery.deliver,
    "start_campaigns": campaign_sending.start_due,
    "send_campaign": campaign_sending.send,
    "start_walking": journey_walking.start_walking,
    journey_walking.TASK: journey_walking.walk,
    "remove_expired_secrets": mailbox.remove_expired_secrets,
    "delete_expired_sign_ins": cleanup.delete_expired,
    "send_renewal_notices": notice_emails.send_renewal_notices,
    "process_event": inbox.process,
    "reconcile_payments": reconcile.lightly,
    "reconcile_payments_fully": reconcile.fully,
    "compare_with_stripe": stripe_differences.compare,
    "record_movements": movements.record_everybody,
    "roll_up_figures": figure_rolls.roll_all,
    "run_backtest": backtest_runner.run,
    forecasts.TASK: fitting_process.refresh,
    suggestions.TASK: suggestion_job.look_for_all,
    engagement.TASK: engagement.work_out,
    count_renewal.TASK: count_renewal.renew,
    "check_access": access_monitor.run,
    "announce_ended_memberships": memberships.announce_ended,
    "send_gifts": gift_memberships.send_due,
    "send_gift_notices": gift_emails.send_expiry_notices,
    "offer_places": plan_places.offer_free,
    "settle_guarantees": fee_guarantees.settle_due,
    "apply_plan_changes": plan_changes.apply_due,
    "end_pauses": pause_schedule.end_due,
    "watch_experiments": experiment_watch.watch,
    "keep_fee_discounts": discount_upkeep.keep_promises,
    "give_back_codes": unpaid_joinings.give_back,
    "settle_renewal_credits": renewal_credits.settle_open,
    "move_late_renewals": late_start_schedule.move_due,
    "send_pause_notices": pause_emails.send_pause_notices,
    "settle_billing_requests": request_completion.settle_due,
    "run_price_migrations": price_migrations.run_due,
    "follow_fee_taxes": fee_tax_moves.follow_all,
    "send_trial_notices": notice_emails.send_trial_notices,
    "send_ending_notices": notice_emails.send_ending_notices,
    "send_price_notices": price_emails.send_price_notices,
    "send_card_notices": payment_emails.send_card_notices,
    "update_spend_memberships": customer_spend.update_everybody,
    "release_and_expire_credit": schedule.release_and_expire,
    "run_daily_benefits": benefit_events.day_started,
    "release_expired_stock": stock.remove_old_reservations,
    "expire_orders": checkout_schedule.expire_orders,
    "delete_old_reports": stock_reports.delete_old,
    import_runs.TASK: import_process.run,
    adoption_runs.TASK: adoption_job.run,
    "delete_old_adoptions": adoption_runs.delete_old,
    picture_fetches.TASK: picture_fetcher.run,
    "resume_pictures": picture_fetches.resume,
    "delete_old_imports": import_runs.delete_old,
    "forget_deletions": deletions.delete_old,
    month_archives.TASK: month_archives.make,
    "delete_old_archives": month_archives.delete_old,
    "forget_buyers": invoice_erasure.forget_buyers,
    "forget_old_cancellations": cancellation_notices.forget_old,
    "forget_old_withdrawals": withdrawals.forget_old,
    "delete_old_refused_deliveries": refused_deliveries.delete_old,
    "delete_old_security_events": security_events.delete_old,
    "delete_old_views": view_retention.delete_old,
    "empty_old_marketing": marketing_texts.empty_old,
    "count_pairs": product_pairs.count_all,
    "carry_out_erasures": erasure_wishes.carry_out,
    "drop_what_is_over": data_retention.drop_what_is_over,
    "delete_old_baskets": checkout_schedule.delete_old_baskets,
    "keep_backups": kept_backups.make_when_due,
    kept_backups.TASK: kept_backups.make,
    practice_time.TASK: move_practice_clock,
}

reconcile.also_check("invariants", invariants.nightly)

TIMETABLE: tuple[tuple[str, str], ...] = (
    ("*/10 * * * *", "remove_expired_secrets"),
    ("31 4 * * *", "delete_expired_sign_ins"),
    ("7 8 * * *", "send_renewal_notices"),
    ("17 * * * *", "reconcile_payments"),
    ("43 3 * * *", "reconcile_payments_fully"),
    ("52 3 * * *", "compare_with_stripe"),
    ("* * * * *", "start_campaigns"),
    ("*/5 * * * *", "start_walking"),
    ("* * * * *", "release_expired_stock"),
    ("* * * * *", "expire_orders"),
    ("23 4 * * *", "delete_old_baskets"),
    ("29 4 * * *", "delete_old_reports"),
    ("37 4 * * *", "delete_old_imports"),
    ("38 4 * * *", "delete_old_adoptions"),
    ("41 4 * * *", "forget_deletions"),
    ("45 4 * * *", "delete_old_archives"),
    ("49 4 * * *", "forget_buyers"),
    ("*/10 * * * *", "resume_pictures"),
    ("43 4 * * *", "forget_old_cancellations"),
    ("44 4 * * *", "forget_old_withdrawals"),
    ("34 4 * * *", "delete_old_refused_deliveries"),
    ("36 4 * * *", "delete_old_security_events"),
    ("53 4 * * *", "drop_what_is_over"),
    ("55 4 * * *", "delete_old_views"),
    ("57 4 * * *", "empty_old_marketing"),
    ("33 5 * * *", "count_pairs"),
    ("9,24,39,54 * * * *", "carry_out_erasures"),
    ("*/5 * * * *", "announce_ended_memberships"),
    ("3,18,33,48 * * * *", "send_gifts"),
    ("52 * * * *", "settle_guarantees"),
    ("*/5 * * * *", "offer_places"),
    ("15 8 * * *", "send_gift_notices"),
    ("*/10 * * * *", "apply_plan_changes"),
    ("*/5 * * * *", "end_pauses"),
    ("25 * * * *", "keep_fee_discounts"),
    ("35 * * * *", "give_back_codes"),
    ("41 * * * *", "watch_experiments"),
    ("*/5 * * * *", "settle_renewal_credits"),
    ("*/5 * * * *", "move_late_renewals"),
    ("* * * * *", "settle_billing_requests"),
    ("26 * * * *", "run_price_migrations"),
    ("28 * * * *", "follow_fee_taxes"),
    ("9 8 * * *", "send_trial_notices"),
    ("10 8 * * *", "send_price_notices"),
    ("12 8 * * *", "send_ending_notices"),
    ("11 8 * * *", "send_card_notices"),
    ("13 8 * * *", "send_pause_notices"),
    ("47 5 * * *", "update_spend_memberships"),
    ("11 5 * * *", "record_movements"),
    ("*/3 * * * *", "roll_up_figures"),
    ("21 5 * * *", forecasts.TASK),
    ("33 5 * * *", suggestions.TASK),
    ("33 4 * * *", engagement.TASK),
    ("44 * * * *", count_renewal.TASK),
    ("38 * * * *", "check_access"),
    ("*/15 * * * *", "release_and_expire_credit"),
    ("37 6 * * *", "run_daily_benefits"),
    (f"{kept_backups.MINUTE} * * * *", "keep_backups"),
)
"""Pairs of a cron line (UTC) and the name of a task without arguments."""

NOT_REPEATED = frozenset(
    {
        "check_access",
        "compare_with_stripe",
        count_renewal.TASK,
        engagement.TASK,
        forecasts.TASK,
        "keep_backups",
        "reconcile_payments",
        "reconcile_payments_fully",
        suggestions.TASK,
    }
)
"""Checks of the present: moving the practice clock does not run them for the time that is skipped."""


def job_app(dsn: str) -> App:
    """The job runner for this database, with every task and the schedule."""
    app = App(connector=PsycopgConnector(conninfo=dsn, min_size=1, max_size=6, timeout=5, kwargs=CONNECTING))
    app.job_manager = OwnJobs(app.connector)
    for name, task in TASKS.items():
        retry = job_pauses.of_task(name)
        app.task(name=name, queue=jobs.queue_of(name), retry=retry, pass_context=True)(_guarded(task))
    for cron, name in TIMETABLE:
        app.periodic(cron=cron)(
            app.task(name=f"timetable:{name}", queue=QUEUE, queueing_lock=name, pass_context=True)(
                _on_time(TASKS[name])
            )
        )
    return app


def _guarded(task: Task) -> Task:
    async def run(context: JobContext, **args: Any) -> None:
        try:
            await task(**args)
        except SendingPaused:
            if context.job.id is not None:
                await jobs.not_counted(context.job.id)
            raise
        except Exception as trouble:
            is_over = context.job.attempts >= job_pauses.most_attempts(context.job.task_name)
            if is_over and context.job.id is not None:
                await queue.record_parked(context.job.id, context.job.task_name, args, trouble)
            raise

    return run


async def resume_stalled(app: App) -> int:
    """Jobs whose worker died are retried, a job that keeps killing its worker is parked; returns how many.

    One that cannot be taken up keeps nothing else waiting: it is tried again at the next look.
    """
    own_jobs = app.job_manager
    assert isinstance(own_jobs, OwnJobs)
    count = 0
    for job in await own_jobs.abandoned():
        try:
            await _take_up(own_jobs, job)
            count += 1
        except Exception:
            log.exception("a job of a dead worker could not be taken up", task=job.task_name, job=job.id)
    return count


async def _take_up(own_jobs: OwnJobs, job: Job) -> None:
    if job.attempts < job_pauses.most_deaths(job.task_name) or job.id is None:
        await own_jobs.retry_job(job)
        return
    await queue.record_parked(job.id, job.task_name, dict(job.task_kwargs), ChildProcessError("the worker died"))
    await own_jobs.finish_job(job, status=Status.FAILED, delete_job=False)


def _on_time(task: Task) -> Task:
    """Its next time is its next try; until then its failure is listed with the reason."""

    async def run(context: JobContext, timestamp: int) -> None:
        try:
            await task()
        except Exception as trouble:
            if context.job.id is not None:
                await queue.record_parked(context.job.id, context.job.task_name, {"timestamp": timestamp}, trouble)
            raise

    return run


@contextlib.asynccontextmanager
async def run_worker(dsn: str, *, concurrency: int = 4) -> AsyncIterator[None]:
    """Work until the block ends, then let running jobs finish. A worker that ends before is started again.

    There are three: one for e-mails, one for campaigns, one for everything else.
    """

    def make() -> tuple[App, tuple[Worker, ...]]:
        app = job_app(dsn)
        return app, tuple(_worker(app, queue, many) for queue, many in _at_once(concurrency))

    await jobs.defer("roll_up_figures", queueing_lock="roll_up_figures")  # an update may have to add all of them up
    async with worker_watch.kept_running(dsn, make, resume_stalled):
        yield


def _at_once(concurrency: int) -> tuple[tuple[str, int], ...]:
    return ((QUEUE, concurrency), (EMAILS, EMAILS_AT_ONCE), (CAMPAIGNS, CAMPAIGNS_AT_ONCE))


def _worker(app: App, queue: str, concurrency: int) -> Worker:
    return SteadyWorker(
        app,
        queues=[queue],
        name=queue,
        concurrency=concurrency,
        install_signal_handlers=False,
        delete_jobs="successful",
        fetch_job_polling_interval=2.0,
        shutdown_graceful_timeout=10,
        update_heartbeat_interval=HEARTBEAT_SECONDS,
    )


async def catch_up(dsn: str) -> None:
    """Run all jobs that are due, then return: for tests and the demo."""
    app = job_app(dsn)
    async with app.open_async():
        await work_off(app)


async def work_off(app: App) -> None:
    """Like `catch_up`, with a runner that is already open."""
    await app.run_worker_async(
        queues=[QUEUE, EMAILS, CAMPAIGNS],
        wait=False,
        install_signal_handlers=False,
        listen_notify=False,
        delete_jobs="successful",
        update_heartbeat_interval=HEARTBEAT_SECONDS,
    )


__all__ = ["TASKS", "TIMETABLE", "catch_up", "job_app", "run_scheduled", "run_worker", "work_off"]
