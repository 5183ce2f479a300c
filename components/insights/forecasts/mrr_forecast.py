"""The MRR of those who pay today, in the months to come."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from components.insights.forecasts.forecast_values import ForecastMade, Outcome, Range
from components.insights.forecasts.likelihood import Array, CannotForecast, arithmetic
from components.insights.forecasts.outcome_ranges import ranges
from components.insights.forecasts.renewal_forecasts import PlanForecast


def made(found: Sequence[PlanForecast]) -> ForecastMade:
    """All plans together. Who may join later is not in it."""
    said = [one for one in found if one.mrr is not None]
    silent = [one for one in found if one.mrr is None and one.mrr_now]
    adopted, people = sum(one.mrr_adopted for one in found), sum(one.made.outcome.now for one in said)
    rest = Outcome(
        now=sum(one.mrr_now for one in found) + adopted,
        without=sum(one.mrr_now for one in silent) + adopted,
        without_plans=len(silent),
        without_adopted=adopted,
    )
    try:
        with arithmetic():
            months = _months(said)
    except CannotForecast as why:
        return ForecastMade(kind="mrr", words=str(why), outcome=rest)
    models = "+".join(sorted({one.made.model for one in said}))
    return ForecastMade(kind="mrr", model=models, people=people, outcome=replace(rest, months=months))


def _months(said: Sequence[PlanForecast]) -> tuple[Range, ...]:
    if not said:
        raise CannotForecast("No plan has enough renewals for a forecast yet.")
    together = sum(np.asarray(one.mrr)[_order(n, len(np.asarray(one.mrr)))] for n, one in enumerate(said))
    return ranges(np.asarray(sum(np.asarray(one.mrr_mean) for one in said)), np.asarray(together))


def _order(seed: int, size: int) -> Array:
    """Plans are independent: their outcomes are paired by chance."""
    return np.random.default_rng(seed).permutation(size)
