"""How many people an experiment needs, said before it starts. Pure."""

import math

from components.experiments.confidence_sequences import ALPHA, FEWEST, width_factor

POWER_Z = 0.8416212
"""80 % power: so often a difference as large as the smallest worth knowing is found by the planned number."""
MOST = 100_000_000


def share_variance(base_bp: int) -> float:
    """Of a share in hundredths of a per cent."""
    share = base_bp / 10_000
    return share * (1 - share)


def per_arm(variance: float, other_variance: float, least: float, *, comparisons: int = 1) -> int:
    """People in each arm, of equal size, to find a difference of `least`.

    By the interval as it is at the planned number: an experiment that is looked at every day needs about twice as many
    people as one that may only be looked at once.
    """
    planned = 1_000
    reach = width_factor(planned, planned, ALPHA / comparisons) + POWER_Z
    needed = math.ceil(reach * reach * (variance + other_variance) / (least * least))
    return min(max(needed, FEWEST), MOST)


def for_shares(base_bp: int, least_bp: int, *, comparisons: int = 1) -> int:
    return per_arm(
        share_variance(base_bp), share_variance(min(base_bp + least_bp, 10_000)), least_bp / 10_000,
        comparisons=comparisons,
    )  # fmt: skip


def for_money(spread: int, least: int, *, comparisons: int = 1) -> int:
    """`spread`: the standard deviation of one person's money; both in minor units."""
    return per_arm(float(spread) ** 2, float(spread) ** 2, float(least), comparisons=comparisons)


def days(needed_in_all: int, per_day: float, window: int) -> int | None:
    """Until so many have been asked and their days have passed; None where nobody comes."""
    return math.ceil(needed_in_all / per_day) + window if per_day > 0 else None


def in_all(needed: int, shares: tuple[int, ...]) -> int:
    """Everybody who must be asked, so that the smallest arm has enough."""
    return math.ceil(needed * 100 / min(shares))
