"""Fitting all models to the shop's rows as they stand, and writing down what they say. Loads numpy and scipy."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import numpy as np

from components.foundation import clock, database, ids, json
from components.foundation.database import advisory_locks
from components.insights.forecasts import activity_forecasts, mrr_forecast, renewal_forecasts, risk_finder
from components.insights.forecasts.earlier_instants import months_before
from components.insights.forecasts.forecast_values import AtRisk, ForecastMade
from components.insights.forecasts.likelihood import CannotForecast, arithmetic
from components.insights.tables import Forecast, MemberAtRisk

AGO = (6, 12)
"""Months ago: what would have been said then."""
SEED = 20_070_201
"""The same rows give the same ranges."""


async def fit_everything(zone: str) -> None:
    """`zone`: the shop's time zone."""
    now, rng = clock.now(), np.random.default_rng(SEED)
    before = [(months, months_before(now, months, zone)) for months in AGO]
    plans = await renewal_forecasts.plans(now, before, rng)
    orders = await activity_forecasts.orders(now, before, zone, rng)
    habits = await activity_forecasts.habits(now, before, zone, rng)
    values = await activity_forecasts.order_values(now, zone)
    orders, late = await _with_risks(orders, risk_finder.by_orders, now, zone)
    habits, idle = await _with_risks(habits, risk_finder.by_habits, now, zone)
    made = [*(one.made for one in plans), mrr_forecast.made(plans), orders, values, habits]
    await _write(made, [*late, *idle], now)


async def _with_risks(
    one: ForecastMade, find: Callable[[ForecastMade, datetime, str], Awaitable[list[AtRisk]]], at: datetime, zone: str
) -> tuple[ForecastMade, list[AtRisk]]:
    """A model by which nobody's chance can be told says nothing else either."""
    try:
        with arithmetic():
            return one, await find(one, at, zone)
    except CannotForecast as why:
        return ForecastMade(kind=one.kind, people=one.people, words=str(why), past=one.past), []


async def _write(made: list[ForecastMade], risks: list[AtRisk], at: datetime) -> None:
    """All rows anew: whoever reads sees those before or these."""
    async with database.transaction():
        await advisory_locks.take_turns("forecasts")
        await Forecast.delete(force=True)
        await MemberAtRisk.delete(force=True)
        await Forecast.insert(*(_forecast(one, at) for one in made))
        if risks:
            await MemberAtRisk.insert(*(_at_risk(one, at) for one in risks))


def _forecast(one: ForecastMade, at: datetime) -> Forecast:
    return Forecast(
        id=ids.new(), kind=one.kind, plan=UUID(one.plan) if one.plan else None, interval=one.interval,
        interval_count=one.interval_count, model=one.model, parameters=json.dump(one.parameters),
        log_likelihood=one.log_likelihood, people=one.people, words=one.words, outcome=json.dump(one.outcome),
        past=json.dump(one.past), fitted_at=at,
    )  # fmt: skip


def _at_risk(one: AtRisk, at: datetime) -> MemberAtRisk:
    return MemberAtRisk(
        id=ids.new(), kind=one.kind, person=UUID(one.person), chance=one.chance, times=one.times, out_of=one.out_of,
        usual_days=one.usual_days, last_at=one.last_at, noted_at=at,
    )  # fmt: skip
