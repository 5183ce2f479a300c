"""Monthly recurring revenue: the arithmetic. Pure; amounts in minor units a month, instants half-open.

MRR(t) is the sum of the recurring fees running at t, each divided by its interval in months. Trials, one-off fees,
shop orders and the free tier count nothing; neither does a subscription while it is paused or unpaid. Refunds change
nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from uuid import UUID

KINDS = ("new", "expansion", "reactivation", "resume", "contraction", "pause", "churn")
MERGED_WITHIN = timedelta(minutes=60)
MONTHS: dict[str, Fraction] = {"week": Fraction(12 * 7 * 400, 146097), "month": Fraction(1), "year": Fraction(12)}
"""A calendar of 400 years has 146,097 days: a week is 0.23 of its months."""


def per_month(fee: int, *, interval: str, count: int) -> int:
    """What a fee comes to in a month, rounded half up; nothing for a plan that bills once or never."""
    if interval not in MONTHS:
        return 0
    share = Fraction(fee) / (MONTHS[interval] * count)
    return int(share + Fraction(1, 2))


@dataclass(frozen=True)
class MrrChange:
    """What one person pays a month became `balance` at an instant, having been `balance - amount`."""

    person: UUID
    at: datetime
    amount: int
    balance: int
    kind: str
    because: str = ""


def change_kind(before: int, after: int, *, has_paid_before: bool, is_paused: bool, was_paused: bool) -> str:
    """The movement's name; `before` and `after` differ."""
    if after == 0:
        return "pause" if is_paused else "churn"
    if before == 0:
        if was_paused:
            return "resume"
        return "reactivation" if has_paid_before else "new"
    return "expansion" if after > before else "contraction"


def merge_changes(changes: Iterable[MrrChange]) -> list[MrrChange]:
    """Changes of one person within an hour of the first of them are one change, or none when they cancel out."""
    kept: dict[UUID, list[MrrChange]] = {}
    for change in sorted(changes, key=lambda change: change.at):
        hers = kept.setdefault(change.person, [])
        if hers and change.at - hers[-1].at <= MERGED_WITHIN:
            hers[-1] = _together(hers[-1], change)
        else:
            hers.append(change)
    together = [change for hers in kept.values() for change in hers if change.amount]
    return sorted(together, key=lambda change: change.at)


def _together(first: MrrChange, second: MrrChange) -> MrrChange:
    amount = first.amount + second.amount
    before, after = first.balance - first.amount, second.balance
    kind = first.kind if not before else second.kind
    if before and after:
        kind = "expansion" if amount > 0 else "contraction"
    return replace(first, amount=amount, balance=after, kind=kind, because=second.because)


@dataclass(frozen=True)
class MrrPeriod:
    """One stretch of the ledger: `end` is `start` and everything that moved."""

    from_at: datetime
    until: datetime
    start: int
    moved: dict[str, int]

    @property
    def end(self) -> int:
        return self.start + sum(self.moved.values())

    def per_start(self, *kinds: str) -> float | None:
        """A share of the MRR at the start; None when there was none."""
        return sum(self.moved[kind] for kind in kinds) / self.start if self.start else None

    @property
    def gross_churn(self) -> float | None:
        """(Churn + Contraction) ÷ MRR at the start."""
        share = self.per_start("churn", "contraction")
        return None if share is None else -share or 0.0

    @property
    def net_churn(self) -> float | None:
        """(Churn + Contraction − Expansion − Reactivation) ÷ MRR at the start."""
        share = self.per_start("churn", "contraction", "expansion", "reactivation")
        return None if share is None else -share or 0.0


def group_by_month(changes: Sequence[MrrChange], edges: Sequence[datetime]) -> list[MrrPeriod]:
    """The ledger cut at these instants; what came before the first is that period's start."""
    start = sum(change.amount for change in changes if change.at < edges[0])
    found = []
    for from_at, until in pairwise(edges):
        moved = dict.fromkeys(KINDS, 0)
        for change in changes:
            if from_at <= change.at < until:
                moved[change.kind] += change.amount
        found.append(MrrPeriod(from_at, until, start, moved))
        start = found[-1].end
    return found
