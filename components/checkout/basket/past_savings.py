"""What a plan would have saved on past orders: priced again by the price rules, at the prices of that day.

The benefits are today's. Products that are no longer sold count as no saving. Store credit that orders earn is worked
out as it is earned: of goods before tax, after member prices, what was paid with credit not counted. Pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from components.catalog.snapshot.snapshots import Snapshot
from components.checkout.basket.basket_context import BasketContext
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.foundation.shop_settings import shop_settings
from components.memberships.benefits.backtest import BacktestEvents, BacktestHistory, PastPurchase, Promise
from components.memberships.benefits.combined_effects import best_delivery, context_of
from components.memberships.benefits.kinds import kind
from components.memberships.benefits.protocol import Kind
from components.memberships.plans.plan_catalogue import BenefitView, PlanView
from components.orders.history.purchase_history import PastOrder, PurchasedLine
from components.pricing import prices
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.price_context import PriceContext

_SOMEBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class PastSavings:
    """In minor units. `off` goods and delivery, compared with a guest's price; `credit` would have been earned."""

    off: int = 0
    credit: int = 0


def saved(past: Sequence[PastOrder], plan: PlanView, *, context: BasketContext, at: datetime) -> PastSavings:
    rules, benefit = context_of(plan.all_effects), best_delivery(plan.all_effects)
    total, purchases = 0, list[PastPurchase]()
    for order in past:
        off = [_off(line, rules, context.snapshot, at) for line in order.lines]
        total += sum(off) + _delivery(order, sum(off), benefit, context.terms)
        purchases.append(_purchase(order, off, plan))
    return PastSavings(total, _earned(purchases, plan))


def not_counted(plan: PlanView, *, has_past: bool) -> tuple[str, ...]:
    """The names of its benefits that give something which no price tells, and which no orders are asked about."""
    return tuple(one.name for one in plan.benefits if _gives(one) and not (has_past and kind(one.kind).earns_by_orders))


def _gives(benefit: BenefitView) -> bool:
    """Nothing that a price or an open door shows."""
    return not benefit.effects and type(kind(benefit.kind)).backtest is not Kind.backtest


def _earned(purchases: Sequence[PastPurchase], plan: PlanView) -> int:
    earning = {one.kind for one in plan.benefits if kind(one.kind).earns_by_orders}
    return sum(_earned_by(name, purchases, plan) for name in earning) if purchases else 0


def _earned_by(name: str, purchases: Sequence[PastPurchase], plan: PlanView) -> int:
    of_kind = kind(name)
    promises = tuple(
        Promise(plan.id, one.id, one.name, of_kind.load(one.settings)) for one in plan.benefits if one.kind == name
    )
    first, last = purchases[0].at, purchases[-1].at
    happened = BacktestEvents(since=first, until=last, zone=ZoneInfo(shop_settings.current().time_zone))
    found = of_kind.backtest(BacktestHistory(happened, promises, tuple(purchases)))
    return sum(one.worth for one in found.given) if found else 0


def _purchase(order: PastOrder, off: Sequence[int], plan: PlanView) -> PastPurchase:
    """As a member would have paid for it."""
    goods = sum(_before_tax(line, less) for line, less in zip(order.lines, off, strict=True))
    return PastPurchase(
        person=_SOMEBODY,
        plans=frozenset((plan.id,)),
        at=order.paid_at,
        base=goods * (order.total - order.credit) // order.total if order.total else 0,
        spent=0,
        total=order.total,
        refunds=((order.paid_at, order.given_back),),
    )


def _before_tax(line: PurchasedLine, off: int) -> int:
    amount, whole = line.regular_unit * line.quantity - line.coupon - off, 10_000 + line.tax_in
    return amount - (2 * amount * line.tax_in + whole) // (2 * whole)


def _off(line: PurchasedLine, context: PriceContext, snapshot: Snapshot, at: datetime) -> int:
    """A coupon used at the time is not added to the saving."""
    variant = snapshot.variant(line.variant_id)
    if variant is None:
        return 0
    then = replace(variant, price=line.regular_unit, compare_at=None, sales=())
    return max(0, prices.resolve(then, context, at).saved * line.quantity - line.coupon)


def _delivery(order: PastOrder, off: int, benefit: DeliveryBenefit | None, terms: DeliveryTerms) -> int:
    method = next((one for one in terms.methods if one.name == order.method), None)
    if benefit is None or method is None or not benefit.covers(method.choice):
        return 0
    goods = sum(line.regular_unit * line.quantity - line.coupon for line in order.lines) - off
    return order.fee if goods >= benefit.threshold else 0
