"""The form of a segment's rules, ready for its template: each rule with its fields, what is typed and what is wrong."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from components.foundation.languages.words import _
from components.segments import rule_registry
from components.segments.rule_fields import RuleChoice, RuleField, RuleText, Value
from components.segments.rule_groups import RuleGroup, SegmentRule
from web.staff.segments.rule_draft import Draft

GROUPS = {
    "membership": "Membership",
    "orders": "Orders",
    "products": "Products bought",
    "visits": "Visits",
    "benefits": "Benefits and credit",
    "customer": "Customer",
}
MATCHES = (("all", "all of these"), ("any", "at least one of these"), ("none", "none of these"))


@dataclass(frozen=True, kw_only=True)
class RuleInput:
    name: str
    label: str
    help: str
    form: str
    is_optional: bool
    value: str
    options: tuple[tuple[str, str], ...]
    suggestions: tuple[str, ...]
    error: str

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")


@dataclass(frozen=True, kw_only=True)
class RulePart:
    """A rule, or with a `match` a group of some. `place` is "2" or "2.1"."""

    place: str
    kind: str
    title: str
    inputs: tuple[RuleInput, ...] = ()
    match: str = ""
    rules: tuple["RulePart", ...] = ()


def parts(draft: Draft, wrong: Mapping[str, str]) -> tuple[RulePart, ...]:
    return tuple(_part(part, str(place), wrong) for place, part in enumerate(draft["parts"]))


def kinds() -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """What may be added, by group."""
    found: dict[str, list[tuple[str, str]]] = {}
    for key, kind in rule_registry.all_kinds().items():
        found.setdefault(GROUPS[kind.group], []).append((key, _(kind.title)))
    return tuple((group, tuple(members)) for group, members in found.items())


def draft_of(group: RuleGroup) -> Draft:
    """Saved rules as they are typed."""
    return {"match": group.match, "parts": [_typed(part) for part in group.parts]}


def _typed(part: SegmentRule | RuleGroup) -> dict[str, Any]:
    if isinstance(part, RuleGroup):
        return draft_of(part)
    return {"kind": part.kind.key, **{one.name: one.written(part.values[one.name]) for one in part.kind.fields}}


def _part(part: Draft, place: str, wrong: Mapping[str, str]) -> RulePart:
    if "parts" in part:
        rules = tuple(_part(one, f"{place}.{number}", wrong) for number, one in enumerate(part["parts"]))
        return RulePart(place=place, kind="", title="", match=part["match"], rules=rules)
    kind = rule_registry.all_kinds().get(str(part.get("kind")))
    if kind is None:
        return RulePart(place=place, kind="", title="A rule that is not known here")
    inputs = tuple(_input(one, part.get(one.name), place, wrong) for one in kind.fields)
    return RulePart(place=place, kind=kind.key, title=_(kind.title), inputs=inputs)


def _input(field: RuleField, typed: Value, place: str, wrong: Mapping[str, str]) -> RuleInput:
    value = str(typed or "")
    options = tuple(field.options()) if isinstance(field, RuleChoice) else ()
    if options and value and value not in dict(options):
        options = (*options, (value, "(no longer there)"))
    return RuleInput(
        name=f"p{place}.{field.name}",
        label=_(field.label),
        help=_(field.help),
        form=field.form,
        is_optional=field.is_optional,
        value=value,
        options=options,
        suggestions=tuple(field.suggestions()) if isinstance(field, RuleText) else (),
        error=wrong.get(f"{place}.{field.name}", ""),
    )
