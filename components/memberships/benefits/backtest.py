"""The past, as the what-if simulator shows it to a kind: who held what under some rules, and what happened.

The rules are treated as if they had always applied. A kind's answer is pure: the same past, the same answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from components.catalog.views import VariantView
from components.foundation import clock

S = TypeVar("S")
Plans = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Promise(Generic[S]):
    """A benefit as a plan includes it."""

    plan: UUID
    benefit: UUID
    name: str
    settings: S


@dataclass(frozen=True, slots=True)
class HeldPeriod:
    """A membership of some plan; `source` is where it came from (see `Membership`)."""

    plan: UUID
    source: UUID
    starts_at: datetime
    ends_at: datetime | None

    def covers(self, at: datetime) -> bool:
        return clock.holds(self.starts_at, self.ends_at, at)


@dataclass(frozen=True, slots=True)
class PastPiece:
    """Units of a line that were sold before general sale, or are members-only."""

    variant: VariantView
    quantity: int
    opens_at: datetime | None
    is_members_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPurchase:
    """A paid order of somebody who held `plans`. Like a `Purchase`, but `base` is what it would be under these rules.

    `refunds` are instants with everything refunded of `total` by then, the last one at the end.
    """

    person: UUID
    plans: Plans
    at: datetime
    base: int
    spent: int
    total: int = 0
    refunds: tuple[tuple[datetime, int], ...] = ()
    pieces: tuple[PastPiece, ...] = ()

    def share_back(self, amount: int, at: datetime | None = None) -> int:
        """The part of an amount that belongs to what had been refunded by then; in the end, without an instant."""
        refunded = max((sum_ for when, sum_ in self.refunds if at is None or when <= at), default=0)
        return amount * min(refunded, self.total) // self.total if self.total > 0 else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastPeriod:
    """A paid period of the subscription that somebody held this plan by; `turn` counts them from 1."""

    person: UUID
    plan: UUID
    source: UUID
    at: datetime
    turn: int


@dataclass(frozen=True, slots=True)
class PastUse:
    """Something on record of a benefit: a code that was claimed, a perk used, or an amount that was earned."""

    person: UUID
    at: datetime
    amount: int = 0


@dataclass(frozen=True, slots=True)
class PieceWorth:
    """A variant's price for everybody and what it costs the shop, today; `is_known` unless that is a share of it."""

    price: int
    cost: int
    is_known: bool


@dataclass(frozen=True, slots=True)
class BacktestGrant:
    """Something a benefit would have given. Minor units: what it `cost` the shop, what it is `worth` to the member.

    `is_known` is False where the cost is estimated from the price.
    """

    person: UUID
    plan: UUID
    benefit: UUID
    at: datetime
    cost: int = 0
    worth: int = 0
    count: int = 1
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class BacktestOutcome:
    """All that a kind would have given; `words` say how often and of what, `assumed` which assumptions were made."""

    given: tuple[BacktestGrant, ...] = ()
    words: str = ""
    assumed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestEvents:
    """What is the same whichever rules applied. `spent_before`: the most that somebody had spent within a year at any
    order of the year before these days."""

    since: datetime
    until: datetime
    zone: ZoneInfo
    memberships: Mapping[UUID, tuple[HeldPeriod, ...]] = field(default_factory=dict)
    periods: tuple[PastPeriod, ...] = ()
    birthdays: Mapping[UUID, date] = field(default_factory=dict)
    uses: Mapping[UUID, tuple[PastUse, ...]] = field(default_factory=dict)
    spent_before: Mapping[UUID, int] = field(default_factory=dict)
    piece: Callable[[UUID], PieceWorth | None] = lambda _: None

    def is_within(self, at: datetime) -> bool:
        return self.since < at <= self.until

    def plans(self, person: UUID, at: datetime) -> Plans:
        return frozenset(one.plan for one in self.memberships.get(person, ()) if one.covers(at))


@dataclass(frozen=True)
class BacktestHistory(Generic[S]):
    """What happened, and the benefits of one kind under some rules. `purchases` in the order they were paid."""

    happened: BacktestEvents
    promises: tuple[Promise[S], ...]
    purchases: tuple[PastPurchase, ...] = ()

    @cached_property
    def _of_plan(self) -> dict[UUID, tuple[Promise[S], ...]]:
        plans = {one.plan for one in self.promises}
        return {plan: tuple(one for one in self.promises if one.plan == plan) for plan in plans}

    def held(self, plans: Iterable[UUID]) -> tuple[Promise[S], ...]:
        """What somebody with these plans held: each benefit once, however many of them include it."""
        found: dict[UUID, Promise[S]] = {}
        for plan in sorted(plans):
            for one in self._of_plan.get(plan, ()):
                found.setdefault(one.benefit, one)
        return tuple(found.values())

    def stretches(self) -> Iterator[tuple[UUID, HeldPeriod, Promise[S]]]:
        """Every membership with every benefit of its plan."""
        if not self.promises:
            return
        for person, ran in self.happened.memberships.items():
            for stretch in ran:
                for promise in self._of_plan.get(stretch.plan, ()):
                    yield person, stretch, promise

    def uses(self) -> Iterator[tuple[Promise[S], PastUse]]:
        """What is on record of these benefits in these days, of people who held them at that instant."""
        for benefit in sorted({one.benefit for one in self.promises}):
            for use in self.happened.uses.get(benefit, ()):
                if self.happened.is_within(use.at):
                    held = self.held(self.happened.plans(use.person, use.at))
                    yield from ((one, use) for one in held if one.benefit == benefit)

    def holders(self) -> int:
        """How many people held any of it at some moment of these days."""
        since, until = self.happened.since, self.happened.until
        return len(
            {
                person
                for person, ran, _ in self.stretches()
                if ran.starts_at <= until and (ran.ends_at is None or ran.ends_at > max(since, ran.starts_at))
            }
        )


def counted(number: int, one: str, many: str) -> str:
    """ "1 code was claimed", "12 codes were claimed"."""
    return f"{number:,} {one if number == 1 else many}"
