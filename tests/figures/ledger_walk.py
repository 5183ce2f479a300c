"""Every figure of the ledger by walking all of it in Python, as the shop itself did before it kept them: the reference
that kept figures are compared with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from components.insights.metrics.retention import Churned, Cohort
from components.insights.movements.mrr import KINDS, MrrChange, MrrPeriod

MERGED_WITHIN = timedelta(minutes=60)


def merge_changes(changes: Iterable[MrrChange]) -> list[MrrChange]:
    """A person's changes within an hour of the first count as one change, or none if they cancel out."""
    kept: dict[UUID, list[MrrChange]] = {}
    for change in sorted(changes, key=lambda change: change.at):
        group = kept.setdefault(change.person, [])
        if group and change.at - group[-1].at <= MERGED_WITHIN:
            group[-1] = _together(group[-1], change)
        else:
            group.append(change)
    together = [change for group in kept.values() for change in group if change.amount]
    return sorted(together, key=lambda change: change.at)


def _together(first: MrrChange, second: MrrChange) -> MrrChange:
    amount = first.amount + second.amount
    before, after = first.balance - first.amount, second.balance
    kind = first.kind if not before else second.kind
    if before and after:
        kind = "expansion" if amount > 0 else "contraction"
    return replace(first, amount=amount, balance=after, kind=kind, because=second.because)


def group_by_month(changes: Sequence[MrrChange], edges: Sequence[datetime]) -> list[MrrPeriod]:
    """The ledger split at these instants; everything before the first is that period's start."""
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


def cohorts(changes: Sequence[MrrChange], edges: Sequence[datetime], now: datetime) -> tuple[Cohort, ...]:
    """By month of first payment; months without new members are left out. The last cell is the current state.

    Members who were adopted are in no cohort.
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
        found.append(Cohort(from_at, len(people), sum(one.balance for one in began), paying, mrr))
    return tuple(found)
