"""Everything about a person that can change a price: their price rules, and a key that identifies the set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from components.pricing.rules import PriceRule

if TYPE_CHECKING:
    from components.catalog.views import VariantView


@dataclass(frozen=True, slots=True)
class PriceContext:
    """Two contexts with the same key give the same prices, so caches of priced cards use it."""

    rules: tuple[PriceRule, ...]
    key: str

    GUEST: ClassVar[PriceContext]

    def __hash__(self) -> int:
        return hash(self.key)

    @classmethod
    def of(cls, rules: Iterable[PriceRule]) -> PriceContext:
        ordered = tuple(sorted(set(rules), key=lambda rule: rule.id))
        return cls(ordered, _key(ordered)) if ordered else cls.GUEST

    @property
    def for_everybody(self) -> PriceContext:
        """What remains of it for a non-member."""
        return PriceContext.of(rule for rule in self.rules if rule.for_everybody)

    def joined_with(self, other: PriceContext) -> PriceContext:
        return PriceContext.of((*self.rules, *other.rules))

    def rules_for(self, variant: VariantView) -> tuple[PriceRule, ...]:
        """The rules that cover it, in order. Variants of the same collections share the result, except for rules by
        id."""
        if not self.rules:
            return ()
        by_place, by_id = _sorted_out(self)
        shared = _over(self, variant.collection_ids) if by_place else ()
        if not by_id:
            return shared
        named = tuple(rule for rule in by_id if rule.covers(variant))
        return tuple(sorted((*shared, *named), key=lambda rule: rule.id)) if named else shared

    def next_change(self, at: datetime) -> datetime | None:
        """The first instant after `at` when a rule begins or ends: priced pages are valid until then."""
        instants = (edge for rule in self.rules for edge in (rule.from_at, rule.until_at))
        return min((edge for edge in instants if edge is not None and edge > at), default=None)


@lru_cache(maxsize=500)
def _sorted_out(context: PriceContext) -> tuple[tuple[PriceRule, ...], tuple[PriceRule, ...]]:
    """Rules over everything and over collections, and those that name products or variants."""
    is_by_place = {rule.id: rule.scope.kind in ("everything", "collection") for rule in context.rules}
    by_place = tuple(rule for rule in context.rules if is_by_place[rule.id])
    return by_place, tuple(rule for rule in context.rules if not is_by_place[rule.id])


@lru_cache(maxsize=5_000)
def _over(context: PriceContext, collection_ids: frozenset[UUID]) -> tuple[PriceRule, ...]:
    by_place, _ = _sorted_out(context)
    return tuple(
        rule for rule in by_place if rule.scope.kind == "everything" or not rule.scope.ids.isdisjoint(collection_ids)
    )


def _key(rules: tuple[PriceRule, ...]) -> str:
    return sha256("\n".join(_line(rule) for rule in rules).encode()).hexdigest()[:20]


def _line(rule: PriceRule) -> str:
    scope = rule.scope
    named = (rule.id, rule.kind, rule.value, rule.for_everybody, rule.from_at, rule.until_at, rule.words)
    return "|".join(map(str, (*named, scope.kind, *sorted(map(str, scope.ids)))))


PriceContext.GUEST = PriceContext((), "guest")
