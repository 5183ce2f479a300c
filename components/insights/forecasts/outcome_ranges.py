"""Outcomes of many futures as ranges of whole numbers."""

import numpy as np

from components.insights.forecasts import posterior
from components.insights.forecasts.forecast_values import Range
from components.insights.forecasts.likelihood import Array


def ranges(mean: Array, outcomes: Array) -> tuple[Range, ...]:
    low, high = posterior.interval(outcomes)
    return tuple(
        Range(mean=round(m), low=int(np.floor(a)), high=int(np.ceil(b)))
        for m, a, b in zip(mean, low, high, strict=True)
    )
