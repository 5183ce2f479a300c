"""Outcomes of many futures as ranges of whole numbers, and how far they lie apart where earlier ones were wrong."""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, exp, log, sqrt

import numpy as np
from scipy import stats

from components.insights.forecasts import posterior
from components.insights.forecasts.forecast_values import PastForecast, Range
from components.insights.forecasts.likelihood import Array


def ranges(mean: Array, outcomes: Array) -> tuple[Range, ...]:
    low, high = posterior.interval(outcomes)
    return tuple(
        Range(mean=round(m), low=int(np.floor(a)), high=int(np.ceil(b)))
        for m, a, b in zip(mean, low, high, strict=True)
    )


def widened(said: Range, months: int, past: Sequence[PastForecast]) -> Range:
    """A model knows of chance, and not of seasons, of growth, or of customers who are no model's: how far it was off
    before is added, as Student's interval of so few mistakes is wide. A mistake grows with the root of the time.
    """
    off = [
        log(one.happened / one.said.mean) * sqrt(months / one.months)
        for one in past
        if one.said and one.said.mean > 0 and one.happened
    ]
    if not off or said.mean <= 0:
        return said
    beyond = stats.t.ppf((1 + posterior.WIDTH) / 2, len(off)) * sqrt(sum(one * one for one in off) / len(off))
    low, high = (sqrt(log(max(edge, 1) / said.mean) ** 2 + beyond**2) for edge in (said.low, said.high))
    return replace(
        said, low=min(said.low, int(said.mean * exp(-low))), high=max(said.high, ceil(said.mean * exp(high)))
    )
