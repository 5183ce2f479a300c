"""How sure a difference between two arms is, at every look: asymptotic 95 % confidence sequences. Pure.

An ordinary interval is right for one look that was fixed before; whoever looks each day and stops at the first clear
one is wrong far more often than 5 %. These are wrong at any look in at most 5 % of all experiments. The boundary is the
normal mixture of Robbins, in the asymptotic form of Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas, “Time-uniform
central limit theory and asymptotic confidence sequences” (Annals of Statistics 52, 2024; theorem 2.2 and, for the
difference of two arms drawn by chance, section 3):

    difference ± s·sqrt( 2(nρ² + 1)/(n²ρ²) · log( sqrt(nρ² + 1)/α ) )

n: people of both arms; s²/n: the estimated variance of the difference (Welch), so s² = n(s₁²/n₁ + s₀²/n₀); ρ is fixed
before the start so that the interval is shortest at the planned number of people:
ρ² = (−2 log α + log(−2 log α + 1))/n*.

Of shares, the variance is that of a share drawn towards one half by two people (Agresti and Coull): of few joins the
plain one is too small, and with none at all it is nothing.
"""

import math
from dataclasses import dataclass

ALPHA = 0.05
FEWEST = 100
"""With fewer in either arm nothing is said."""
PRIOR = 4
"""So many people, half of them joining, are added to an arm before its variance is taken."""


@dataclass(frozen=True, slots=True)
class ArmSum:
    """One arm so far: how many people, the sum of their values, and of the values squared. Of shares, values are 0
    or 1."""

    people: int = 0
    total: int = 0
    squares: int = 0

    @property
    def mean(self) -> float:
        return self.total / self.people if self.people else 0.0

    def plus(self, other: "ArmSum") -> "ArmSum":
        return ArmSum(self.people + other.people, self.total + other.total, self.squares + other.squares)


@dataclass(frozen=True, slots=True)
class SequenceInterval:
    low: float
    middle: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether zero, no difference, is outside."""
        return self.low > 0 or self.high < 0


def rho_squared(planned: int, alpha: float = ALPHA) -> float:
    """For the shortest interval at so many people of both arms."""
    twice = -2 * math.log(alpha)
    return (twice + math.log(twice + 1)) / max(planned, 2 * FEWEST)


def width_factor(people: int, planned: int, alpha: float = ALPHA) -> float:
    """How many standard errors the interval reaches to each side; 1.96 for a single look."""
    spread = people * rho_squared(planned, alpha)
    return math.sqrt(2 * (spread + 1) / spread * math.log(math.sqrt(spread + 1) / alpha))


def difference(
    arm: ArmSum, control: ArmSum, *, is_share: bool, planned: int, comparisons: int = 1
) -> SequenceInterval | None:
    """The arm less the control; None with too few in either. `planned` people of both; with several arms compared
    with one control, each interval is wider, so that all hold together (Bonferroni)."""
    if min(arm.people, control.people) < FEWEST:
        return None
    error = math.sqrt(sum(variance(one, is_share=is_share) / one.people for one in (arm, control)))
    half = error * width_factor(arm.people + control.people, planned, ALPHA / comparisons)
    middle = arm.mean - control.mean
    return SequenceInterval(middle - half, middle, middle + half)


def variance(one: ArmSum, *, is_share: bool) -> float:
    if is_share:
        share = (one.total + PRIOR / 2) / (one.people + PRIOR)
        return share * (1 - share)
    return max(0.0, (one.squares - one.total * one.total / one.people) / (one.people - 1))
