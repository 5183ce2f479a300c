"""Experiments that are looked at every day: how often chance is taken for a difference, and how often a real one seen.

`python -m benchmarks.experiments [shops]`, 2,000 unless said. In each made-up shop people are asked for 90 days, and
each day somebody looks. Without any difference between the arms at most 5 % may ever show one; of intervals around a
real one at most 5 % may ever miss it; and at the planned number at least 80 % must have found the smallest difference
worth knowing. Beside it, how often the ordinary interval for one look would have been wrong. Without a
database: the arithmetic is the shop's own.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from components.experiments import sample_sizes
from components.experiments.confidence_sequences import ArmSum, difference

DAYS = 90
MOST_FALSE, LEAST_POWER = 0.05, 0.80
Draw = Callable[[np.random.Generator, int], "np.ndarray[tuple[int], np.dtype[np.int64]]"]


@dataclass(frozen=True)
class Case:
    """One kind of shop: how many are asked a day in both arms, and what a person of each arm brings."""

    name: str
    per_day: int
    is_share: bool
    control: Draw
    arm: Draw
    truth: float = 0.0


@dataclass(frozen=True)
class Outcome:
    """Of all shops: ever showed a difference, ever missed the truth, and ever would have with one look's interval."""

    seen: float
    missed: float
    plainly: float


def joins(share: float) -> Draw:
    return lambda chance, people: (chance.random(people) < share).astype(np.int64)


def money(buys: float, mean: float, spread: float, factor: float = 1.0) -> Draw:
    """Most bring nothing, few bring much: in pence."""
    return lambda chance, people: np.where(
        chance.random(people) < buys, chance.lognormal(mean, spread, people) * factor, 0
    ).astype(np.int64)


def looked_at(case: Case, chance: np.random.Generator, planned: int, days: int = DAYS) -> tuple[bool, bool, bool]:
    """One shop, day by day."""
    arms, seen, missed, plainly = [ArmSum(), ArmSum()], False, False, False
    for _ in range(days):
        split = int(chance.binomial(case.per_day, 0.5))
        for place, (draw, people) in enumerate(((case.control, case.per_day - split), (case.arm, split))):
            values = draw(chance, people)
            added = ArmSum(people, int(values.sum()), int((values * values).sum()))
            arms[place] = arms[place].plus(added)
        found = difference(arms[1], arms[0], is_share=case.is_share, planned=planned)
        if found is not None:
            seen |= found.is_certain
            missed |= not found.low <= case.truth <= found.high
            plainly |= _plain(arms)
    return seen, missed, plainly


def _plain(arms: list[ArmSum]) -> bool:
    """What an ordinary 95 % interval would say at this look."""
    parts = [(one.squares - one.total * one.total / one.people) / (one.people - 1) / one.people for one in arms]
    return bool(abs(arms[1].mean - arms[0].mean) > 1.959964 * sum(parts) ** 0.5)


def measured(case: Case, shops: int, *, planned: int, days: int = DAYS, seed: int = 13) -> Outcome:
    chance = np.random.default_rng(seed)
    found = np.array([looked_at(case, chance, planned, days) for _ in range(shops)])
    return Outcome(*(float(share) for share in found.mean(axis=0)))


ALIKE = (
    Case("joins, 2 of 100, 40 a day", 40, True, joins(0.02), joins(0.02)),
    Case("joins, 10 of 100, 20 a day", 20, True, joins(0.10), joins(0.10)),
    Case("joins, 30 of 100, 200 a day", 200, True, joins(0.30), joins(0.30)),
    Case("joins, 1 of 1,000, 100 a day", 100, True, joins(0.001), joins(0.001)),
    Case("money, 15 of 100 buy", 40, False, money(0.15, 8.0, 0.8), money(0.15, 8.0, 0.8)),
    Case("money, 3 of 100 buy, wildly", 40, False, money(0.03, 8.0, 1.2), money(0.03, 8.0, 1.2)),
)
PLANNED = 3_000
"""Fixed before, as an experiment's is, and not fitted to any case."""


def power(base_bp: int, least_bp: int, shops: int, *, seed: int = 14) -> float:
    """How often a difference as large as the smallest worth knowing is found by the planned number of people."""
    needed = 2 * sample_sizes.for_shares(base_bp, least_bp)
    per_day = -(-needed // DAYS)
    case = Case("", per_day, True, joins(base_bp / 10_000), joins((base_bp + least_bp) / 10_000), least_bp / 10_000)
    return measured(case, shops, planned=needed, seed=seed).seen


POWERS = ((200, 100), (1_000, 300), (3_000, 500))
BETTER = Case("joins, 10 and 13 of 100", 40, True, joins(0.10), joins(0.13), 0.03)


def main(shops: int) -> bool:
    is_good = True
    print(f"{shops} shops of each kind, looked at on each of {DAYS} days")
    for case in ALIKE:
        found = measured(case, shops, planned=PLANNED)
        is_good &= found.seen <= MOST_FALSE
        print(f"  no difference: {case.name}: {found.seen:.2%} ever showed one ({found.plainly:.2%} plainly)")
    found = measured(BETTER, shops, planned=PLANNED)
    is_good &= found.missed <= MOST_FALSE
    print(f"  {BETTER.name}: {found.missed:.2%} of the intervals ever missed the truth")
    for base, least in POWERS:
        share = power(base, least, shops)
        is_good &= share >= LEAST_POWER
        print(f"  {base / 100:g} and {(base + least) / 100:g} of 100: {share:.1%} found at the planned number")
    print("good" if is_good else "NOT good")
    return is_good


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000) else 1)
