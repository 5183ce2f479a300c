"""Splitting an amount into shares that add up to it exactly. Pure."""

from collections.abc import Sequence


def spread(amount: int, over: Sequence[int]) -> tuple[int, ...]:
    """Parts in proportion to the weights, never more than a weight, summing to the amount or to all the weights.

    By largest remainder: every part is rounded down, and the units left over go one each to the parts with the largest
    remainders, the first of equals first.
    """
    whole = sum(over)
    amount = min(amount, whole)
    if amount <= 0:
        return (0,) * len(over)
    parts = [amount * weight // whole for weight in over]
    by_loss = sorted(range(len(over)), key=lambda n: (-(amount * over[n] % whole), n))
    for n in by_loss[: amount - sum(parts)]:
        parts[n] += 1
    return tuple(parts)
