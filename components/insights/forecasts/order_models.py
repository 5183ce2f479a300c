"""Who orders again, and whether they still do: BG/NBD and MBG/NBD.

BG/NBD: Fader, Hardie & Lee, "Counting Your Customers" the Easy Way, Marketing Science 24(2), 2005. MBG/NBD, in which
somebody may be gone after the first order: Batislam, Denizel & Filiztekin, Empirical validation and comparison of
models for customer base analysis, International Journal of Research in Marketing 24(3), 2007.
Parameters are r, α (orders come as a Poisson process with a gamma-distributed rate) and a, b (the chance to be gone
after an order is beta-distributed).
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import betaln, gammaln, hyp2f1

from components.insights.forecasts import likelihood, posterior
from components.insights.forecasts.likelihood import Array, CannotForecast, FittedModel, Likelihood

BG, MBG = "BG/NBD", "MBG/NBD"
CENTRE, SPREAD = (0.0, 1.5, 0.0, 0.7), (1.5, 1.5, 1.5, 1.5)
DRAWS = 160
FUTURES = 60
"""How many futures of each history the spread of outcomes is taken from."""


@dataclass(frozen=True)
class OrderHistories:
    """Equal histories, once: repeat orders, weeks from the first to the last and to today, and how many people."""

    repeats: Array
    last: Array
    age: Array
    people: Array

    def __len__(self) -> int:
        return len(self.people)


def _logs(parameters: Array, seen: OrderHistories, model: str) -> tuple[Array, Array, Array]:
    """What both states share, and the logarithms of having it as a buyer and as somebody who is gone."""
    r, alpha, a, b = (parameters[:, n, None] for n in range(4))
    x, more = seen.repeats[None, :], float(model == MBG)
    shared = gammaln(r + x) - gammaln(r) + r * np.log(alpha) - betaln(a, b)
    there = betaln(a, b + x + more) - (r + x) * np.log(alpha + seen.age[None, :])
    chances = b + x + more - 1
    gone = betaln(a + 1, np.where(chances > 0, chances, 1.0)) - (r + x) * np.log(alpha + seen.last[None, :])
    if model == BG:
        gone = np.where(x > 0, gone, -np.inf)
    return shared, there, gone


def likelihood_of(seen: OrderHistories, model: str) -> Likelihood:
    def found(parameters: Array) -> Array:
        shared, there, gone = _logs(parameters, seen, model)
        sums: Array = (shared + np.logaddexp(there, gone)) @ seen.people
        return sums

    return found


def fit(seen: OrderHistories) -> tuple[FittedModel, FittedModel]:
    """The more likely model and the other one; both have four parameters."""
    people = int(seen.people.sum()) if len(seen) else 0
    likelihood.require_people(people)
    if not (seen.repeats * seen.people).sum():
        raise CannotForecast("Nobody has ordered a second time yet.")
    if not seen.age.max():
        raise CannotForecast("All first orders are of this week.")
    found = []
    for model in (BG, MBG):
        best, value = likelihood.maximum(likelihood_of(seen, model), (0.5, 8.0, 0.7, 2.0))
        found.append(FittedModel(model, tuple(map(float, best)), value, people))
    found.sort(key=lambda one: -one.log_likelihood)
    return found[0], found[1]


def draws(seen: OrderHistories, fitted: FittedModel, rng: np.random.Generator, *, number: int = DRAWS) -> Array:
    of = likelihood_of(seen, fitted.model)
    rounds = (150, 150, 400)
    return posterior.draws(of, fitted.parameters, rng, centre=CENTRE, spread=SPREAD, number=number, rounds=rounds)


def forecast(
    seen: OrderHistories, both: tuple[FittedModel, FittedModel], weeks: float, rng: np.random.Generator
) -> Array:
    """Outcomes of both models, each as often as it is likely: which of them is true is part of what is not known."""
    chance = 1 / (1 + np.exp(both[1].log_likelihood - both[0].log_likelihood))
    first = int(np.rint(DRAWS * chance))
    parts = [
        outcomes(draws(seen, one, rng, number=number), seen, one, weeks, rng)
        for one, number in zip(both, (first, DRAWS - first), strict=True)
        if number
    ]
    return np.concatenate(parts)


def still_there(parameters: Array, seen: OrderHistories, model: str) -> Array:
    """The probability that somebody with this history still orders."""
    _, there, gone = _logs(parameters, seen, model)
    chance: Array = np.exp(there - np.logaddexp(there, gone))
    return chance


def expected(parameters: Array, seen: OrderHistories, model: str, weeks: float) -> Array:
    """Orders of one person with each history in the weeks to come, on average."""
    r, alpha, a, b = (parameters[:, n, None] for n in range(4))
    a = np.where(np.abs(a - 1) < 1e-4, 1 + 1e-4, a)
    rate, since, chances = (
        r + seen.repeats[None, :],
        alpha + seen.age[None, :],
        b + seen.repeats[None, :] + (model == MBG),
    )
    shrunk = (since / (since + weeks)) ** rate * hyp2f1(rate, chances, a + chances - 1, weeks / (since + weeks))
    orders = (a + chances - 1) / (a - 1) * (1 - shrunk)
    orders = np.clip(np.nan_to_num(orders, nan=0.0), 0.0, rate / since * weeks)
    found: Array = still_there(parameters, seen, model) * orders
    return found


def outcomes(
    parameters: Array, seen: OrderHistories, fitted: FittedModel, weeks: float, rng: np.random.Generator
) -> Array:
    """How many orders everybody together may place, one outcome for each row of parameters.

    Somebody who is there orders as a Poisson process until the order after which they are gone.
    """
    means = expected(parameters, seen, fitted.model, weeks) @ seen.people
    r, alpha, a, b = fitted.parameters
    shape = (FUTURES, len(seen))
    rate = rng.gamma(r + seen.repeats, 1 / (alpha + seen.age), shape)
    chance = rng.beta(a, b + seen.repeats + (fitted.model == MBG), shape)
    placed = np.minimum(rng.poisson(rate * weeks), rng.geometric(np.clip(chance, 1e-9, 1.0)))
    placed = placed * (rng.random(shape) < still_there(np.array([fitted.parameters]), seen, fitted.model))
    noise = np.sqrt(placed.var(axis=0) @ seen.people)
    found: Array = np.maximum(0.0, means + noise * rng.standard_normal(len(means)))
    return found[:, None]
