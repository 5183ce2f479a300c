"""Forecasts of orders, of what an order is worth, and of months in which a benefit is used."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from components.insights.forecasts import (
    activity_rows,
    habit_model,
    order_models,
    outcome_ranges,
    posterior,
    spend_model,
)
from components.insights.forecasts.earlier_instants import start_of_month
from components.insights.forecasts.forecast_values import ForecastMade, Outcome, PastForecast, Range
from components.insights.forecasts.habit_model import HabitHistories
from components.insights.forecasts.likelihood import Array, CannotForecast, FittedModel, arithmetic
from components.insights.forecasts.order_models import OrderHistories

WEEKS_A_MONTH = 146_097 / 400 / 12 / 7
A_YEAR = 12
Said = tuple[FittedModel, FittedModel | None, int, Range]
"""The model, the one that was less likely, how many people, and what they will do together."""


async def orders(
    at: datetime, before: Sequence[tuple[int, datetime]], zone: str, rng: np.random.Generator
) -> ForecastMade:
    async def said(then: datetime, months: int) -> Said:
        seen = await order_histories(then, zone)
        chosen, other = order_models.fit(seen)
        weeks = months * WEEKS_A_MONTH
        mean = order_models.expected(np.array([chosen.parameters]), seen, chosen.model, weeks) @ seen.people
        outcomes = order_models.forecast(seen, (chosen, other), weeks, rng)
        return chosen, other, int(seen.people.sum()), _range(float(mean[0]), outcomes)

    async def happened(then: datetime) -> int:
        return await activity_rows.placed(then, at, zone)

    return await _made("orders", at, before, said, happened)


async def habits(
    at: datetime, before: Sequence[tuple[int, datetime]], zone: str, rng: np.random.Generator
) -> ForecastMade:
    async def said(then: datetime, months: int) -> Said:
        seen = await habit_histories(then, zone)
        fitted = habit_model.fit(seen)
        possible = habit_model.draws(seen, fitted, rng)
        mean = habit_model.expected(np.array([fitted.parameters]), seen, months) @ seen.people
        outcomes = habit_model.outcomes(possible, seen, fitted, months, rng)
        return fitted, None, int(seen.people.sum()), _range(float(mean[0]), outcomes)

    async def happened(then: datetime) -> int:
        return await activity_rows.used(start_of_month(then, zone), start_of_month(at, zone), zone)

    return await _made("habits", at, before, said, happened)


async def _made(
    kind: str, at: datetime, before: Sequence[tuple[int, datetime]],
    said: Callable[[datetime, int], Awaitable[Said]], happened: Callable[[datetime], Awaitable[int]],
) -> ForecastMade:  # fmt: skip
    past = []
    for months, then in before:
        try:
            with arithmetic():
                _, _, _, expected = await said(then, months)
            past.append(PastForecast(months=months, at=then, said=expected, happened=await happened(then)))
        except CannotForecast as why:
            past.append(PastForecast(months=months, at=then, words=str(why)))
    try:
        with arithmetic():
            chosen, other, people, expected = await said(at, A_YEAR)
            year = outcome_ranges.widened(expected, A_YEAR, past)
    except CannotForecast as why:
        return ForecastMade(kind=kind, words=str(why), past=tuple(past))
    outcome = Outcome(
        now=people,
        year=year,
        other_model=other.model if other else "",
        other_log_likelihood=other.log_likelihood if other else None,
    )
    return ForecastMade(
        kind=kind, model=chosen.model, parameters=chosen.parameters, log_likelihood=chosen.log_likelihood,
        people=people, outcome=outcome, past=tuple(past),
    )  # fmt: skip


async def order_values(at: datetime, zone: str) -> ForecastMade:
    rows = [(row.orders, row.mean, row.people) for row in await activity_rows.values(at, zone)]
    orders, mean, people = _columns(rows, 3)
    seen = int(people.sum())
    try:
        with arithmetic():
            fitted = spend_model.fit(orders, mean, people)
    except CannotForecast as why:
        return ForecastMade(kind="values", people=seen, words=str(why))
    made = ForecastMade(
        kind="values", model=fitted.model, parameters=fitted.parameters, log_likelihood=fitted.log_likelihood,
        people=seen, outcome=Outcome(now=seen),
    )  # fmt: skip
    try:
        worth = round(spend_model.typical(fitted, float(np.average(mean, weights=people))))
    except CannotForecast as why:
        return replace(made, words=str(why))
    return replace(made, outcome=Outcome(now=seen, value=Range(mean=worth, low=worth, high=worth)))


async def order_histories(at: datetime, zone: str) -> OrderHistories:
    return OrderHistories(*_columns(await activity_rows.orders(at, zone), 4))


async def habit_histories(at: datetime, zone: str) -> HabitHistories:
    return HabitHistories(*_columns(await activity_rows.habits(at, zone), 4))


def _columns(rows: Sequence[tuple[float, ...]], number: int) -> Array:
    found: Array = np.array(rows, dtype=float).reshape(-1, number).T
    return found


def _range(mean: float, outcomes: Array) -> Range:
    low, high = posterior.interval(outcomes)
    return Range(mean=round(mean), low=int(np.floor(low[0])), high=int(np.ceil(high[0])))
