"""Habits by period, such as months in which a member uses a benefit: BG/BB.

Fader, Hardie & Shang, Customer-Base Analysis in a Discrete-Time Noncontractual Setting, Marketing Science 29(6), 2010.
Parameters α, β (the chance of a period with a use) and γ, δ (the chance to be gone at the start of a period).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

from components.insights.forecasts import likelihood, posterior
from components.insights.forecasts.likelihood import Array, CannotForecast, FittedModel, Likelihood

MODEL = "BG/BB"
CENTRE, SPREAD = (0.0, 0.0, 0.0, 1.0), (1.2, 1.2, 1.2, 1.2)
FUTURES = 200


@dataclass(frozen=True)
class HabitHistories:
    """Equal histories, once: periods with a use, the last of them (0: none), periods in all, and how many people."""

    used: Array
    last: Array
    periods: Array
    people: Array


def _logs(parameters: Array, seen: HabitHistories) -> tuple[Array, Array]:
    """The logarithms of the history as somebody who is still there, and as anybody."""
    alpha, beta, gamma, delta = (parameters[:, n, None] for n in range(4))
    x, n = seen.used[None, :], seen.periods[None, :]
    base = betaln(alpha, beta) + betaln(gamma, delta)
    there = betaln(alpha + x, beta + n - x) + betaln(gamma, delta + n)
    return there - base, np.logaddexp(there, _logs_gone(parameters, seen)) - base


def _logs_gone(parameters: Array, seen: HabitHistories) -> Array:
    """Gone at the start of one of the periods after the last use: the sum over all of them."""
    alpha, beta, gamma, delta = (parameters[:, n, None] for n in range(4))
    time = np.arange(int(seen.periods.max()) + 1)
    counts, which = np.unique(seen.used, return_inverse=True)
    ends = betaln(gamma + 1, delta + time[None, :])
    rest = np.maximum(time[None, :] - counts[:, None], 0.0)
    each = betaln(alpha[:, :, None] + counts[None, :, None], beta[:, :, None] + rest[None, :, :]) + ends[:, None, :]
    found = np.full((len(parameters), len(seen.people)), -np.inf)
    last, silent = seen.last.astype(int), (seen.periods - seen.last).astype(int)
    for i in range(silent.max(initial=0)):
        some = np.flatnonzero(silent > i)
        found[:, some] = np.logaddexp(found[:, some], each[:, which[some], last[some] + i])
    return found


def likelihood_of(seen: HabitHistories) -> Likelihood:
    def found(parameters: Array) -> Array:
        sums: Array = _logs(parameters, seen)[1] @ seen.people
        return sums

    return found


def fit(seen: HabitHistories) -> FittedModel:
    people = int(seen.people[seen.periods > 0].sum()) if len(seen.people) else 0
    likelihood.require_people(people)
    if seen.periods.max() < 2:
        raise CannotForecast("Nobody has been there for two whole months yet.")
    if not (seen.used * seen.people).sum():
        raise CannotForecast("Nobody has used a benefit again yet.")
    best, value = likelihood.maximum(likelihood_of(seen), (1.0, 1.0, 0.7, 3.0))
    return FittedModel(MODEL, tuple(map(float, best)), value, people)


def draws(seen: HabitHistories, fitted: FittedModel, rng: np.random.Generator, *, number: int = 200) -> Array:
    of = likelihood_of(seen)
    return posterior.draws(
        of, fitted.parameters, rng, centre=CENTRE, spread=SPREAD, number=number, rounds=(200, 200, 600)
    )


def still_there(parameters: Array, seen: HabitHistories) -> Array:
    """The probability that somebody with this history is still there, at the last period."""
    there, every = _logs(parameters, seen)
    chance: Array = np.exp(there - every)
    return chance


def expected(parameters: Array, seen: HabitHistories, periods: int) -> Array:
    """Periods with a use of one person with each history, in the periods to come, on average."""
    alpha, beta, gamma, delta = (parameters[:, n, None] for n in range(4))
    x, n = seen.used[None, :], seen.periods[None, :]
    staying = sum(np.exp(betaln(gamma, delta + n + k) - betaln(gamma, delta + n)) for k in range(1, periods + 1))
    found: Array = still_there(parameters, seen) * staying * (alpha + x) / (alpha + beta + n)
    return found


def outcomes(
    parameters: Array, seen: HabitHistories, fitted: FittedModel, periods: int, rng: np.random.Generator
) -> Array:
    """How many periods with a use everybody together may have, one outcome for each row of parameters."""
    means = expected(parameters, seen, periods) @ seen.people
    alpha, beta, gamma, delta = fitted.parameters
    shape = (FUTURES, len(seen.people))
    use = rng.beta(alpha + seen.used, beta + seen.periods - seen.used, shape)
    end = rng.beta(gamma, delta + seen.periods, shape)
    left = np.minimum(rng.geometric(np.clip(end, 1e-9, 1.0)) - 1, periods)
    left = left * (rng.random(shape) < still_there(np.array([fitted.parameters]), seen))
    noise = np.sqrt(rng.binomial(left, use).var(axis=0) @ seen.people)
    found: Array = np.maximum(0.0, means + noise * rng.standard_normal(len(means)))
    return found[:, None]
