"""What several benefits add up to: one price context, one access to the catalogue, the best delivery. Pure."""

from collections.abc import Iterable
from functools import lru_cache

from components.catalog.visibility import Access
from components.memberships.benefits.protocol import BenefitEffects
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.price_context import PriceContext


@lru_cache(maxsize=500)
def context_of(shares: tuple[BenefitEffects, ...]) -> PriceContext:
    return PriceContext.of(rule for one in shares for rule in one.price_rules)


@lru_cache(maxsize=500)
def access_of(shares: tuple[BenefitEffects, ...]) -> Access:
    """Equal whenever it gives the same access, in whatever order the benefits are held."""
    head_starts = {head for one in shares for head in one.head_starts}
    scopes = {scope for one in shares for scope in one.members_only}
    if not head_starts and not scopes:
        return Access.NONE
    return Access(
        tuple(sorted(head_starts, key=repr)),
        tuple(sorted(scopes, key=repr)),
    )


def best_delivery(shares: Iterable[BenefitEffects]) -> DeliveryBenefit | None:
    found = [benefit for one in shares for benefit in one.deliveries]
    return min(found, key=lambda benefit: (benefit.threshold, benefit.id), default=None)
