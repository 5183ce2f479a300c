"""How long a pause lasts: whole months of the calendar; and what one comes to, before it is asked for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from components.foundation import clock, intervals
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal

MONTHS = (1, 2, 3, 6)
LONGEST = 6
SHORTEST = timedelta(hours=1)
NEXT_TO_NOTHING = timedelta(minutes=1)


class PauseTooLong(Refusal):
    message = N_("A pause can last up to six months.")


class PauseTooLate(Refusal):
    message = N_("A pause can start today, on a day within the period you’ve paid for, or when that period ends.")


@dataclass(frozen=True, kw_only=True)
class PausePreview:
    """When the renewal comes after such a pause, and whether that is the moment at which it ends."""

    until: datetime
    renews_at: datetime
    is_charged_then: bool


def end_of(begins: datetime, months: int) -> datetime:
    """31 January and a month is the last of February."""
    return intervals.later(begins, "month", months)


def preview(begins: datetime, months: int, *, paid_until: datetime | None) -> PausePreview:
    """Raises `PauseTooLate`."""
    until = end_of(begins, months)
    check_start(begins, paid_until)
    left = paid_until - begins if paid_until else timedelta(0)
    return PausePreview(until=until, renews_at=until + left, is_charged_then=left < NEXT_TO_NOTHING)


def check_start(begins: datetime, paid_until: datetime | None) -> None:
    if paid_until is None or not clock.now().replace(microsecond=0) <= begins <= paid_until:
        raise PauseTooLate


def check_length(begins: datetime, until: datetime) -> None:
    if until - begins <= SHORTEST or until > end_of(begins, LONGEST):
        raise PauseTooLong
