"""What moved between instants, by plan; `plan_flow_queries` asks for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import accumulate, chain
from uuid import UUID

from components.insights.movements.mrr import KINDS

_LEFT = {"": "members_left", "plan": "plan_left", "every": "every_left", "both": "both_left"}
SWITCHED = {"in": "switched in", "out": "switched out"}
ORDER = (
    "new", "adopted", "reactivation", "resume", "expansion", "switched in", "switched out", "contraction", "pause",
    "churn",
)  # fmt: skip
"""Of movements: what adds first. Every kind of the ledger is among them."""
assert set(KINDS) <= set(ORDER)


@dataclass(frozen=True, slots=True)
class Flow:
    """What moved between two edges, of one plan: `place` 0 is everything before the first edge."""

    place: int
    plan: UUID | None
    every: str
    kind: str
    because: str
    turn: str
    amount: int
    people: int
    members_left: int
    plan_left: int
    every_left: int
    both_left: int


@dataclass(frozen=True)
class Flows:
    """Between `edges`, which follow each other. `part` is what is chosen: "plan", "every" (an interval) or "both". What
    a member brought to it from elsewhere, or took elsewhere, is "switched in" and "switched out"; who stays in it moves
    there by what changed."""

    edges: tuple[datetime, ...]
    rows: tuple[Flow, ...]
    part: str = ""

    def of(self, *, plan: UUID | None = None, every: str = "") -> "Flows":
        """Those of one plan, of one interval, or of both."""
        if not (plan or every):
            return self
        kept = (one for one in self.rows if (not plan or one.plan == plan) and (not every or one.every == every))
        return Flows(self.edges, tuple(kept), narrowed(self.part, plan=bool(plan), every=bool(every)))

    def plans(self) -> list[UUID | None]:
        return sorted({one.plan for one in self.rows}, key=str)

    def intervals(self) -> list[str]:
        return sorted({one.every for one in self.rows if one.every}, key=lambda every: every.split()[::-1])

    def mrr(self, at: datetime) -> int:
        return self._mrr[self._places[at]]

    def members(self, at: datetime) -> int:
        return self._members[self._places[at]]

    def moved(self, from_at: datetime, until: datetime) -> dict[str, int]:
        """By kind, those of nothing left out, in the order of `ORDER`."""
        found = dict.fromkeys(ORDER, 0)
        for one in self._between(from_at, until):
            if name := self._kind(one):
                found[name] += one.amount
        return {kind: amount for kind, amount in found.items() if amount}

    def churn(self, from_at: datetime, until: datetime) -> dict[str, int]:
        """The MRR lost with members who left, by why they did: positive."""
        found = dict[str, int]()
        for one in self._between(from_at, until):
            if one.kind == "churn":
                found[one.because] = found.get(one.because, 0) - one.amount
        return found

    def left(self, from_at: datetime, until: datetime) -> int:
        """Members of the start of their month who left in it; of a part, those who were in it then."""
        return sum(getattr(one, _LEFT[self.part]) for one in self._between(from_at, until))

    def _kind(self, one: Flow) -> str:
        turn, _, of_what = one.turn.partition(" ")
        if turn and self.part and (not of_what or self.part in (of_what, "both")):
            return SWITCHED[turn]
        return "" if one.kind == "switch" else one.kind

    def _between(self, from_at: datetime, until: datetime) -> Iterable[Flow]:
        first, last = self._places[from_at], self._places[until]
        return chain.from_iterable(self._by_place[first + 1 : last + 1])

    @cached_property
    def _places(self) -> dict[datetime, int]:
        return {edge: place for place, edge in enumerate(self.edges)}

    @cached_property
    def _by_place(self) -> list[list[Flow]]:
        """A period of many parts asks for each of them: none then reads all rows."""
        found: list[list[Flow]] = [[] for _ in self.edges]
        for one in self.rows:
            found[one.place].append(one)
        return found

    @cached_property
    def _mrr(self) -> list[int]:
        """Before each edge."""
        return list(accumulate(sum(one.amount for one in here) for here in self._by_place))

    @cached_property
    def _members(self) -> list[int]:
        return list(accumulate(sum(one.people for one in here) for here in self._by_place))


def narrowed(part: str, *, plan: bool = False, every: bool = False) -> str:
    """What is chosen once a plan or an interval is, too."""
    if part == "both" or ((plan or part == "plan") and (every or part == "every")):
        return "both"
    return part or ("plan" if plan else "every" if every else "")
