"""What a part of an order's money is made of, by rate of tax. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from components.pricing.allocation import spread


@dataclass(frozen=True, slots=True)
class RateShare:
    """One rate of tax, in basis points: the net amount and the tax on it, in minor units; `counted` is the part of the
    net that stands at this one where several taxes are on the same goods, as far as that was kept."""

    name: str
    rate_bp: int
    net: int
    tax: int
    counted: int | None = None

    @property
    def gross(self) -> int:
        return self.net + self.tax


def by_rate(taxes: Sequence[RateShare], *, total: int, of: int) -> tuple[RateShare, ...]:
    """`of` an order's `total`, with the same share of each of its `taxes`; what bears none has a rate of zero.

    The parts add up to it, and their tax to the same share of the order's tax, rounded half up. What bears several
    taxes stands at the first of them: the others have only their tax.
    """
    taxes = _once(taxes, most=total - sum(one.tax for one in taxes))
    untaxed = total - sum(one.gross for one in taxes)
    known = [*taxes, RateShare("", 0, untaxed, 0)] if untaxed or not taxes else list(taxes)
    if not total or not of:
        return (RateShare("", 0, of, 0),)
    tax = sum(one.tax for one in taxes)
    gross = spread(of, [one.gross for one in known])
    parts = spread((2 * tax * of + total) // (2 * total), [one.tax for one in known])
    return tuple(
        RateShare(one.name, one.rate_bp, whole - part, part)
        for one, whole, part in zip(known, gross, parts, strict=True)
        if whole or part
    )


def _once(taxes: Sequence[RateShare], *, most: int) -> list[RateShare]:
    """With no more net amount than the order has: state and city tax the same goods, GST and PST too."""
    if all(one.counted is not None for one in taxes):
        return [replace(one, net=one.counted or 0) for one in taxes]
    found = []
    for one in taxes:
        found.append(replace(one, net=min(one.net, most)))
        most -= found[-1].net
    return found
