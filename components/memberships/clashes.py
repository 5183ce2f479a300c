"""Rules of one plan that cannot both be meant: the one could never matter, or they say two things of the same."""

from collections.abc import Iterable, Iterator
from itertools import combinations, groupby
from uuid import UUID

from components import catalog
from components.catalog import Scope
from components.memberships.benefits import all_kinds
from components.memberships.revisions import Rule, Rules
from components.pricing import DeliveryBenefit, PriceRule


def found(rules: Rules, plan_names: dict[UUID, str]) -> tuple[str, ...]:
    """Each contradiction in words that name both rules."""
    by_plan = groupby(sorted(rules, key=lambda rule: (str(rule.plan), rule.name)), key=lambda rule: rule.plan)
    return tuple(words for plan, own in by_plan for words in _of_plan(list(own), plan_names.get(plan, "A plan")))


def _of_plan(rules: list[Rule], plan: str) -> Iterator[str]:
    for one, other in combinations(rules, 2):
        for words in (*_prices(one, other), *_deliveries(one, other), *_bests(one, other)):
            yield f"{plan}: “{one.name}” and “{other.name}” {words}"


def _prices(one: Rule, other: Rule) -> Iterator[str]:
    for first, second in _pairs(one.share.price_rules, other.share.price_rules):
        if first.kind == second.kind == "explicit" and first.value != second.value and _meet(first.scope, second.scope):
            yield "give the same thing two different prices."
        elif first.kind == second.kind != "explicit" and first.scope == second.scope:
            yield "take something off the same products; only the better one would ever count."


def _deliveries(one: Rule, other: Rule) -> Iterator[str]:
    for first, second in _delivery_pairs(one.share.deliveries, other.share.deliveries):
        if first.methods == second.methods:
            yield "free the same delivery; only the lower threshold would ever count."


def _bests(one: Rule, other: Rule) -> Iterator[str]:
    """Two of a kind of which only the best counts."""
    if one.kind == other.kind and one.kind in all_kinds() and all_kinds()[one.kind].only_the_best:
        yield "are the same kind of benefit; only the better one would ever count."


def _pairs(ones: Iterable[PriceRule], others: tuple[PriceRule, ...]) -> Iterator[tuple[PriceRule, PriceRule]]:
    return ((one, other) for one in ones for other in others)


def _delivery_pairs(
    ones: Iterable[DeliveryBenefit], others: tuple[DeliveryBenefit, ...]
) -> Iterator[tuple[DeliveryBenefit, DeliveryBenefit]]:
    return ((one, other) for one in ones for other in others)


def _meet(one: Scope, other: Scope) -> bool:
    """Whether some variant on the shelves is covered by both."""
    products = catalog.snapshot().products
    return any(one.covers(variant) and other.covers(variant) for product in products for variant in product.variants)
