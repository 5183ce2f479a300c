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
MOST_ORDERS = 400


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
