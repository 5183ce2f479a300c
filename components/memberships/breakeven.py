"""Whether joining would pay for itself, said as it is. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.memberships.offers import PlanView


@dataclass(frozen=True, slots=True)
class Trial:
    """One plan tried on one basket: what it would take off, in minor units."""

    plan: PlanView
    saved: int

    @property
    def left(self) -> int:
        """What remains once the first fee is paid; negative when the fee is higher."""
        return self.saved - self.plan.price.amount

    @property
    def pays(self) -> bool:
        return self.left >= 0

    @property
    def baskets(self) -> int | None:
        """How many such baskets pay for one fee; None when none ever would."""
        return -(-self.plan.price.amount // self.saved) if self.saved > 0 else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`best` is the plan to name: the cheapest that pays, else the one that comes nearest."""

    best: Trial

    @property
    def pays(self) -> bool:
        return self.best.pays


def verdict(trials: Sequence[Trial]) -> Verdict | None:
    """None when there is nothing to pay for."""
    paid = [trial for trial in trials if not trial.plan.is_free]
    if not paid:
        return None
    paying = [trial for trial in paid if trial.pays]
    if paying:
        return Verdict(min(paying, key=lambda trial: trial.plan.price.amount))
    return Verdict(max(paid, key=lambda trial: trial.left))
