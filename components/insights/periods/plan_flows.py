"""What moved between instants, by plan: from whole months where they are whole, and from single rows elsewhere."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import accumulate, chain, pairwise
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from components.foundation.database import Query
from components.foundation.shop_settings import shop_settings
from components.insights.movements.mrr import KINDS
from components.insights.periods.period_days import midnight_of, month_of
from components.insights.programme.chosen_people import among
from components.insights.rollups import unrolled

BEGINNING = date(1, 1, 1)
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


Whole = tuple[int, date, date]
Some = tuple[int, datetime, datetime]


def pieces(edges: Sequence[datetime], zone: ZoneInfo) -> tuple[list[Whole], list[Some]]:
    """Of each stretch between edges, and before the first: the months that are whole in it, and what else there is."""
    first = month_of(edges[0].astimezone(zone).date())
    whole: list[Whole] = [(0, BEGINNING, first)]
    some: list[Some] = [(0, midnight_of(first, zone), edges[0])]
    for place, (from_at, until) in enumerate(pairwise(edges), start=1):
        begins, ends = from_at.astimezone(zone).date(), until.astimezone(zone).date()
        one, other = month_of(begins), month_of(ends)
        if midnight_of(one, zone) < from_at:
            one += relativedelta(months=1)
        if one >= other:
            some.append((place, from_at, until))
            continue
        whole.append((place, one, other))
        some += [(place, from_at, midnight_of(one, zone)), (place, midnight_of(other, zone), until)]
    return [one for one in whole if one[1] < one[2]], [one for one in some if one[1] < one[2]]


def query(edges: Iterable[datetime]) -> Query[Flows]:
    """Between these instants, of which there are two or more. Months are the shop's, as those that are kept."""
    zone = ZoneInfo(shop_settings.current().time_zone)
    known = tuple(sorted(set(edges)))
    whole, some = pieces(known, zone)
    args = (*unrolled.args(), *_columns(whole), *_columns(some))
    return Query(_SQL, args, lambda found: _read(found, known))


def query_of(edges: Iterable[datetime], whom: str) -> Query[Flows]:
    """As `query`, of some people: added up from their rows. `whom` is a SELECT of ids, see `chosen_people`."""
    known = tuple(sorted(set(edges)))
    sql = _OF_SOME.format(whom=among("person", whom))
    return Query(sql, (*unrolled.args(), list(known), known[-1]), lambda found: _read(found, known))


def _columns(rows: Sequence[tuple[Any, ...]]) -> tuple[list[Any], ...]:
    return tuple([row[n] for row in rows] for n in range(3))


def _read(found: Any, edges: tuple[datetime, ...]) -> Flows:
    return Flows(edges, tuple(Flow(place, UUID(plan) if plan else None, *rest) for place, plan, *rest in found or ()))


_KEY = "plan, every, kind, because, turn"
_SUMS = """sum(amount)::bigint AS amount, sum(people)::bigint AS people, sum(members_left)::bigint AS members_left,
    sum(plan_left)::bigint AS plan_left, sum(every_left)::bigint AS every_left, sum(both_left)::bigint AS both_left"""
_VALUES = "amount, people, members_left, plan_left, every_left, both_left"
_SINGLE = f"s.place, {_KEY}, amount, people, is_left::int, is_plan_left::int, is_every_left::int, is_both_left::int"
_SQL = f"""{unrolled.PLANS_CHANGED},
months AS (SELECT * FROM unnest($3::int[], $4::date[], $5::date[]) w (place, first, until)),
stretches AS (SELECT * FROM unnest($6::int[], $7::timestamptz[], $8::timestamptz[]) s (place, from_at, until)),
found AS (
  SELECT place, {_KEY}, {_SUMS} FROM (
    SELECT s.place, {_KEY}, {_VALUES}
    FROM ({unrolled.plan_parts_of_months()}) m JOIN months s ON m.month >= s.first AND m.month < s.until
    UNION ALL SELECT {_SINGLE} FROM figure_plan_movement l JOIN stretches s ON l.at >= s.from_at AND l.at < s.until
    WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people)
    UNION ALL SELECT {_SINGLE} FROM lines l JOIN stretches s ON l.at >= s.from_at AND l.at < s.until) parts
  GROUP BY place, {_KEY})
SELECT json_agg(json_build_array(place, {_KEY}, {_VALUES})) FROM found
WHERE ({_VALUES}) <> (0, 0, 0, 0, 0, 0)"""
_OF_SOME = f"""{unrolled.PLANS_CHANGED}, theirs AS (
  SELECT at, {_KEY}, amount, people, is_left, is_plan_left, is_every_left, is_both_left FROM figure_plan_movement
  WHERE (SELECT is_current FROM kept) AND person NOT IN (SELECT unnest(ids) FROM people) AND at < $4 AND {{whom}}
  UNION ALL SELECT at, {_KEY}, amount, people, is_left, is_plan_left, is_every_left, is_both_left FROM lines
  WHERE at < $4 AND {{whom}}),
found AS (
  SELECT width_bucket(at, $3::timestamptz[]) AS place, {_KEY}, sum(amount)::bigint AS amount,
    sum(people)::bigint AS people, sum(is_left::int) AS members_left, sum(is_plan_left::int) AS plan_left,
    sum(is_every_left::int) AS every_left, sum(is_both_left::int) AS both_left
  FROM theirs GROUP BY 1, {_KEY})
SELECT json_agg(json_build_array(place, {_KEY}, {_VALUES})) FROM found
WHERE ({_VALUES}) <> (0, 0, 0, 0, 0, 0)"""
