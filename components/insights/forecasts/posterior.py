"""How uncertain fitted parameters are: draws from what they may be, given what was observed.

Importance sampling (Robert & Casella, Monte Carlo Statistical Methods, 2004, ch. 3 and 14): a multivariate t around the
most likely values is adapted twice to the weighted draws, then resampled. A weak prior, normal on the logarithms, keeps
parameters that the observations say little about from running away.
"""

from collections.abc import Sequence

import numpy as np

from components.insights.forecasts.likelihood import Array, Likelihood, maximum

DRAWS = 400
ROUNDS = (300, 300, 1200)
FREEDOM = 5.0
WIDTH = 0.9
"""How often what happens lies between `low` and `high`."""


def draws(
    likelihood: Likelihood,
    mode: Sequence[float] | Array,
    rng: np.random.Generator,
    *,
    centre: Sequence[float],
    spread: Sequence[float],
    number: int = DRAWS,
    rounds: Sequence[int] = ROUNDS,
) -> Array:
    """Rows of parameters. `centre` and `spread` of the prior are of the parameters' logarithms."""
    middle, wide = np.asarray(centre), np.asarray(spread)

    def weighed(logs: Array) -> Array:
        found = likelihood(np.exp(logs)) - 0.5 * (((logs - middle) / wide) ** 2).sum(axis=1)
        finite: Array = np.where(np.isfinite(found), found, -np.inf)
        return finite

    likeliest, _ = maximum(lambda parameters: weighed(np.log(parameters)), tuple(mode))
    at = np.log(likeliest)
    scale = _curvature(weighed, at, wide)
    logs, weights = at[None, :], np.ones(1)
    for size in rounds:
        logs, weights = _sampled(weighed, at, scale, size, rng)
        at = weights @ logs
        scale = _covariance(logs - at, weights) + 1e-6 * np.eye(len(at))
    chosen: Array = np.exp(logs[rng.choice(len(logs), size=number, p=weights)])
    return chosen


def _sampled(weighed: Likelihood, at: Array, scale: Array, size: int, rng: np.random.Generator) -> tuple[Array, Array]:
    root = np.linalg.cholesky(scale)
    normal = rng.standard_normal((size, len(at)))
    tails = np.sqrt(FREEDOM / rng.chisquare(FREEDOM, size=(size, 1)))
    logs = np.clip(at + (normal * tails) @ root.T, -12, 12)
    squared = (np.linalg.solve(root, (logs - at).T) ** 2).sum(axis=0)
    proposed = -0.5 * (FREEDOM + len(at)) * np.log1p(squared / FREEDOM)
    found = weighed(logs) - proposed
    weights = np.exp(found - found.max())
    return logs, weights / weights.sum()


def _covariance(around: Array, weights: Array) -> Array:
    found: Array = (around * weights[:, None]).T @ around
    return found


def _curvature(weighed: Likelihood, at: Array, wide: Array) -> Array:
    """The inverse of the second derivatives, no wider in any direction than the prior."""
    size, step = len(at), 0.02
    pairs = [(i, j) for i in range(size) for j in range(size)]
    moves = np.eye(size) * step
    points = np.array([at + a * moves[i] + b * moves[j] for i, j in pairs for a in (1, -1) for b in (1, -1)])
    values = weighed(points).reshape(len(pairs), 4)
    second = ((values[:, 0] - values[:, 1] - values[:, 2] + values[:, 3]) / (4 * step * step)).reshape(size, size)
    lengths, directions = np.linalg.eigh(-(second + second.T) / 2)
    lengths = np.maximum(np.nan_to_num(lengths, nan=0.0), 1 / float(wide.max()) ** 2)
    found: Array = directions @ np.diag(1 / lengths) @ directions.T
    return found


def interval(outcomes: Array, *, width: float = WIDTH) -> tuple[Array, Array]:
    """Between which values `width` of the rows lie, column by column."""
    return np.quantile(outcomes, (1 - width) / 2, axis=0), np.quantile(outcomes, (1 + width) / 2, axis=0)
