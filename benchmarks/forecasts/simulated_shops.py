"""Shops whose members and buyers behave as the models say, with other parameters in every shop.

Each gives what the shop would have seen until today, and what happened afterwards.
"""

from dataclasses import dataclass

import numpy as np

from components.insights.forecasts.habit_model import HabitHistories
from components.insights.forecasts.likelihood import Array
from components.insights.forecasts.order_models import OrderHistories
from components.insights.forecasts.renewal_models import PaidGroup, Renewals

MONTHS, WEEKS, PERIODS = 6, 26, 6
"""How far the forecasts reach."""
MOST_ORDERS, A_YEAR = 400, 52


@dataclass(frozen=True)
class RenewingShop:
    seen: Renewals
    groups: list[PaidGroup]
    happened: int


def renewing(rng: np.random.Generator) -> RenewingShop:
    """A monthly plan of up to two years; some plans lose people faster with time, some slower."""
    people, power = int(rng.integers(150, 900)), _between(rng, 0.7, 1.5)
    leaves = rng.beta(_between(rng, 0.3, 3), _between(rng, 1, 10), people).clip(1e-12, 1 - 1e-12)
    lasts = (np.log(rng.random(people)) / np.log1p(-leaves)) ** (1 / power)
    life = np.ceil(np.minimum(lasts, 1e6)).clip(1)
    due = rng.integers(1, 25, people)
    left, done = life <= due, np.minimum(life - 1, due).astype(int)
    rows = [(int(k), bool(gone), int(n)) for (k, gone), n in _counted(done, left)]
    groups = [PaidGroup(k, (MONTHS,), n) for k, gone, n in rows if not gone]
    return RenewingShop(Renewals.of(rows), groups, int((life > due + MONTHS).sum()))


def ordering(rng: np.random.Generator) -> tuple[OrderHistories, int]:
    """Buyers of up to two years; in every second shop some never come back after their first order."""
    people, from_first = int(rng.integers(150, 800)), bool(rng.integers(2))
    rate = rng.gamma(_between(rng, 0.2, 1.5), 1 / _between(rng, 2, 20), people)
    leaves = rng.beta(_between(rng, 0.3, 2), _between(rng, 1, 5), people)
    age = rng.uniform(4, 104, people)
    at, repeats, last, later = np.zeros(people), np.zeros(people), np.zeros(people), 0
    there = rng.random(people) >= leaves if from_first else np.ones(people, dtype=bool)
    for _ in range(MOST_ORDERS):
        at = np.where(there, at + rng.exponential(1 / rate.clip(1e-9)), np.inf)
        seen = at <= age
        repeats, last = repeats + seen, np.where(seen, at, last)
        later += int(((at > age) & (at <= age + WEEKS)).sum())
        there = (at <= age + WEEKS) & (rng.random(people) >= leaves)
        if not there.any():
            break
    counted = _counted(repeats, np.round(last), np.round(age))
    columns = np.array([[*key, n] for key, n in counted], dtype=float).T
    return OrderHistories(*columns), later


@dataclass(frozen=True)
class DriftingShop:
    """`checks`: what had been seen some months ago, and what happened from then on."""

    checks: list[tuple[int, OrderHistories, int]]
    seen: OrderHistories
    happened: int


def drifting(rng: np.random.Generator) -> DriftingShop:
    """Three years of buyers who order more or less from season to season, together: no model knows of that."""
    people, weeks = int(rng.integers(200, 700)), 3 * A_YEAR
    mood = np.exp(np.cumsum(rng.normal(0, _between(rng, 0.01, 0.04), weeks + A_YEAR)))
    passed = np.concatenate([[0.0], np.cumsum(mood)])
    rate = rng.gamma(_between(rng, 0.5, 1.5), 1 / _between(rng, 4, 20), people).clip(1e-9)
    leaves, first = rng.beta(_between(rng, 0.3, 2), _between(rng, 3, 20), people), rng.uniform(0, weeks - 10, people)
    gaps = rng.exponential(1 / rate[:, None], (people, MOST_ORDERS))
    times = np.interp(np.interp(first, np.arange(len(passed)), passed)[:, None] + np.cumsum(gaps, axis=1),
                      passed, np.arange(len(passed)), right=np.inf)  # fmt: skip
    times[np.arange(MOST_ORDERS)[None, :] >= rng.geometric(leaves.clip(1e-9))[:, None]] = np.inf

    def at(then: int, until: int) -> tuple[OrderHistories, int]:
        known = first <= then
        seen = np.where(times[known] <= then, times[known], -np.inf)
        last = np.maximum(seen.max(axis=1) - first[known], 0.0)
        counted = _counted((seen > 0).sum(axis=1), np.round(last), np.round(then - first[known]))
        columns = np.array([[*key, n] for key, n in counted], dtype=float).T
        return OrderHistories(*columns), int(((times[known] > then) & (times[known] <= until)).sum())

    before = [(months, *at(weeks - A_YEAR * months // 12, weeks)) for months in (6, 12)]
    return DriftingShop(before, *at(weeks, weeks + A_YEAR))


def using(rng: np.random.Generator) -> tuple[HabitHistories, int]:
    """Members of up to a year and a half, and in which months they used a benefit."""
    people = int(rng.integers(150, 900))
    uses = rng.beta(_between(rng, 0.4, 3), _between(rng, 0.4, 3), people)
    leaves = rng.beta(_between(rng, 0.3, 2), _between(rng, 2, 10), people).clip(1e-9)
    periods, life = rng.integers(1, 19, people), rng.geometric(leaves) - 1
    number = np.arange(1, 19 + PERIODS)
    used = (number[None, :] <= life[:, None]) & (rng.random((people, len(number))) < uses[:, None])
    seen = used & (number[None, :] <= periods[:, None])
    later = used & ~seen & (number[None, :] <= periods[:, None] + PERIODS)
    counted = _counted(seen.sum(axis=1), (seen * number).max(axis=1), periods)
    columns = np.array([[*key, n] for key, n in counted], dtype=float).T
    return HabitHistories(*columns), int(later.sum())


def _counted(*columns: Array) -> list[tuple[tuple[float, ...], int]]:
    keys, counts = np.unique(np.column_stack(columns), axis=0, return_counts=True)
    return [(tuple(map(float, key)), int(n)) for key, n in zip(keys, counts, strict=True)]


def _between(rng: np.random.Generator, low: float, high: float) -> float:
    """Evenly on the logarithm."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))
