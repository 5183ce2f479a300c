"""Forecasts of each plan's renewals."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

import numpy as np

from components.insights.forecasts import posterior, renewal_models, renewal_rows
from components.insights.forecasts.forecast_values import CurvePoint, ForecastMade, Outcome, PastForecast, Range
from components.insights.forecasts.likelihood import Array, CannotForecast, FittedModel, arithmetic
from components.insights.forecasts.outcome_ranges import ranges
from components.insights.forecasts.renewal_models import PaidGroup, Renewals
from components.insights.forecasts.renewal_rows import RenewalRow
from components.insights.movements.mrr import MONTHS, per_month

ONLY_ADOPTED = "All members were adopted from another system: nobody knows how often they renewed before."
AHEAD = 12
FIVE_YEARS = 60
MONTH_DAYS = 146_097 / 400 / 12
Key = tuple[UUID, str, int]


@dataclass(frozen=True)
class PlanForecast:
    """`mrr_now` is without that of adopted members, which is `mrr_adopted`.

    `mrr`: outcomes of it at the end of each month to come; None where nothing can be said."""

    made: ForecastMade
    mrr_now: int
    mrr_adopted: int
    mrr: Array | None = None
    mrr_mean: Array | None = None


async def plans(at: datetime, before: Sequence[tuple[int, datetime]], rng: np.random.Generator) -> list[PlanForecast]:
    """`before`: months ago, and the instant."""
    now, *then = map(_by_plan, await renewal_rows.at([at, *(instant for _, instant in before)]))
    past: dict[Key, list[PastForecast]] = defaultdict(list)
    for (months, instant), rows in zip(before, then, strict=True):
        for key in rows:
            if said := _past(months, instant, _Seen.of(key, rows[key]), rng):
                past[key].append(said)
    seen = [_Seen.of(key, rows) for key, rows in now.items()]
    seen.sort(key=lambda one: (-_people(one.paying), str(one.key)))
    return [_plan(one, tuple(past[one.key]), rng) for one in seen]


def _by_plan(rows: Iterable[RenewalRow]) -> dict[Key, list[RenewalRow]]:
    found: dict[Key, list[RenewalRow]] = defaultdict(list)
    for row in rows:
        if row.interval in MONTHS:
            found[row.plan, row.interval, row.interval_count].append(row)
    return found


@dataclass(frozen=True)
class _Seen:
    """Of one plan and interval: how its renewals went, who of those pays, and who pays and was adopted."""

    key: Key
    counted: Renewals
    paying: Sequence[RenewalRow]
    adopted: Sequence[RenewalRow]

    @classmethod
    def of(cls, key: Key, rows: Sequence[RenewalRow]) -> "_Seen":
        own = [row for row in rows if not row.is_adopted]
        return cls(
            key,
            Renewals.of((row.done, row.has_left, row.people) for row in own),
            [row for row in own if row.pays],
            [row for row in rows if row.is_adopted and row.pays],
        )

    def mrr(self, rows: Sequence[RenewalRow]) -> int:
        _, interval, count = self.key
        return sum(per_month(row.net_price, interval=interval, count=count) * row.people for row in rows)


def _people(rows: Sequence[RenewalRow]) -> int:
    return sum(row.people for row in rows)


def _plan(seen: _Seen, past: tuple[PastForecast, ...], rng: np.random.Generator) -> PlanForecast:
    plan, interval, count = seen.key
    outcome = Outcome(now=_people(seen.paying), adopted=_people(seen.adopted))
    about = ForecastMade(
        kind="renewals", plan=str(plan), interval=interval, interval_count=count, past=past, outcome=outcome
    )
    unsaid = PlanForecast(about, seen.mrr(seen.paying), seen.mrr(seen.adopted))
    due = seen.counted.due
    try:
        with arithmetic():
            return _said(unsaid, seen, rng)
    except CannotForecast as why:
        made = replace(about, people=int(due[0]) if len(due) else 0, words=str(why))
        return replace(unsaid, made=made)


def _said(unsaid: PlanForecast, seen: _Seen, rng: np.random.Generator) -> PlanForecast:
    counted, paying, key = seen.counted, seen.paying, seen.key
    if not counted.people and seen.adopted:
        raise CannotForecast(ONLY_ADOPTED)
    chosen, other = renewal_models.fit(counted)
    best, possible = renewal_models.rows_of(chosen), renewal_models.draws(counted, rng)
    heads, fees = _groups(paying, key, AHEAD), _groups(paying, key, AHEAD, priced=True)
    outcome = replace(
        unsaid.made.outcome,
        fee=round(sum(row.net_price * row.people for row in paying) / max(1, _people(paying))),
        curve=_curve(counted, best, possible, chosen, key, rng),
        months=ranges(renewal_models.worth_of(heads, best)[0], renewal_models.worth_of(heads, possible, rng)),
        value=_value(paying, best, possible, key),
        other_model=other.model,
        other_log_likelihood=other.log_likelihood,
    )
    made = replace(
        unsaid.made, model=chosen.model, parameters=chosen.parameters, log_likelihood=chosen.log_likelihood,
        people=chosen.people, outcome=outcome,
    )  # fmt: skip
    mrr = renewal_models.worth_of(fees, possible, rng)
    return replace(unsaid, made=made, mrr=mrr, mrr_mean=renewal_models.worth_of(fees, best)[0])


def _months_of(key: Key) -> Fraction:
    return MONTHS[key[1]] * key[2]


def _groups(rows: Sequence[RenewalRow], key: Key, ahead: int, *, priced: bool = False) -> list[PaidGroup]:
    """Equal futures once: renewals that come due by the end of each of the months to come."""
    period, found = float(_months_of(key)), dict[tuple[int, tuple[int, ...], int], int]()
    for row in rows:
        more = tuple(
            max(0, int(np.floor((month - row.due_in / MONTH_DAYS) / period)) + 1) for month in range(1, ahead + 1)
        )
        worth = per_month(row.net_price, interval=key[1], count=key[2]) if priced else 1
        found[row.done, more, worth] = found.get((row.done, more, worth), 0) + row.people
    return [PaidGroup(done, more, people, worth) for (done, more, worth), people in found.items()]


def _curve(
    counted: Renewals, best: Array, possible: Array, chosen: FittedModel, key: Key, rng: np.random.Generator
) -> tuple[CurvePoint, ...]:
    seen = counted.observed
    further = max(2, int(np.ceil(AHEAD / float(_months_of(key)))))
    steps = np.arange(len(seen) + further)
    share = renewal_models.survival(best, steps)[0]
    low, high = posterior.interval(
        rng.binomial(chosen.people, renewal_models.survival(possible, steps)) / chosen.people
    )
    return tuple(
        CurvePoint(
            renewals=int(k),
            seen=round(10_000 * seen[k]) if k < len(seen) else None,
            share=Range(mean=round(10_000 * share[k]), low=round(10_000 * low[k]), high=round(10_000 * high[k])),
        )
        for k in steps
    )


def _value(paying: Sequence[RenewalRow], best: Array, possible: Array, key: Key) -> Range | None:
    """A new member's fees in the first five years, at the mean fee of those who pay today."""
    if not paying:
        return None
    fee = sum(row.net_price * row.people for row in paying) / _people(paying)
    steps = np.arange(int(np.ceil(FIVE_YEARS / float(_months_of(key)))))
    sums = renewal_models.survival(possible, steps).sum(axis=1) * fee
    (only,) = ranges(renewal_models.survival(best, steps).sum(axis=1) * fee, sums[:, None])
    return only


def _past(months: int, then: datetime, seen: _Seen, rng: np.random.Generator) -> PastForecast | None:
    if not seen.counted.people:
        return None
    try:
        with arithmetic():
            chosen, _ = renewal_models.fit(seen.counted)
            groups = _groups(seen.paying, seen.key, months)
            possible = renewal_models.worth_of(groups, renewal_models.draws(seen.counted, rng), rng)
            mean = renewal_models.worth_of(groups, renewal_models.rows_of(chosen))[0]
            said = ranges(mean, possible)[-1] if groups else None
    except CannotForecast as why:
        return PastForecast(months=months, at=then, words=str(why))
    stayed = sum(row.stayed for row in seen.paying)
    return PastForecast(months=months, at=then, said=said, happened=stayed) if said else None
