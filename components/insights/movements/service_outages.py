"""When a service was away: from where its membership was no longer held until what brought it back. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

NEAR = timedelta(hours=1)
"""A membership follows what is reported: it starts or ends a little after what made it."""


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open; without an end as long as nothing ends it."""

    from_at: datetime
    until: datetime | None

    def covers(self, at: datetime) -> bool:
        return self.from_at <= at and (self.until is None or at < self.until)


def outages(held: Iterable[Span], pauses: Sequence[Span], paid: Sequence[datetime]) -> Iterator[Span]:
    """From where it was no longer held until what brought it back: a payment, or the end of a pause."""
    services = list(_joined(held))
    returns = sorted([*paid, *(pause.until for pause in pauses if pause.until is not None)])
    for span, following in pairwise([*services, None]):
        if span is None or span.until is None:
            continue
        ended = _paused_or(span.until, pauses)
        if following is None:
            yield Span(ended, None)
            continue
        brought_back = next((at for at in returns if ended < at <= following.from_at), following.from_at)
        yield Span(ended, max(brought_back, ended))


def _paused_or(ended: datetime, pauses: Iterable[Span]) -> datetime:
    return next((pause.from_at for pause in pauses if abs(pause.from_at - ended) <= NEAR), ended)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """A change of plan ends one membership and starts another at once."""
    current: Span | None = None
    for span in sorted(spans, key=lambda each: each.from_at):
        if current is None:
            current = span
        elif current.until is None or span.from_at <= current.until + NEAR:
            is_open = current.until is None or span.until is None
            current = Span(current.from_at, None if is_open else max(current.until, span.until))  # type: ignore[type-var]
        else:
            yield current
            current = span
    if current is not None:
        yield current
