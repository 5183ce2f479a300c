"""What several benefits add up to: one price context, one access to the catalogue, the best delivery. Pure."""

from collections.abc import Iterable
from functools import lru_cache

from components.catalog.visibility import Access
from components.memberships.benefits.effects import (
    DeliveryEffect,
    Effect,
    Effects,
    HeadStartEffect,
    MembersOnlyEffect,
    PriceRuleEffect,
    of_type,
)
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.price_context import PriceContext


@lru_cache(maxsize=500)
def context_of(effects: Effects) -> PriceContext:
    return PriceContext.of(one.rule for one in of_type(effects, PriceRuleEffect))


@lru_cache(maxsize=500)
def access_of(effects: Effects) -> Access:
    """Equal whenever it gives the same access, in whatever order the benefits are held."""
    head_starts = {one.head_start for one in of_type(effects, HeadStartEffect)}
    scopes = {one.scope for one in of_type(effects, MembersOnlyEffect)}
    if not head_starts and not scopes:
        return Access.NONE
    return Access(
        tuple(sorted(head_starts, key=repr)),
        tuple(sorted(scopes, key=repr)),
    )


def best_delivery(effects: Iterable[Effect]) -> DeliveryBenefit | None:
    found = [one.benefit for one in of_type(effects, DeliveryEffect)]
    return min(found, key=lambda benefit: (benefit.threshold, benefit.id), default=None)
