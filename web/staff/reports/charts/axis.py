"""The values beside an axis: round numbers that cover what is drawn. Pure."""

import math
from dataclasses import dataclass

STEPS = (1, 2, 5, 10)
AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Axis:
    """From the lowest tick to the highest, zero among them."""

    ticks: tuple[int, ...]

    @property
    def low(self) -> int:
        return self.ticks[0]

    @property
    def high(self) -> int:
        return self.ticks[-1]

    def share(self, value: float) -> float:
        """How far up the axis it is: 0 at the lowest tick, 1 at the highest."""
        return (value - self.low) / (self.high - self.low)


def axis(low: float, high: float, *, least_step: int = 1) -> Axis:
    """Of values between these; with nothing to show, from zero to one step."""
    low, high = min(0, low), max(0, high)
    step = _step((high - low) / AT_MOST, least_step)
    first, last = math.floor(low / step), math.ceil(high / step)
    return Axis(tuple(n * step for n in range(first, max(last, first + 1) + 1)))


def _step(rough: float, least: int) -> int:
    ten = least
    while True:
        for one in STEPS:
            if one * ten >= rough:
                return one * ten
        ten *= 10
