"""Forecasts of each plan's renewals, and of the MRR of those who pay today."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

import numpy as np

from components.insights.forecasts import posterior, renewal_models, renewal_rows
from components.insights.forecasts.forecast_values import CurvePoint, ForecastMade, Outcome, PastForecast, Range
from components.insights.forecasts.likelihood import Array, CannotForecast, FittedModel
from components.insights.forecasts.renewal_models import PaidGroup, Renewals
from components.insights.forecasts.renewal_rows import PayingRow, RenewalRow
from components.insights.movements.mrr import MONTHS, per_month

AHEAD = 12
FIVE_YEARS = 60
MONTH_DAYS = 146_097 / 400 / 12
Key = tuple[UUID, str, int]


@dataclass(frozen=True)
class PlanForecast:
    """`mrr`: outcomes of the plan's MRR at the end of each month to come; None where nothing can be said."""

    made: ForecastMade
    mrr_now: int
    mrr: Array | None = None
    mrr_mean: Array | None = None


async def plans(at: datetime, before: Sequence[tuple[int, datetime]], rng: np.random.Generator) -> list[PlanForecast]:
    """`before`: months ago, and the instant."""
    seen, paying = _by_plan(await renewal_rows.renewals(at)), _by_plan(await renewal_rows.paying(at))
    past: dict[Key, list[PastForecast]] = defaultdict(list)
    for months, then in before:
        for key, one in (await _past(months, then, at, rng)).items():
            past[key].append(one)
    keys = sorted(seen.keys() | paying.keys(), key=lambda key: (-_people(paying[key]), str(key)))
    return [_plan(key, seen[key], paying[key], tuple(past[key]), rng) for key in keys]


def _by_plan(rows: Iterable[RenewalRow] | Iterable[PayingRow]) -> dict[Key, list]:  # type: ignore[type-arg]
    found: dict[Key, list] = defaultdict(list)  # type: ignore[type-arg]
    for row in rows:
        if row.interval in MONTHS:
            found[row.plan, row.interval, row.interval_count].append(row)
    return found


def _people(rows: Sequence[PayingRow] | Sequence[RenewalRow]) -> int:
    return sum(row.people for row in rows)


def _renewals(rows: Sequence[RenewalRow]) -> Renewals:
    return Renewals.of((row.done, row.has_left, row.people) for row in rows)


def _plan(
    key: Key, seen: Sequence[RenewalRow], paying: Sequence[PayingRow], past: tuple[PastForecast, ...],
    rng: np.random.Generator,
) -> PlanForecast:  # fmt: skip
    plan, interval, count = key
    now = sum(per_month(row.net_price, interval=interval, count=count) * row.people for row in paying)
    counted = _renewals(seen)
    about = ForecastMade(kind="renewals", plan=str(plan), interval=interval, interval_count=count, past=past)
    due = counted.due
    try:
        chosen, other = renewal_models.fit(counted)
    except CannotForecast as why:
        made = replace(
            about, people=int(due[0]) if len(due) else 0, words=str(why), outcome=Outcome(now=_people(paying))
        )
        return PlanForecast(made, now)
    best, possible = renewal_models.rows_of(chosen), renewal_models.draws(counted, rng)
    heads, fees = _groups(paying, key, AHEAD), _groups(paying, key, AHEAD, priced=True)
    outcome = Outcome(
        now=_people(paying),
        fee=round(sum(row.net_price * row.people for row in paying) / max(1, _people(paying))),
        curve=_curve(counted, best, possible, chosen, key, rng),
        months=_ranges(renewal_models.worth_of(heads, best)[0], renewal_models.worth_of(heads, possible, rng)),
        value=_value(paying, best, possible, key),
        other_model=other.model,
        other_log_likelihood=other.log_likelihood,
    )
    made = replace(
        about, model=chosen.model, parameters=chosen.parameters, log_likelihood=chosen.log_likelihood,
        people=chosen.people, outcome=outcome,
    )  # fmt: skip
    mrr = renewal_models.worth_of(fees, possible, rng)
    return PlanForecast(made, now, mrr, renewal_models.worth_of(fees, best)[0])


def mrr(found: Sequence[PlanForecast]) -> ForecastMade:
    """Of those who pay today, all plans together. Who may join later is not in it."""
    said = [one for one in found if one.mrr is not None]
    silent = [one for one in found if one.mrr is None and one.mrr_now]
    without, people = sum(one.mrr_now for one in silent), sum(one.made.outcome.now for one in said)
    rest = Outcome(now=sum(one.mrr_now for one in found), without=without, without_plans=len(silent))
    if not said:
        return ForecastMade(kind="mrr", words="No plan has enough renewals for a forecast yet.", outcome=rest)
    together = sum(np.asarray(one.mrr)[rng_order(n, len(np.asarray(one.mrr)))] for n, one in enumerate(said))
    mean = sum(np.asarray(one.mrr_mean) for one in said)
    outcome = Outcome(
        now=rest.now, without=without, without_plans=len(silent), months=_ranges(np.asarray(mean), np.asarray(together))
    )
    models = "+".join(sorted({one.made.model for one in said}))
    return ForecastMade(kind="mrr", model=models, people=people, outcome=outcome)


def rng_order(seed: int, size: int) -> Array:
    """Plans are independent: their outcomes are paired by chance."""
    return np.random.default_rng(seed).permutation(size)


def _months_of(key: Key) -> Fraction:
    return MONTHS[key[1]] * key[2]


def _groups(rows: Sequence[PayingRow], key: Key, ahead: int, *, priced: bool = False) -> list[PaidGroup]:
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


def _value(paying: Sequence[PayingRow], best: Array, possible: Array, key: Key) -> Range | None:
    """A new member's fees in the first five years, at the mean fee of those who pay today."""
    if not paying:
        return None
    fee = sum(row.net_price * row.people for row in paying) / _people(paying)
    steps = np.arange(int(np.ceil(FIVE_YEARS / float(_months_of(key)))))
    sums = renewal_models.survival(possible, steps).sum(axis=1) * fee
    (only,) = _ranges(renewal_models.survival(best, steps).sum(axis=1) * fee, sums[:, None])
    return only


def _ranges(mean: Array, outcomes: Array) -> tuple[Range, ...]:
    low, high = posterior.interval(outcomes)
    return tuple(
        Range(mean=round(m), low=int(np.floor(a)), high=int(np.ceil(b)))
        for m, a, b in zip(mean, low, high, strict=True)
    )


async def _past(months: int, then: datetime, now: datetime, rng: np.random.Generator) -> dict[Key, PastForecast]:
    seen, paying = _by_plan(await renewal_rows.renewals(then)), _by_plan(await renewal_rows.paying(then))
    stayed, found = _by_plan(await renewal_rows.stayed(then, now)), dict[Key, PastForecast]()
    for key in seen:
        try:
            chosen, _ = renewal_models.fit(_renewals(seen[key]))
        except CannotForecast as why:
            found[key] = PastForecast(months=months, at=then, words=str(why))
            continue
        groups = _groups(paying[key], key, months)
        possible = renewal_models.worth_of(groups, renewal_models.draws(_renewals(seen[key]), rng), rng)
        mean = renewal_models.worth_of(groups, renewal_models.rows_of(chosen))[0]
        if paying[key]:
            said = _ranges(mean, possible)[-1]
            found[key] = PastForecast(months=months, at=then, said=said, happened=_people(stayed[key]))
    return found
