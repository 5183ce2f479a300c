"""When a job that has failed is tried again, and when it is parked for the staff."""

import structlog
from procrastinate import RetryDecision
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy

from components.messaging.mail_server import SendingPaused

PAUSES = (1, 5, 30, 120, 600, 3600, 3 * 3600, 12 * 3600)
EMAIL_PAUSES = (1, 5, 30, 120, 600, 1800)
MOST_EMAIL_ATTEMPTS = 700
"""Half an hour apart, that is two weeks: an e-mail that is late is still sent."""
log = structlog.get_logger()


class GrowingPauses(BaseRetryStrategy):
    """A second, five, half a minute … half a day; then the job is parked."""

    def __init__(self, pauses: tuple[int, ...] = PAUSES, most: int = len(PAUSES)) -> None:
        self.pauses, self.most = pauses, most

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, SendingPaused):
            return RetryDecision(retry_in={"seconds": int(exception.seconds) + 1})
        if job.attempts >= self.most:
            log.error("a job was parked", task=job.task_name, job=job.id, exc_info=exception)
            return None
        return RetryDecision(retry_in={"seconds": self.pauses[min(job.attempts, len(self.pauses) - 1)]})


_OF_EMAILS = GrowingPauses(EMAIL_PAUSES, MOST_EMAIL_ATTEMPTS)
_OF_WHAT_COMES_AGAIN = GrowingPauses((), 0)
"""The clock defers it anew, within a minute or at night: one that waited for its own next try would keep that out."""
COME_AGAIN = ("fit_forecasts", "look_for_suggestions", "send_campaign", "walk_journey")
_OF_ALL_OTHERS = GrowingPauses()


def of_task(name: str) -> GrowingPauses:
    if name in ("send_email", "send_campaign_email"):
        return _OF_EMAILS
    return _OF_WHAT_COMES_AGAIN if name in COME_AGAIN else _OF_ALL_OTHERS


def most_attempts(name: str) -> int:
    return of_task(name).most


def most_deaths(name: str) -> int:
    """So many workers it may take with it before it is parked; failing is another matter."""
    return max(most_attempts(name), len(PAUSES))
