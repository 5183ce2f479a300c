"""What an order is worth: Gamma-Gamma.

Fader & Hardie, The Gamma-Gamma Model of Monetary Value, 2013 (brucehardie.com/notes/025). Parameters p, q, γ.
"""

import numpy as np
from scipy.special import gammaln

from components.insights.forecasts import likelihood
from components.insights.forecasts.likelihood import Array, CannotForecast, FittedModel, Likelihood

MODEL = "Gamma-Gamma"
LEAST_Q, MOST_TIMES = 1.2, 3.0
"""Below, or at more times the average that was seen, the model's average says nothing."""


def likelihood_of(orders: Array, mean: Array, people: Array) -> Likelihood:
    """Of groups of people with this many orders, worth this much on average."""

    def found(parameters: Array) -> Array:
        p, q, gamma = (parameters[:, n, None] for n in range(3))
        x, m = orders[None, :], mean[None, :]
        logs = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
        logs = logs + (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * np.log(gamma + m * x)
        sums: Array = logs @ people
        return sums

    return found


def fit(orders: Array, mean: Array, people: Array) -> FittedModel:
    """Of people whose orders cost something."""
    likelihood.require_people(int(people.sum()) if len(people) else 0)
    if np.ptp(mean) < 1e-9 * mean.max():
        raise CannotForecast("All orders have the same value.")
    start = (4.0, 3.0, float(np.average(mean, weights=people)))
    scale = start[2]
    best, value = likelihood.maximum(likelihood_of(orders, mean / scale, people), (4.0, 3.0, 1.0))
    best = best * np.array([1.0, 1.0, scale])
    return FittedModel(
        MODEL, tuple(map(float, best)), value - float(people.sum()) * float(np.log(scale)), int(people.sum())
    )


def typical(fitted: FittedModel, seen: float) -> float:
    """What an order of somebody unknown is worth on average, where people's mean was `seen`.

    Raises `CannotForecast` where few very large orders carry it: the average grows without end as q comes near 1.
    """
    p, q, gamma = fitted.parameters
    if q < LEAST_Q or p * gamma / (q - 1) > MOST_TIMES * seen:
        raise CannotForecast("A few orders are so much larger than the rest that no average can be given.")
    return p * gamma / (q - 1)
