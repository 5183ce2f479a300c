"""Everything about a person that can change a price: the rules she may use, and a key that names the set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import ClassVar

from components.pricing.rules import PriceRule


@dataclass(frozen=True, slots=True)
class PriceContext:
    """Two contexts with the same key give the same prices: caches of priced cards go by it."""

    rules: tuple[PriceRule, ...]
    key: str

    GUEST: ClassVar[PriceContext]

    @classmethod
    def of(cls, rules: Iterable[PriceRule]) -> PriceContext:
        ordered = tuple(sorted(set(rules), key=lambda rule: rule.id))
        return cls(ordered, _key(ordered)) if ordered else cls.GUEST

    @property
    def for_everybody(self) -> PriceContext:
        """What remains of it for somebody who is not a member."""
        return PriceContext.of(rule for rule in self.rules if rule.for_everybody)

    def joined_with(self, other: PriceContext) -> PriceContext:
        return PriceContext.of((*self.rules, *other.rules))

    def next_change(self, at: datetime) -> datetime | None:
        """The first instant after `at` when a rule begins or ends: priced pages are good until then."""
        instants = (edge for rule in self.rules for edge in (rule.from_at, rule.until_at))
        return min((edge for edge in instants if edge is not None and edge > at), default=None)


def _key(rules: tuple[PriceRule, ...]) -> str:
    return sha256("\n".join(_line(rule) for rule in rules).encode()).hexdigest()[:20]


def _line(rule: PriceRule) -> str:
    scope = rule.scope
    named = (rule.id, rule.kind, rule.value, rule.for_everybody, rule.from_at, rule.until_at, rule.words)
    return "|".join(map(str, (*named, scope.kind, *sorted(map(str, scope.ids)))))


PriceContext.GUEST = PriceContext((), "guest")
