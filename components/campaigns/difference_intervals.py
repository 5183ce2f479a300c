"""How sure a difference between two groups is: 95 % intervals. Pure.

Of shares: Newcombe's hybrid score interval (1998, method 10), which stays true where few buy. Of amounts: the means'
difference with its standard error (Welch), which needs some hundred people in each group.
"""

import math
from dataclasses import dataclass

Z = 1.959964
FEWEST = 100
"""With fewer in either group nothing is said."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    middle: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether zero, no difference, is outside."""
        return self.low > 0 or self.high < 0


def wilson(hits: int, of: int) -> tuple[float, float]:
    share, square = hits / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def of_shares(hits: int, of: int, other_hits: int, other_of: int) -> Interval:
    """The first share less the other."""
    share, other = hits / of, other_hits / other_of
    (low, high), (other_low, other_high) = wilson(hits, of), wilson(other_hits, other_of)
    difference = share - other
    return Interval(
        difference - math.hypot(share - low, other_high - other),
        difference,
        difference + math.hypot(high - share, other - other_low),
    )


def of_means(total: int, squares: int, of: int, other_total: int, other_squares: int, other_of: int) -> Interval:
    """The first mean less the other, from sums and sums of squares."""
    half = Z * math.sqrt(
        _variance(total, squares, of) / of + _variance(other_total, other_squares, other_of) / other_of
    )
    difference = total / of - other_total / other_of
    return Interval(difference - half, difference, difference + half)


def _variance(total: int, squares: int, of: int) -> float:
    return max(0.0, (squares - total * total / of) / (of - 1))
