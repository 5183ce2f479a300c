"""From Stripe's report to the person's access: one pure rule, whatever the order of reports."""

from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(days=14)
"""How long the benefits stay after a renewal has failed."""

OVER = frozenset({"cancelled", "lapsed"})
_RUNNING = frozenset({"trialing", "active"})
_UNPAID = frozenset({"past_due", "unpaid"})


@dataclass(frozen=True, slots=True)
class Reported:
    """A subscription as mirrored. `stopped_since` is the renewal that failed, or the start of a pause."""

    status: str
    started_at: datetime
    stopped_since: datetime | None = None
    cancel_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """From when until just before when it gives access; without an end, as long as it is active."""

    starts_at: datetime
    ends_at: datetime | None


def term(reported: Reported) -> Term | None:
    """None when it never gave access: a first payment left unfinished is never a membership.

    Access follows the reported status plus the grace period, never the end of a billing period by itself.
    """
    if reported.status in _RUNNING:
        return Term(reported.started_at, reported.cancel_at)
    stopped = reported.stopped_since or reported.started_at
    if reported.status in _UNPAID:
        return Term(reported.started_at, _earliest(grace_until(stopped), reported.cancel_at))
    if reported.status == "paused":
        return Term(reported.started_at, _earliest(stopped, reported.cancel_at))
    if reported.status == "cancelled" and reported.ended_at is not None:
        return Term(reported.started_at, reported.ended_at)
    return None


def grace_until(past_due_since: datetime) -> datetime:
    return past_due_since + GRACE


def _earliest(one: datetime, other: datetime | None) -> datetime:
    return one if other is None else min(one, other)
