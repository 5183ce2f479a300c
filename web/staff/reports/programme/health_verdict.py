"""Whether the programme is healthy, and why: one sentence for each."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from components.foundation.formatting import money
from components.insights.periods.plan_flows import Flows
from components.insights.periods.programme import Programme

STEADY = 100
"""A change of MRR of up to so many hundredths of a per cent is none to speak of."""
GAINED = {
    "new": "new members",
    "adopted": "adopted members",
    "reactivation": "members who came back",
    "resume": "pauses that ended",
    "expansion": "dearer plans and prices",
    "switched in": "members who came from another plan",
}
LOST = {
    "switched out": "members who went to another plan",
    "contraction": "cheaper plans and prices",
    "pause": "pauses",
    "churn": "members who left",
}


@dataclass(frozen=True, slots=True)
class HealthVerdict:
    """`mood` as of a tile."""

    words: str
    why: str
    mood: str


class Beginning(NamedTuple):
    """The first instant in words: after “rose by so much”, after “compared with”, and after “rose from nothing”: a
    shop that is younger has no such day."""

    since: str
    then: str
    nothing: str


PERIOD = Beginning("from when the period began", "when the period began", ", when the period began")


def of_period(found: Programme) -> HealthVerdict:
    days = found.chosen.days
    return between(found.flows, days.from_at, found.end_of(days))


def between(flows: Flows, from_at: datetime, until: datetime, *, began: Beginning = PERIOD) -> HealthVerdict:
    """Of two edges of the flows."""
    start, end, moved = flows.mrr(from_at), flows.mrr(until), flows.moved(from_at, until)
    gained = {GAINED[kind]: amount for kind, amount in moved.items() if kind in GAINED and amount > 0}
    lost = {LOST[kind]: -amount for kind, amount in moved.items() if kind in LOST and amount < 0}
    if not start and not end and not moved:
        return HealthVerdict(
            "No fees were paid in this period.", "Figures appear with the first membership fee.", "even"
        )
    if is_steady(start, end):
        words, mood = f"MRR is steady at {money(end)}, compared with {began.then}.", "even"
    elif end > start:
        words, mood = f"The programme is growing: MRR {_rose(start, end, began)}.", "good"
    else:
        words, mood = (
            f"The programme is shrinking: MRR fell by {money(start - end)} {began.since}, to {money(end)}.",
            "bad",
        )
    return HealthVerdict(words, _why(gained, lost), mood)


def is_steady(start: int, end: int) -> bool:
    return abs(end - start) * 10_000 <= STEADY * start


def _rose(start: int, end: int, began: Beginning) -> str:
    if not start:
        return f"rose from nothing{began.nothing}, to {money(end)}"
    return f"rose by {money(end - start)} {began.since}, to {money(end)}"


def _why(gained: dict[str, int], lost: dict[str, int]) -> str:
    sides = []
    if gained:
        sides.append(f"{_most(gained)} brought {money(sum(gained.values()))}")
    if lost:
        sides.append(f"{money(sum(lost.values()))} was lost to {_most(lost)}")
    if not sides:
        return "Nobody joined, left or changed plan."
    words = "; ".join(sides)
    return f"{words[0].upper()}{words[1:]}."


def _most(parts: dict[str, int]) -> str:
    """All of them, the largest first and with its amount."""
    first, *others = sorted(parts, key=lambda name: -parts[name])
    if not others:
        return first
    *between, last = others
    return f"{', '.join([f'{first} ({money(parts[first])})', *between])} and {last}"
