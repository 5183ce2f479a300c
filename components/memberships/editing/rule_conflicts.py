"""Conflicting benefits of one plan: one could never apply, or they set two values for the same thing."""

from collections.abc import Iterator
from itertools import combinations, groupby, product
from uuid import UUID

from components.catalog.scopes import Scope
from components.catalog.snapshot import snapshot_refresh
from components.foundation import clock, database
from components.memberships.benefits.effects import DeliveryEffect, E, Effects, PriceRuleEffect, of_type
from components.memberships.benefits.kinds import all_kinds
from components.memberships.benefits.protocol import SettingRefused
from components.memberships.editing.plan_revisions import Rule, Rules

CHANGE = "Change one of them."
_OTHERS = """
SELECT DISTINCT ON (b.id)
  p.name AS plan_name, p.id AS plan, b.id AS benefit, b.kind, b.name, v.settings::text AS settings
FROM plan_benefit mine JOIN plan_benefit pb ON pb.plan = mine.plan AND pb.benefit <> mine.benefit
JOIN plan p ON p.id = pb.plan JOIN benefit b ON b.id = pb.benefit
JOIN benefit_version v ON v.benefit = b.id AND holds(v.from_at, v.until_at, $2)
WHERE mine.benefit = $1 AND holds('-infinity', mine.until_at, $2) AND holds('-infinity', pb.until_at, $2)
ORDER BY b.id"""


def find_conflicts(rules: Rules, plan_names: dict[UUID, str]) -> tuple[str, ...]:
    """Each conflict as a sentence that names both benefits."""
    by_plan = groupby(sorted(rules, key=lambda rule: (str(rule.plan), rule.name)), key=lambda rule: rule.plan)
    return tuple(words for plan, own in by_plan for words in _of_plan(list(own), plan_names.get(plan, "A plan")))


async def refuse_conflicts(benefit_id: UUID, kind_key: str, name: str, settings: str) -> None:
    """Check a benefit with these settings against the others of every plan that includes it.

    Raises `SettingRefused` with a message that names the other one.
    """
    for plan_name, *columns in await database.fetch_rows(_OTHERS, benefit_id, clock.now()):
        other = Rule(*columns)
        mine = Rule(other.plan, benefit_id, kind_key, name, settings)
        for field, words in _said(mine, other):
            raise SettingRefused(field, f"{words.format(other=f'“{other.name}” of {plan_name}')} {CHANGE}")


def _of_plan(rules: list[Rule], plan: str) -> Iterator[str]:
    for one, other in combinations(rules, 2):
        ours, theirs = one.effects, other.effects
        for words in (*_prices(ours, theirs), *_deliveries(ours, theirs), *_bests(one, other)):
            yield f"{plan}: “{one.name}” and “{other.name}” {words}"


def _said(mine: Rule, other: Rule) -> Iterator[tuple[str, str]]:
    """The field at which `mine` conflicts with the other, and why."""
    if any(_prices(mine.effects, other.effects)):
        yield "covers", "{other} already sets a price for the same products."
    if any(_deliveries(mine.effects, other.effects)):
        yield "methods", "{other} already makes the same delivery free; only the lower minimum would apply."
    if any(_bests(mine, other)):
        first = next((field.name for field in all_kinds()[mine.kind].fields), "name")
        yield first, "{other} is the same kind of benefit; only the better one would apply."


def _prices(one: Effects, other: Effects) -> Iterator[str]:
    for mine, theirs in ((one.rule, other.rule) for one, other in _pairs(one, other, PriceRuleEffect)):
        if mine.kind == theirs.kind == "explicit" and _meet(mine.scope, theirs.scope):
            yield "set two prices for the same product."
        elif mine.kind == theirs.kind and mine.scope == theirs.scope:
            yield "discount the same products; only the better one would apply."


def _deliveries(one: Effects, other: Effects) -> Iterator[str]:
    for mine, theirs in _pairs(one, other, DeliveryEffect):
        if mine.benefit.methods == theirs.benefit.methods:
            yield "make the same delivery free; only the lower minimum would apply."


def _pairs(one: Effects, other: Effects, effect_type: type[E]) -> Iterator[tuple[E, E]]:
    return product(of_type(one, effect_type), of_type(other, effect_type))


def _bests(one: Rule, other: Rule) -> Iterator[str]:
    """Two of a kind of which only the best counts."""
    if one.kind == other.kind and one.kind in all_kinds() and all_kinds()[one.kind].only_best_counts:
        yield "are the same kind of benefit; only the better one would apply."


def _meet(one: Scope, other: Scope) -> bool:
    """Whether they name the same thing, or both cover some variant on sale."""
    every = (variant for product in snapshot_refresh.snapshot().products for variant in product.variants)
    return one == other or any(one.covers(variant) and other.covers(variant) for variant in every)
