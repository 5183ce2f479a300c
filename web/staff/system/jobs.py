"""The job queue: waiting and failed jobs, and the schedule."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from components import worker
from components.foundation import queue
from components.foundation.queue import Counts, JobRow
from web.guards import staff
from web.replies import see_other, with_notice
from web.views import View, page, visitor_of

JOB_NAMES = {
    "deliver_fact": "Process an event",
    "react": "Process one step of an event",
    "send_email": "Send an e-mail",
    "watch_experiments": "Stop experiments that pass a guard",
    "start_campaigns": "Start campaigns whose time has come",
    "send_campaign": "Write a campaign’s e-mails",
    "send_campaign_email": "Send an e-mail of a campaign or journey",
    "start_walking": "Go on with journeys",
    "walk_journey": "Write a journey’s e-mails",
    "remove_expired_secrets": "Delete expired sign-in links from e-mails",
    "delete_expired_sign_ins": "Delete expired sign-ins and links",
    "send_renewal_notices": "Send renewal reminders",
    "process_event": "Process a payment event",
    "reconcile_payments": "Check recent payments against Stripe",
    "compare_with_stripe": "List differences from Stripe",
    "reconcile_payments_fully": "Check all payments against Stripe",
    "record_movements": "Update MRR movements",
    "roll_up_figures": "Add up figures",
    "fit_forecasts": "Work out the forecasts",
    "look_for_suggestions": "Look for suggestions",
    "count_segments": "Count segments again",
    "score_engagement": "Work out how engaged members are",
    "run_backtest": "Run a what-if simulation",
    "import_products": "Import products",
    "delete_old_imports": "Delete old imports",
    "adopt_members": "Adopt members of an earlier system",
    "delete_old_adoptions": "Delete old reports of adopted members",
    "check_access": "Run the access monitor",
    "archive_invoices": "Make a file of a month’s invoices",
    "delete_old_archives": "Delete old files of invoices",
    "forget_buyers": "Forget the buyers on invoices nobody has to keep",
    "announce_ended_memberships": "Process ended memberships",
    "send_gifts": "Send gift memberships",
    "send_gift_notices": "Remind of gift codes about to expire",
    "settle_guarantees": "Settle fee guarantees",
    "offer_places": "Offer free places on plans",
    "apply_plan_changes": "Apply scheduled plan changes",
    "end_pauses": "Begin and end membership pauses",
    "keep_fee_discounts": "Keep discounts on memberships to what was promised",
    "give_back_codes": "Give back codes kept for memberships that nobody can pay any more",
    "settle_renewal_credits": "Settle store credit that was reserved for renewals",
    "move_late_renewals": "Move renewals of members whose first payment took days",
    "settle_billing_requests": "Look up changes that Stripe has not confirmed",
    "delete_old_refused_deliveries": "Delete old counts of refused webhooks",
    "move_practice_clock": "Move the practice clock",
    "send_pause_notices": "Send notices before pauses end",
    "run_price_migrations": "Apply price changes",
    "follow_fee_taxes": "Fees with and without tax",
    "send_trial_notices": "Send trial reminders",
    "send_ending_notices": "Send reminders of memberships that end",
    "send_price_notices": "Send reminders of new prices",
    "send_card_notices": "Send card expiry reminders",
    "update_spend_memberships": "Check free memberships by spending",
    "release_and_expire_credit": "Release and expire store credit",
    "run_daily_benefits": "Give birthday and anniversary gifts",
    "release_expired_stock": "Release expired stock reservations",
    "expire_orders": "Expire unpaid orders",
    "delete_old_reports": "Delete old stock reports",
    "delete_old_security_events": "Delete old security events",
    "delete_old_views": "Delete visits that are over their period",
    "empty_old_marketing": "Delete what old marketing e-mails said",
    "count_pairs": "Count what is bought together",
    "carry_out_erasures": "Delete accounts whose wish waited for something",
    "drop_what_is_over": "Delete personal data that is over its period",
    "delete_old_baskets": "Delete old baskets",
    "keep_backups": "Look whether a backup is due",
    "make_backup": "Make a backup and prove it",
    "fetch_pictures": "Fetch pictures of imported products",
    "resume_pictures": "Go on fetching pictures",
    "forget_deletions": "Forget what was deleted long ago",
    "forget_old_withdrawals": "Forget old withdrawals of people without an account",
    "forget_old_cancellations": "Forget old cancellations of people without an account",
}
"""What staff read instead of the name of a task."""


@dataclass(frozen=True)
class ScheduleEntry:
    """A line of the schedule. `words` is the cron line in plain English."""

    task: str
    words: str
    cron: str


@dataclass(frozen=True, kw_only=True)
class JobsPage(View):
    template: ClassVar[str] = "staff/system/jobs/index.html"

    counts: Counts
    parked: tuple[JobRow, ...]
    waiting: tuple[JobRow, ...]
    timetable: tuple[ScheduleEntry, ...]


class StaffJobsController(Controller):
    path = "/staff/jobs"
    guards = [staff("jobs")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[bytes]:
        view = JobsPage(
            counts=await queue.counts(),
            parked=_named(await queue.parked()),
            waiting=_named(await queue.waiting()),
            timetable=tuple(
                ScheduleEntry(task_name(task), schedule_text(cron), cron) for cron, task in worker.TIMETABLE
            ),
        )
        return page(request, view)

    @post("/{job_id:int}/tries")
    async def create(self, request: Request[Any, Any, Any], job_id: FromPath[int]) -> Redirect:
        """Retry a failed job."""
        visitor = visitor_of(request)
        assert visitor.person_id is not None
        await queue.retry(job_id, by=visitor.person_id)
        return with_notice(see_other("/staff/jobs"), "The job is back in the queue.")


def task_name(task: str) -> str:
    """ "Send an e-mail"; a task without a name is called what the code calls it."""
    task = task.removeprefix("timetable:")
    return JOB_NAMES.get(task, task.replace("_", " ").capitalize())


def _named(jobs: tuple[JobRow, ...]) -> tuple[JobRow, ...]:
    return tuple(replace(job, task=task_name(job.task)) for job in jobs)


def schedule_text(cron: str) -> str:
    """ "Every day at 03:43 UTC", "Every hour at 17 past"; the cron line itself when it is more than that."""
    minute, hour, *rest = cron.split()
    if minute.startswith("*/") and hour == "*" and rest == ["*"] * 3:
        return f"Every {minute[2:]} minutes"
    if (every := _every(minute)) and hour == "*" and rest == ["*"] * 3:
        return f"Every {every} minutes"
    if cron == "* * * * *":
        return "Every minute"
    if minute.isdigit() and hour == "*" and rest == ["*"] * 3:
        return f"Every hour at {int(minute)} past"
    if minute.isdigit() and hour.isdigit() and rest == ["*"] * 3:
        return f"Every day at {int(hour):02d}:{int(minute):02d} UTC"
    return cron


def _every(minute: str) -> int | None:
    """15 for "3,18,33,48": minutes spread evenly over the hour."""
    if not all(part.isdigit() for part in minute.split(",")):
        return None
    minutes = [int(part) for part in minute.split(",")]
    apart = {(after - before) % 60 for before, after in zip(minutes, minutes[1:] + minutes[:1], strict=True)}
    return apart.pop() if len(minutes) > 1 and len(apart) == 1 else None
