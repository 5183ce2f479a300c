"""Rules as values: read from what is typed or stored, checked, and written back. Pure.

Stored: `{"match": "all", "parts": [{"kind": "orders", "is": "at_least", "number": 3}, {"match": "any", …}]}`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from components.foundation.languages.words import N_, _
from components.foundation.refusals import Refusal
from components.segments import rule_registry
from components.segments.rule_fields import RuleFieldRefused, Value
from components.segments.rule_kind import RuleKind

MOST_RULES = 20
MATCHES = ("all", "any", "none")


class RulesRefused(Refusal):
    """`fields` has what is wrong by place: "0.number" is of the first part, "2.1.days" of the second in the third."""

    message = N_("These rules can’t be read.")

    def __init__(self, words: str = "", fields: Mapping[str, str] | None = None) -> None:
        self.fields = dict(fields or {})
        super().__init__(words or None)


@dataclass(frozen=True, slots=True)
class SegmentRule:
    kind: RuleKind
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """`match`: all, any or none of the parts. Groups stand in the outermost one only."""

    match: str
    parts: tuple["SegmentRule | RuleGroup", ...]

    @property
    def rules(self) -> tuple[SegmentRule, ...]:
        return tuple(rule for part in self.parts for rule in (part.rules if isinstance(part, RuleGroup) else (part,)))


@dataclass
class _Reading:
    is_stored: bool
    wrong: dict[str, str] = field(default_factory=dict)


def typed(given: object) -> RuleGroup:
    """Of what staff typed: everything named has to be there. Raises `RulesRefused`."""
    return _read(given, is_stored=False)


def stored(given: object) -> RuleGroup:
    """Of what was checked once: what it names may have gone since. Raises `RulesRefused`."""
    return _read(given, is_stored=True)


def plain(group: RuleGroup) -> dict[str, Any]:
    """As it is stored."""
    return {
        "match": group.match,
        "parts": [
            plain(part) if isinstance(part, RuleGroup) else {"kind": part.kind.key, **part.values}
            for part in group.parts
        ],
    }


def _read(given: object, *, is_stored: bool) -> RuleGroup:
    reading = _Reading(is_stored)
    group = _group(given, "", reading)
    if reading.wrong:
        raise RulesRefused(next(iter(reading.wrong.values())), reading.wrong)
    if len(group.rules) > MOST_RULES:
        raise RulesRefused(_("A segment has at most %(most)s rules.", most=MOST_RULES))
    return group


def _group(given: object, place: str, reading: _Reading) -> RuleGroup:
    parts = given.get("parts") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or not isinstance(parts, list) or given.get("match") not in MATCHES:
        raise RulesRefused
    if not parts:
        raise RulesRefused(_("Add a rule to the group, or remove the group.") if place else _("Add a rule."))
    if len(parts) > MOST_RULES:
        raise RulesRefused(_("A segment has at most %(most)s rules.", most=MOST_RULES))
    return RuleGroup(str(given["match"]), tuple(_part(one, f"{place}{i}.", reading) for i, one in enumerate(parts)))


def _part(given: object, place: str, reading: _Reading) -> SegmentRule | RuleGroup:
    if not isinstance(given, Mapping):
        raise RulesRefused
    if "parts" in given:
        if place.count(".") > 1:
            raise RulesRefused(_("A group can’t stand inside another group."))
        return _group(given, place, reading)
    kind = rule_registry.all_kinds().get(str(given.get("kind")))
    if kind is None:
        raise RulesRefused(_("There is no such rule."))
    values = {one.name: _value(lambda one=one: one.read(given.get(one.name), is_stored=reading.is_stored),
                               f"{place}{one.name}", reading) for one in kind.fields}  # fmt: skip
    return SegmentRule(kind, values)


def _value(read: Callable[[], Value], place: str, reading: _Reading) -> Value:
    try:
        return read()
    except RuleFieldRefused as refusal:
        reading.wrong[place] = refusal.words
        return None
