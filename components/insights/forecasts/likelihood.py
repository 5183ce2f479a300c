"""Maximum likelihood, for models whose parameters are all positive."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Array = NDArray[Any]
Likelihood = Callable[[Array], Array]
"""From rows of parameters to the log-likelihood of each row: many sets of parameters are asked about in one call."""

FEWEST = 100
"""With fewer people nothing is said."""
FAILED = "The forecast could not be worked out: its arithmetic failed on the shop’s figures."
FURTHEST = 9.0
"""Parameters stay between e^-9 and e^9: beyond them nothing changes any more."""
STEP = 1e-4


class CannotForecast(Exception):
    """The message says why, in words for staff."""


@contextmanager
def arithmetic() -> Iterator[None]:
    """Where it fails, this one forecast cannot be made; the others can. Printed for the process that asked."""
    try:
        yield
    except (ValueError, ArithmeticError, np.linalg.LinAlgError) as why:
        print(f"{type(why).__name__}: {why}".replace("\n", " "))
        raise CannotForecast(FAILED) from why


@dataclass(frozen=True)
class FittedModel:
    model: str
    parameters: tuple[float, ...]
    log_likelihood: float
    people: int


def require_people(people: int) -> None:
    if people < FEWEST:
        raise CannotForecast(f"Too few people: {people} so far, and a forecast needs at least {FEWEST}.")


def maximum(likelihood: Likelihood, start: Sequence[float]) -> tuple[Array, float]:
    """The parameters that make the observations most likely, and the log-likelihood there."""

    def downhill(logs: Array) -> tuple[float, Array]:
        value, slope = _value_and_slope(likelihood, logs)
        return -value, -slope

    first: Any = optimize.minimize(
        downhill, np.log(start), jac=True, method="L-BFGS-B", bounds=[(-FURTHEST, FURTHEST)] * len(start)
    )
    last: Any = optimize.minimize(
        lambda logs: -float(likelihood(np.exp(logs)[None, :])[0]),
        first.x,
        method="Nelder-Mead",
        bounds=[(-FURTHEST, FURTHEST)] * len(start),
        options={"xatol": 1e-6, "fatol": 1e-8, "maxiter": 2000},
    )
    return np.exp(last.x), -float(last.fun)


def _value_and_slope(likelihood: Likelihood, logs: Array) -> tuple[float, Array]:
    """Central differences, all of them in one call."""
    steps = np.eye(len(logs)) * STEP
    found = likelihood(np.exp(np.vstack([logs[None, :], logs + steps, logs - steps])))
    above, below = found[1 : len(logs) + 1], found[len(logs) + 1 :]
    return float(found[0]), (above - below) / (2 * STEP)
