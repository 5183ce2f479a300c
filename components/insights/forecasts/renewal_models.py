"""Renewals of a plan that is paid by period: shifted beta-geometric and beta-discrete-Weibull.

sBG: Fader & Hardie, How to Project Customer Retention, Journal of Interactive Marketing 21(1), 2007. BdW: the same, How
to Project Customer Retention Revisited: The Role of Duration Dependence, ibid. 43, 2018. The survivor function of both
is S(t) = B(α, β + t^c) / B(α, β), with c = 1 in the sBG.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import betaln

from components.insights.forecasts import likelihood, posterior
from components.insights.forecasts.likelihood import Array, CannotForecast, FittedModel, Likelihood

SBG, BDW = "sBG", "BdW"
LEAST_BETTER = 1.92
"""Half the 95th percentile of χ² with one degree of freedom: BdW is chosen when it is better by more than luck."""
LONGEST = 40.0
"""The logarithm of t^c beyond which nobody is left anyway."""
CENTRE, SPREAD = (0.0, 1.0, 0.0), (1.5, 1.5, 0.4)


@dataclass(frozen=True)
class Renewals:
    """For each number of renewals k from 0 on: `lost`, who left instead of the next, and `kept`, who has not been asked
    for it yet."""

    lost: Array
    kept: Array

    @classmethod
    def of(cls, rows: Iterable[tuple[int, bool, int]]) -> "Renewals":
        """From rows of renewals made, whether they left then, and how many people."""
        rows = list(rows)
        size = max((done for done, _, _ in rows), default=0) + 1
        lost, kept = np.zeros(size), np.zeros(size)
        for done, has_left, people in rows:
            (lost if has_left else kept)[done] += people
        return cls(lost, kept)

    @property
    def people(self) -> int:
        return int(self.lost.sum() + self.kept.sum())

    @property
    def due(self) -> Array:
        """How many had to decide about renewal 1, 2, …"""
        left = self.lost[::-1].cumsum()[::-1]
        stayed = np.append(self.kept[::-1].cumsum()[::-1][1:], 0)
        found: Array = left + stayed
        return found[: len(found) - (0 if found[-1] else 1)]

    @property
    def observed(self) -> Array:
        """The share that is left after 0, 1, 2, … renewals, of those who had come so far (Kaplan & Meier 1958)."""
        due = self.due
        return np.concatenate([[1.0], np.cumprod(1 - self.lost[: len(due)] / np.maximum(due, 1))])


def survival(parameters: Array, renewals: Array) -> Array:
    """Rows of α, β, c against numbers of renewals."""
    return np.exp(_log_survival(parameters, renewals))


def _log_survival(parameters: Array, renewals: Array) -> Array:
    alpha, beta, power = (parameters[:, n, None] for n in range(3))
    with np.errstate(divide="ignore"):
        passed = np.exp(np.minimum(power * np.log(np.asarray(renewals, dtype=float))[None, :], LONGEST))
    found: Array = betaln(alpha, beta + passed) - betaln(alpha, beta)
    return found


def likelihood_of(seen: Renewals) -> Likelihood:
    """Of rows of α, β, c."""
    steps = np.arange(len(seen.lost) + 1)

    def found(parameters: Array) -> Array:
        logs = _log_survival(parameters, steps)
        leaving = logs[:, :-1] + np.log(-np.expm1(np.minimum(np.diff(logs), -1e-15)))
        sums: Array = leaving @ seen.lost + logs[:, :-1] @ seen.kept
        return sums

    return found


def with_power_one(of: Likelihood) -> Likelihood:
    return lambda parameters: of(np.column_stack([parameters, np.ones(len(parameters))]))


def check(seen: Renewals) -> int:
    """How many people had a renewal to decide about. Raises `CannotForecast`."""
    due = seen.due
    if not len(due) or not due[0]:
        raise CannotForecast("No renewal has been due yet.")
    likelihood.require_people(int(due[0]))
    if not seen.lost.sum():
        raise CannotForecast("Nobody has left yet, so there is nothing to learn about leaving from.")
    if seen.lost[0] >= due[0]:
        raise CannotForecast("Nobody has renewed yet.")
    if len(due) < 2:
        raise CannotForecast("Nobody has come to a second renewal yet.")
    return int(due[0])


def fit(seen: Renewals) -> tuple[FittedModel, FittedModel]:
    """The chosen model and the other one."""
    people, of = check(seen), likelihood_of(seen)
    simple, less = likelihood.maximum(with_power_one(of), (1.0, 2.0))
    full, more = likelihood.maximum(of, (*simple, 1.0))
    both = (
        FittedModel(SBG, tuple(map(float, simple)), less, people),
        FittedModel(BDW, tuple(map(float, full)), more, people),
    )
    return both if more - less <= LEAST_BETTER else (both[1], both[0])


def rows_of(fitted: FittedModel) -> Array:
    """As a row of α, β, c."""
    return np.array([[*fitted.parameters, 1.0][:3]])


def draws(seen: Renewals, rng: np.random.Generator) -> Array:
    """Rows of α, β, c that the observations leave possible. Both models are in them: c is near 1 or it is not."""
    full, _ = likelihood.maximum(likelihood_of(seen), (1.0, 2.0, 1.0))
    return posterior.draws(likelihood_of(seen), full, rng, centre=CENTRE, spread=SPREAD)


@dataclass(frozen=True)
class PaidGroup:
    """People with the same history: renewals made, how many more come due by each of some instants, and what each of
    them pays."""

    done: int
    more: tuple[int, ...]
    people: int
    worth: float = 1.0


def worth_of(groups: Iterable[PaidGroup], parameters: Array, rng: np.random.Generator | None = None) -> Array:
    """What the groups pay at each instant, a row for each row of parameters: on average, or with `rng` as it may come
    about: everyone of a group stays or leaves by themselves."""
    total: Array = np.zeros((len(parameters), 1))
    for group in groups:
        steps = np.array([group.done, *(group.done + more for more in group.more)])
        logs = _log_survival(parameters, steps)
        staying = np.exp(np.minimum(logs[:, 1:] - logs[:, :1], 0.0))
        count = staying * group.people if rng is None else rng.binomial(group.people, staying)
        total = total + count * group.worth
    return total
