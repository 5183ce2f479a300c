"""Whether joining would pay for itself, stated honestly. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from components.memberships.plans.plan_catalogue import PlanView

LEAST_GAIN = 100
"""In minor units. Below it, or below a twentieth of the fee where that is more, a gain is too small to recommend
joining for: another basket, or the return of one item, turns it into a loss. It is not a setting, because a shop that
earns from joining should not choose it."""
_A_YEAR = {"week": 52, "month": 12, "year": 1}


@dataclass(frozen=True, slots=True)
class TrialTerms:
    """One plan tried on one basket, and on the last twelve months: what it would take off, in minor units.

    `past` is None when nothing was bought in that time; `credit` of it would have been earned as store credit.
    """

    plan: PlanView
    saved: int
    past: int | None = None
    credit: int = 0

    @property
    def left(self) -> int:
        """What remains once the first fee is paid; negative when the fee is higher."""
        return self.saved - self.plan.price.amount

    @property
    def pays(self) -> bool:
        """This basket alone pays the first fee."""
        return self.left >= 0

    @property
    def is_worth_urging(self) -> bool:
        """This basket pays the first fee, and leaves more than a negligible gain."""
        return self.left >= max(LEAST_GAIN, -(-self.plan.price.amount // 20))

    @property
    def year_fee(self) -> int:
        """What twelve months of it cost, rounded up; a fixed term or a lifetime plan is paid once."""
        if self.plan.is_once or self.plan.interval not in _A_YEAR:
            return self.plan.price.amount
        return -(-self.plan.price.amount * _A_YEAR[self.plan.interval] // self.plan.interval_count)

    @property
    def lasts_a_year(self) -> bool:
        """Renews, or is paid once for a year or more."""
        return not self.plan.is_once or self.plan.interval in ("year", "life")

    @property
    def paid_off(self) -> bool:
        """A year like the last one pays for a year of it."""
        return self.past is not None and self.past >= self.year_fee

    @property
    def short_by(self) -> int:
        """How far the last twelve months are from paying for a year of it."""
        return self.year_fee - (self.past or 0)

    @property
    def baskets(self) -> int | None:
        """How many such baskets pay for one fee; None when none ever would."""
        return -(-self.plan.price.amount // self.saved) if self.saved > 0 else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """`best` is the plan to recommend: the cheapest that pays off, otherwise the one that comes closest,
    of those that save anything.

    `year` is the cheapest way to be a member for a year, whichever plan is named.
    """

    best: TrialTerms
    year: TrialTerms

    @property
    def pays(self) -> bool:
        return self.best.pays or self.best.paid_off

    @property
    def is_worth_urging(self) -> bool:
        return self.best.paid_off or self.best.is_worth_urging


def verdict(trials: Sequence[TrialTerms]) -> Verdict | None:
    """A year of the person's own orders says more than one basket. None when there is no fee."""
    paid = [trial for trial in trials if not trial.plan.is_free]
    if not paid:
        return None
    years = [trial for trial in paid if trial.lasts_a_year] or paid
    return Verdict(_named(paid), min(years, key=lambda trial: trial.year_fee))


def _named(paid: Sequence[TrialTerms]) -> TrialTerms:
    if paying := [trial for trial in paid if trial.paid_off]:
        return min(paying, key=lambda trial: trial.year_fee)
    if paying := [trial for trial in paid if trial.pays]:
        return min(paying, key=lambda trial: trial.plan.price.amount)
    closer = [trial for trial in paid if trial.saved > 0 or trial.past] or paid
    if any(trial.past is not None for trial in closer):
        return min(closer, key=lambda trial: trial.short_by)
    return max(closer, key=lambda trial: trial.left)


def costs_less(one: PlanView, held: PlanView) -> bool:
    """In a year, of plans that renew: £4.50 a month is more than £39.00 a year."""
    return _a_year(one) < _a_year(held)


def _a_year(plan: PlanView) -> Fraction:
    return Fraction(plan.price.amount * _A_YEAR[plan.interval], plan.interval_count)
