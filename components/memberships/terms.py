"""From what Stripe reports to what the person may have: one pure rule, the same whichever report came first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

GRACE = timedelta(days=14)
"""How long the benefits stay after a renewal has failed."""

OVER = frozenset({"cancelled", "lapsed"})
_RUNNING = frozenset({"trialing", "active"})
_IN_TROUBLE = frozenset({"past_due", "unpaid", "paused"})


@dataclass(frozen=True, slots=True)
class Reported:
    """A subscription as mirrored. `past_due_since` is the renewal that failed, where one has."""

    status: str
    started_at: datetime
    past_due_since: datetime | None = None
    cancel_at: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """From when until just before when it gives access; without an end, as long as it runs."""

    starts_at: datetime
    ends_at: datetime | None


def term(reported: Reported) -> Term | None:
    """None when it never gave access: a first payment left unfinished is never a membership.

    Access follows the reported status plus the grace, never the end of a billing period by itself.
    """
    if reported.status in _RUNNING:
        return Term(reported.started_at, reported.cancel_at)
    if reported.status in _IN_TROUBLE:
        return Term(reported.started_at, _earliest(_grace_until(reported), reported.cancel_at))
    if reported.status == "cancelled" and reported.ended_at is not None:
        return Term(reported.started_at, reported.ended_at)
    return None


def grace_until(past_due_since: datetime) -> datetime:
    return past_due_since + GRACE


def _grace_until(reported: Reported) -> datetime:
    return grace_until(reported.past_due_since or reported.started_at)


def _earliest(one: datetime, other: datetime | None) -> datetime:
    return one if other is None else min(one, other)
