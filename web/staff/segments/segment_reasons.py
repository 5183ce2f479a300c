"""Why somebody is in a segment, where its rules leave that open: what is known of who may be leaving, and which of
several rules they fit."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from components.foundation import database
from components.insights.forecasts import forecasts
from components.segments import rule_groups, rule_sentences, segments
from components.segments.rule_groups import RuleGroup, SegmentRule
from components.segments.segments import CountTooSlow
from web.staff.reports import forecast_words

RISK = "at_risk"
Found = dict[UUID, list[str]]
OF_RISK = {"ending": ("ending", "owing"), "orders": ("orders",), "habits": ("habits",)}


async def of_people(rules: Mapping[str, Any], people: Sequence[UUID], at: datetime) -> dict[UUID, str] | None:
    """In words, by person. None where the segment's sentence says it of all alike, or finding out takes too long."""
    group = rule_groups.stored(rules)
    risks, open_ones = _risks(group), list(_open(group))
    if not people or not (risks or open_ones):
        return None
    found = Found()
    if risks:
        await _add_risks(found, risks, people, at)
    try:
        for part in open_ones:
            await _add_fitting(found, part, people, at)
    except CountTooSlow:
        return None
    return {person: "; ".join(words) for person, words in found.items()}


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


async def _add_risks(found: Found, risks: Sequence[SegmentRule], people: Sequence[UUID], at: datetime) -> None:
    kinds = {kind for rule in risks for kind in OF_RISK.get(str(rule.values["risk"]), sum(OF_RISK.values(), ()))}
    for row in await forecasts.at_risk_of(people):
        if row.kind in kinds:
            found.setdefault(row.person, []).append(forecast_words.reason(row, at))


async def _add_fitting(
    found: dict[UUID, list[str]], part: SegmentRule | RuleGroup, people: Sequence[UUID], at: datetime
) -> None:
    sql, args = segments.of_group(RuleGroup("all", (part,)), at=at)
    words = rule_sentences.of_part(part)
    async with segments.patiently():
        fitting = await database.fetch_values(
            f"SELECT f.id FROM ({sql}) f WHERE f.id = ANY(${len(args) + 1}::uuid[])", *args, list(people)
        )
    for person in fitting:
        found.setdefault(person, []).append(f"{words[:1].upper()}{words[1:]}")
