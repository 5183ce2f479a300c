"""Which arm somebody is in: by a hash of the experiment and the customer, so that every device agrees. Pure.

Who is in which arm is written down once they are asked: `exposures.py`.
"""

import hashlib
import math
from collections.abc import Sequence
from uuid import UUID

LIMITS = (10.828, 13.816, 16.266)
"""Chi-square that is passed by chance once in 1,000 times, with two, three and four arms."""


def arm_of(experiment: UUID, person: UUID, shares: Sequence[int]) -> int:
    """The position of the arm; `shares` add up to 100."""
    digest = hashlib.sha256(f"{experiment}:{person}".encode()).digest()
    point, reached = int.from_bytes(digest[:8], "big") * 100 / 2**64, 0
    for position, share in enumerate(shares):
        reached += share
        if point < reached:
            return position
    return len(shares) - 1


def is_mismatched(counts: Sequence[int], shares: Sequence[int]) -> bool:
    """Whether so many in each arm are not what the shares would give (chi-square, p < 0.001): then something keeps
    people out of an arm, and no difference can be believed."""
    total = sum(counts)
    if not total:
        return False
    expected = [total * share / 100 for share in shares]
    value = math.fsum((seen - due) ** 2 / due for seen, due in zip(counts, expected, strict=True))
    return value > LIMITS[len(shares) - 2]
