"""Retention: cohorts, member churn and lifetime value. Pure; amounts in minor units a month."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from components.insights.movements.mrr import MrrChange

FEWEST = 30
"""With fewer paying members no lifetime value is computed."""
MEAN_OF = 6


@dataclass(frozen=True, slots=True)
class Churned:
    """One period: members who paid at its start, and those of them who left in it."""

    from_at: datetime
    members: int
    left: int

    @property
    def share(self) -> float | None:
        return self.left / self.members if self.members else None


@dataclass(frozen=True, slots=True)
class Cohort:
    """People whose first payment was in one month; cell k is how many pay at the end of month k after it.

    `mrr` is what they then pay a month, and `first` what they started with.
    """

    from_at: datetime
    people: frozenset[UUID]
    first: int
    paying: tuple[int, ...]
    mrr: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.people)

    def kept(self, k: int) -> float:
        return self.paying[k] / self.size

    def kept_mrr(self, k: int) -> float | None:
        return self.mrr[k] / self.first if self.first else None


def balances(changes: Sequence[MrrChange], at: datetime) -> dict[UUID, int]:
    """What each person pays a month just before the instant, if anything."""
    found: dict[UUID, int] = {}
    for change in changes:
        if change.at < at:
            found[change.person] = found.get(change.person, 0) + change.amount
    return {person: amount for person, amount in found.items() if amount > 0}


def churned(changes: Sequence[MrrChange], edges: Sequence[datetime]) -> tuple[Churned, ...]:
    """Between each two edges. A person who left and came back in between counts as having left."""
    found = []
    for from_at, until in pairwise(edges):
        paying = balances(changes, from_at)
        left = {one.person for one in changes if from_at <= one.at < until and one.kind == "churn"}
        found.append(Churned(from_at, len(paying), len(left & set(paying))))
    return tuple(found)


def fee_ltv(mrr: int, paying: int, complete: Sequence[Churned]) -> int | None:
    """ARPU ÷ the mean member churn of the last six complete months; None below 30 members or without churn."""
    months = [one.share for one in complete[-MEAN_OF:] if one.share is not None]
    mean = sum(months) / len(months) if months else 0
    if paying < FEWEST or len(months) < MEAN_OF or not mean:
        return None
    return round(mrr / paying / mean)


def cohorts(changes: Sequence[MrrChange], edges: Sequence[datetime], now: datetime) -> tuple[Cohort, ...]:
    """By month of first payment; months without new members are left out. The last cell is the current state.

    Members who were adopted paid first elsewhere, nobody knows how many others with them: they are in no cohort.
    """
    first: dict[UUID, MrrChange] = {}
    for change in changes:
        first.setdefault(change.person, change)
    ends = [balances(changes, min(until, now)) for until in edges[1:]]
    found = []
    for n, (from_at, until) in enumerate(pairwise(edges)):
        began = [one for one in first.values() if from_at <= one.at < until and one.kind != "adopted"]
        if not began:
            continue
        people = frozenset(one.person for one in began)
        paying = tuple(len(people & set(end)) for end in ends[n:])
        mrr = tuple(sum(end.get(one, 0) for one in people) for end in ends[n:])
        found.append(Cohort(from_at, people, sum(one.balance for one in began), paying, mrr))
    return tuple(found)
