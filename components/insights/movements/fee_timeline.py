"""What one person pays a month, and from when: worked out from what was paid, paused and ended. Pure.

A fee counts from the start of the period it pays for, or, where it was paid more than `PROMPT` later, from its payment:
so nothing that happens now changes a month that is over. The first that counts is the first that cost money. It counts,
whatever the end of its period, until the next one, the end of the service, or a pause.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from components.insights.movements import service_outages
from components.insights.movements.mrr import change_kind
from components.insights.movements.service_outages import NEAR, Span

PROMPT = timedelta(hours=6)
"""A renewal is charged about an hour after its period began; one that failed may be paid weeks later."""


@dataclass(frozen=True, slots=True)
class Fee:
    """One paid period: its fee a month without tax, in minor units.

    `is_opening`: paid elsewhere before the subscription was taken over. It counts as paid, from then on.
    """

    starts_at: datetime
    ends_at: datetime
    paid_at: datetime
    is_money: bool
    a_month: int
    is_opening: bool = False

    @property
    def counts(self) -> bool:
        return self.is_money or self.is_opening

    @property
    def at(self) -> datetime:
        if self.is_opening:
            return self.paid_at
        return self.starts_at if self.paid_at - self.starts_at < PROMPT else self.paid_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Billed:
    """One subscription: what was paid, when it was held, and when it was paused. `ended_on_request_at` when it is over
    because somebody cancelled it, not because its payments failed."""

    fees: Sequence[Fee]
    held: Sequence[Span]
    pauses: Sequence[Span]
    cancel_at: datetime | None
    past_due_since: datetime | None
    ended_on_request_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeeStep:
    """At an instant the monthly total changed from `before` to `after`."""

    at: datetime
    before: int
    after: int
    kind: str
    because: str = ""

    @property
    def amount(self) -> int:
        return self.after - self.before


class FeeTimeline:
    """One subscription over time."""

    def __init__(self, billed: Billed) -> None:
        first = min((fee.at for fee in billed.fees if fee.counts), default=None)
        self.billed = billed
        self.fees = tuple(fee for fee in billed.fees if first is not None and fee.at >= first)
        self.outages = tuple(service_outages.outages(billed.held, billed.pauses, [fee.at for fee in self.fees]))

    def edges(self) -> Iterator[datetime]:
        yield from (fee.at for fee in self.fees)
        for outage in (*self.billed.pauses, *self.outages):
            yield outage.from_at
            if outage.until is not None:
                yield outage.until

    def a_month(self, at: datetime) -> int:
        """Minor units a month at the instant."""
        paid = [fee for fee in self.fees if fee.at <= at]
        if not paid or any(outage.covers(at) for outage in (*self.billed.pauses, *self.outages)):
            return 0
        return max(paid, key=lambda fee: fee.starts_at).a_month

    def opens(self, at: datetime) -> bool:
        """Whether it was taken over at this instant."""
        return any(fee.is_opening and fee.at == at for fee in self.fees)

    def was_taken_over(self, at: datetime) -> bool:
        """Whether that was before this instant: what is paid then is not somebody's first payment."""
        return any(fee.is_opening and fee.at < at for fee in self.fees)

    def is_paused(self, at: datetime) -> bool:
        return any(pause.covers(at) for pause in self.billed.pauses)

    def why_ended(self, at: datetime) -> str:
        """A cancellation, by the member or the shop, or a payment that failed and ended it."""
        if self.billed.cancel_at is not None and self.billed.cancel_at <= at + NEAR:
            return "cancelled"
        on_request = self.billed.ended_on_request_at
        if on_request is not None and on_request <= at + NEAR:
            return "cancelled"
        owed_since = self.billed.past_due_since
        is_owing = owed_since is not None and owed_since <= at
        return "payment failed" if is_owing or self._paid_until(at) < at - NEAR else "cancelled"

    def _paid_until(self, at: datetime) -> datetime:
        """The end of the last paid period, with the time that pauses in it have carried over."""
        last = max((fee for fee in self.fees if fee.at <= at), key=lambda fee: fee.starts_at, default=None)
        if last is None:
            return at
        until = last.ends_at
        for pause in self.billed.pauses:
            if pause.until is not None and last.starts_at <= pause.from_at <= until:
                until += pause.until - pause.from_at
        return until


def steps(subscriptions: Iterable[Billed], *, until: datetime) -> list[FeeStep]:
    """Each change of what the person pays a month, up to and including the instant."""
    services = [FeeTimeline(billed) for billed in subscriptions]
    found: list[FeeStep] = []
    before, paused = 0, None
    for at in sorted({edge for service in services for edge in service.edges() if edge <= until}):
        paying = {service: service.a_month(at) for service in services}
        after = sum(paying.values())
        if after == before:
            continue
        at_rest = next((service for service in services if service.is_paused(at)), None)
        kind = change_kind(
            before, after, is_paused=at_rest is not None, was_paused=paused is not None and paying[paused] > 0,
            has_paid_before=bool(found) or any(service.was_taken_over(at) for service in services),
            is_adopted=any(service.opens(at) for service in services),
        )  # fmt: skip
        found.append(FeeStep(at, before, after, kind, _because(kind, services, at)))
        before, paused = after, at_rest if kind == "pause" else None
    return found


def _because(kind: str, services: Sequence[FeeTimeline], at: datetime) -> str:
    if kind != "churn":
        return ""
    ended = [service for service in services if any(outage.from_at == at for outage in service.outages)]
    return ended[-1].why_ended(at) if ended else "cancelled"
