"""What a benefit changes for whoever holds it. Each effect is one small frozen type, and who needs a type asks for it.

The shop's own are here. A kind that opens something new brings a type of its own in its folder: whoever opens that
thing asks `CustomerEntitlements.effects(TheType)`, and nothing in between has to know it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from components.catalog.scopes import Scope
from components.catalog.visibility import HeadStart
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.rules import PriceRule


@dataclass(frozen=True, slots=True)
class Effect:
    """`is_priced`: a quote tells what it gives, so it opens nothing and a backtest prices it without its kind."""

    is_priced: ClassVar[bool] = False


E = TypeVar("E", bound=Effect)
Effects = tuple[Effect, ...]


@dataclass(frozen=True, slots=True)
class PriceRuleEffect(Effect):
    """Members pay less by this rule."""

    is_priced: ClassVar[bool] = True

    rule: PriceRule


@dataclass(frozen=True, slots=True)
class DeliveryEffect(Effect):
    """Delivery costs nothing."""

    is_priced: ClassVar[bool] = True

    benefit: DeliveryBenefit


@dataclass(frozen=True, slots=True)
class HeadStartEffect(Effect):
    """Products open earlier."""

    head_start: HeadStart


@dataclass(frozen=True, slots=True)
class MembersOnlyEffect(Effect):
    """Products that are for members only may be bought."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class ContentEffect(Effect):
    """Articles that are for members may be read."""


def of_type(effects: Iterable[Effect], effect_type: type[E]) -> tuple[E, ...]:
    """Those of one type, in the order they are held."""
    return tuple(one for one in effects if isinstance(one, effect_type))
