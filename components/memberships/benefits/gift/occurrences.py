"""Which occasions for a gift there were in the past. Pure.

As if the rules had always applied: years count from joining, renewals from the first one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from components.memberships.benefits.backtest import BacktestHistory, HeldPeriod, Promise
from components.memberships.benefits.gift import occasions
from components.memberships.benefits.gift.gift_settings import GiftSettings


@dataclass(frozen=True, slots=True)
class Occurrence:
    person: UUID
    promise: Promise[GiftSettings]
    at: datetime


def occurrences_in(past: BacktestHistory[GiftSettings]) -> tuple[Occurrence, ...]:
    """In the order of people and instants, each occasion once."""
    found: dict[tuple[object, ...], Occurrence] = {}
    for occasion, find in _FINDING.items():
        for cause, occurrence in find(_of(past, occasion)):
            found.setdefault((occurrence.promise.benefit, occurrence.person, *cause), occurrence)
    return tuple(found.values())


def _of(past: BacktestHistory[GiftSettings], occasion: str) -> BacktestHistory[GiftSettings]:
    promises = tuple(one for one in past.promises if one.settings.occasion == occasion)
    return BacktestHistory(past.happened, promises, past.purchases)


Found = Iterator[tuple[tuple[object, ...], Occurrence]]


def _joinings(past: BacktestHistory[GiftSettings]) -> Found:
    """The first time somebody held it at all."""
    first: dict[tuple[UUID, UUID], tuple[HeldPeriod, Promise[GiftSettings]]] = {}
    for person, ran, promise in past.stretches():
        known = first.get((person, promise.benefit))
        if known is None or ran.starts_at < known[0].starts_at:
            first[person, promise.benefit] = (ran, promise)
    for (person, _), (ran, promise) in first.items():
        if past.happened.is_within(ran.starts_at):
            yield (), Occurrence(person, promise, ran.starts_at)


def _anniversaries(past: BacktestHistory[GiftSettings]) -> Found:
    since: dict[tuple[UUID, UUID, UUID], datetime] = {}
    for person, ran, promise in past.stretches():
        key = (person, promise.benefit, ran.source)
        since[key] = min(since.get(key, ran.starts_at), ran.starts_at)
    for person, ran, promise in past.stretches():
        began = since[person, promise.benefit, ran.source]
        for years in range(1, past.happened.until.year - began.year + 1):
            at = occasions.years_later(began, years)
            if past.happened.is_within(at) and ran.covers(at):
                yield (years,), Occurrence(person, promise, at)


def _birthdays(past: BacktestHistory[GiftSettings]) -> Found:
    zone = past.happened.zone
    years = range(past.happened.since.astimezone(zone).year, past.happened.until.astimezone(zone).year + 1)
    for person, ran, promise in past.stretches():
        if (born := past.happened.birthdays.get(person)) is None:
            continue
        for day in (occasions.in_year(born, year) for year in years):
            begins, ends = (_midnight(one, past) for one in (day, day + timedelta(days=1)))
            at = max(begins, ran.starts_at)
            if past.happened.is_within(at) and at < ends and ran.covers(at):
                yield (day.year,), Occurrence(person, promise, at)


def _midnight(day: date, past: BacktestHistory[GiftSettings]) -> datetime:
    return datetime.combine(day, time(), past.happened.zone)


def _streaks(past: BacktestHistory[GiftSettings]) -> Found:
    for period in past.happened.periods:
        for promise in past.held({period.plan}):
            if period.turn == promise.settings.number + 1:
                yield (period.source,), Occurrence(period.person, promise, period.at)


def _spendings(past: BacktestHistory[GiftSettings]) -> Found:
    """Each time the amount was spent since the previous gift; earlier spending already led to its own gifts."""
    counted: dict[tuple[UUID, UUID], int] = {}
    for purchase in past.purchases:
        for promise in past.held(purchase.plans):
            wanted, key = promise.settings.amount, (purchase.person, promise.benefit)
            before = past.happened.spent_before.get(purchase.person, 0)
            known = counted.setdefault(key, before if before >= wanted else 0)
            if purchase.spent - known >= wanted:
                counted[key] = purchase.spent
                yield (wanted, purchase.at), Occurrence(purchase.person, promise, purchase.at)


_FINDING: dict[str, Callable[[BacktestHistory[GiftSettings]], Found]] = {
    "joining": _joinings,
    "anniversary": _anniversaries,
    "birthday": _birthdays,
    "streak": _streaks,
    "spend": _spendings,
}
