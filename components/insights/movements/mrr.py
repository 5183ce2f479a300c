"""Monthly recurring revenue: the arithmetic. Pure; amounts in minor units a month, instants half-open.

MRR(t) is the sum of the recurring fees paid for at t, without tax, each divided by its interval in months. Trials,
one-off fees, shop orders and free plans do not count, nor does a subscription while it is paused or unpaid. Refunds are
ignored.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

KINDS = ("new", "adopted", "expansion", "reactivation", "resume", "contraction", "pause", "churn")
MONTHS: dict[str, Fraction] = {"week": Fraction(12 * 7 * 400, 146097), "month": Fraction(1), "year": Fraction(12)}
"""The calendar repeats every 400 years or 146,097 days: a week is 0.23 of a month."""


def per_month(fee: int, *, interval: str, count: int) -> int:
    """A fee per month, rounded half up; zero for a plan that bills once or never."""
    if interval not in MONTHS:
        return 0
    share = Fraction(fee) / (MONTHS[interval] * count)
    return int(share + Fraction(1, 2))


@dataclass(frozen=True)
class MrrChange:
    """At an instant, a person's monthly total changed from `balance - amount` to `balance`."""

    person: UUID
    at: datetime
    amount: int
    balance: int
    kind: str
    because: str = ""


def change_kind(
    before: int, after: int, *, has_paid_before: bool, is_paused: bool, was_paused: bool, is_adopted: bool = False
) -> str:
    """The kind of movement; `before` and `after` differ. What was paid elsewhere until now is "adopted", never new."""
    if after == 0:
        return "pause" if is_paused else "churn"
    if before == 0:
        if was_paused:
            return "resume"
        if is_adopted:
            return "adopted"
        return "reactivation" if has_paid_before else "new"
    return "expansion" if after > before else "contraction"


def settled(changes: Iterable[MrrChange]) -> list[MrrChange]:
    """A ledger in the order of time as it stands: rows of one instant and kind are one, without those taken back."""
    one_by_one: dict[tuple[UUID, datetime, str], MrrChange] = {}
    for change in changes:
        key = (change.person, change.at, change.kind)
        known = one_by_one.get(key)
        one_by_one[key] = replace(known, amount=known.amount + change.amount) if known else change
    found, balances = [], dict[UUID, int]()
    for change in one_by_one.values():
        if change.amount:
            balances[change.person] = balances.get(change.person, 0) + change.amount
            found.append(
                change if change.balance == balances[change.person]
                else replace(change, balance=balances[change.person])
            )  # fmt: skip
    return found


@dataclass(frozen=True)
class MrrPeriod:
    """One period of the ledger: `end` is `start` plus all movements."""

    from_at: datetime
    until: datetime
    start: int
    moved: dict[str, int]

    @property
    def end(self) -> int:
        return self.start + sum(self.moved.values())

    def per_start(self, *kinds: str) -> float | None:
        """A share of the MRR at the start; None if it was zero."""
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
