"""What each plan includes beside the others: a row for each benefit."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from components.catalog.visibility import HeadStart
from components.foundation.languages.words import n_
from components.memberships.benefits.effects import HeadStartEffect, PriceRuleEffect, of_type
from components.memberships.plans import plan_catalogue
from components.memberships.plans.plan_catalogue import BenefitView

_SHARE = re.compile(r"\d+(?:[.,]\d+)?\s?%")
_IN_BRACKETS = re.compile(r"\s*\(([^()]*)\)$")


@dataclass(frozen=True, kw_only=True)
class ComparisonRow:
    """One benefit, and for each plan whether it is included, or how much of it."""

    words: str
    held: tuple[bool | str, ...]


def comparison(at: datetime) -> tuple[ComparisonRow, ...]:
    plans = plan_catalogue.active_plans(at)
    rows: dict[object, tuple[str, dict[str, bool | str]]] = {}
    whole: dict[object, set[str]] = {}
    for plan in plans:
        compared = {benefit.id: _compared(benefit) for benefit in plan.benefits}
        for key, words, _ in compared.values():
            rows.setdefault(key, (words, {}))
        for benefit in sorted(plan.benefits, key=_lead):
            key, _, much = compared[benefit.id]
            rows[key][1][plan.slug] = much
            if _percent_off(benefit):
                whole.setdefault(key, set()).add(benefit.words)
    for key, said in whole.items():  # who all give the same are told so in its own words
        if len(said) == 1:
            rows[key] = said.pop(), dict.fromkeys(rows[key][1], True)
    return tuple(
        ComparisonRow(words=words, held=tuple(held.get(plan.slug, False) for plan in plans))
        for words, held in rows.values()
    )


def _compared(benefit: BenefitView) -> tuple[object, str, bool | str]:
    """Head starts on the same products are one row that gives their lengths and limits, and so are percentages off the
    same ones; any other benefit is a row of those that give the same. What is left of the sentence without them names
    the row."""
    starts = _head_starts(benefit)
    if off := _percent_off(benefit):
        scope, share = off
        row = f"{benefit.words[: share.start()].strip()} {benefit.words[share.end() :].strip()}".strip()
        return (benefit.kind, scope), row[:1].upper() + row[1:], share[0]
    length = _length(starts[0].lead) if len(starts) == 1 else ""
    found = re.search(rf"(?<!\w){re.escape(length)}(?!\w)", benefit.words) if length else None
    if found is None:
        return (benefit.kind, benefit.words), benefit.words, True
    before, after = benefit.words[: found.start()], benefit.words[found.end() :]
    limit = _IN_BRACKETS.search(after) if starts[0].most else None
    row = " ".join([before.strip(), after[: limit.start() if limit else None].strip()]).strip()
    return (benefit.kind, starts[0].scope), row[:1].upper() + row[1:], f"{length}, {limit[1]}" if limit else length


def _percent_off(benefit: BenefitView) -> tuple[object, re.Match[str]] | None:
    """Off which products, and where the percentage stands in its words."""
    rules = [one.rule for one in of_type(benefit.effects, PriceRuleEffect)]
    share = _SHARE.search(benefit.words) if len(rules) == 1 and rules[0].kind == "percent" else None
    return (rules[0].scope, share) if share else None


def _head_starts(benefit: BenefitView) -> list[HeadStart]:
    return [one.head_start for one in of_type(benefit.effects, HeadStartEffect)]


def _lead(benefit: BenefitView) -> timedelta:
    """The longest comes last: of two head starts on the same products it is the one that counts."""
    return max((one.lead for one in _head_starts(benefit)), default=timedelta())


def _length(lead: timedelta) -> str:
    hours = int(lead.total_seconds()) // 3600
    if hours % 24:
        return n_("%(num)s hour", "%(num)s hours", hours)
    return n_("%(num)s day", "%(num)s days", hours // 24)
