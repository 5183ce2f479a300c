"""Why somebody is in a segment, where its rules leave that open: what is known of who may be leaving, and which of
several rules they fit."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from components.insights.forecasts import forecasts
from components.segments import rule_groups, rule_sentences, segment_people
from components.segments.rule_groups import RuleGroup, SegmentRule
from components.segments.segment_people import SegmentPerson
from components.segments.segments import CountTooSlow
from web.staff.reports import forecast_words

RISK = "at_risk"
AT_ONCE = 200
"""No more than `forecasts.MOST_KNOWN`."""
Found = dict[UUID, list[str]]
OF_RISK = {"ending": ("ending", "owing"), "orders": ("orders",), "habits": ("habits",)}


@dataclass(frozen=True)
class OpenRules:
    """What a segment's rules leave open: of whom who may be leaving, and which of several rules are enough."""

    risks: tuple[SegmentRule, ...]
    parts: tuple[SegmentRule | RuleGroup, ...]

    @property
    def groups(self) -> tuple[RuleGroup, ...]:
        return tuple(RuleGroup("all", (part,)) for part in self.parts)

    def words(self, fits: Sequence[bool]) -> list[str]:
        found = [rule_sentences.of_part(part) for part, does in zip(self.parts, fits, strict=True) if does]
        return [f"{words[:1].upper()}{words[1:]}" for words in found]


def left_open(rules: Mapping[str, Any]) -> OpenRules | None:
    """None where the segment's sentence says it of all alike."""
    group = rule_groups.stored(rules)
    found = OpenRules(tuple(_risks(group)), tuple(_open(group)))
    return found if found.risks or found.parts else None


async def of_people(rules: Mapping[str, Any], people: Sequence[UUID], at: datetime) -> dict[UUID, str] | None:
    """In words, by person. None where nothing is left open, or finding out takes too long: one statement asks for all
    rules."""
    asked = left_open(rules)
    if not people or asked is None:
        return None
    found = await _at_risk(asked, people, at)
    try:
        fitting = await segment_people.fitting(asked.groups, people, at=at) if asked.parts else {}
    except CountTooSlow:
        return None
    for person, fits in fitting.items():
        found.setdefault(person, []).extend(asked.words(fits))
    return {person: "; ".join(words) for person, words in found.items()}


async def of_everybody(
    rules: Mapping[str, Any], asked: OpenRules, at: datetime
) -> AsyncIterator[tuple[SegmentPerson, str]]:
    """The same for a file: everybody in one pass, and what is known of risks for some at a time."""
    waiting: list[SegmentPerson] = []
    async for one in segment_people.everybody(rules, at=at, beside=asked.groups):
        waiting.append(one)
        if len(waiting) == AT_ONCE:
            for said in await _said(waiting, asked, at):
                yield said
            waiting = []
    for said in await _said(waiting, asked, at):
        yield said


async def _said(people: Sequence[SegmentPerson], asked: OpenRules, at: datetime) -> list[tuple[SegmentPerson, str]]:
    risks = await _at_risk(asked, [one.id for one in people], at) if people else {}
    return [(one, "; ".join([*risks.get(one.id, []), *asked.words(one.fits)])) for one in people]


def _risks(group: RuleGroup) -> list[SegmentRule]:
    """Of members who may be leaving, and not of those who may not."""
    if group.match == "none":
        return []
    inner = [rule for part in group.parts if isinstance(part, RuleGroup) for rule in _risks(part)]
    own = [part for part in group.parts if isinstance(part, SegmentRule)]
    return [*inner, *(one for one in own if one.kind.key == RISK and one.values["is"] == "yes")]


def _open(group: RuleGroup) -> Iterator[SegmentRule | RuleGroup]:
    """Parts of which any is enough; of those who may be leaving it is said already, and better."""
    if group.match == "any" and len(group.parts) > 1:
        risks = _risks(group)
        yield from (part for part in group.parts if part not in risks)
    elif group.match != "none":
        for part in group.parts:
            if isinstance(part, RuleGroup):
                yield from _open(part)


async def _at_risk(asked: OpenRules, people: Sequence[UUID], at: datetime) -> Found:
    found = Found()
    if not asked.risks:
        return found
    kinds = {kind for rule in asked.risks for kind in OF_RISK.get(str(rule.values["risk"]), sum(OF_RISK.values(), ()))}
    for row in await forecasts.at_risk_of(people):
        if row.kind in kinds:
            found.setdefault(row.person, []).append(forecast_words.reason(row, at))
    return found
