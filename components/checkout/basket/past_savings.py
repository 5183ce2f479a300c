"""What a plan would have saved on past orders: priced again by the price rules, at the prices of that day.

The benefits are today's. Products that are no longer sold count as no saving. Pure.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from components.catalog.snapshot.snapshots import Snapshot
from components.checkout.basket.basket_context import BasketContext
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.memberships.benefits.combined_effects import best_delivery, context_of
from components.memberships.plans.plan_catalogue import PlanView
from components.orders.history.purchase_history import PastOrder, PurchasedLine
from components.pricing import prices
from components.pricing.delivery_charge import DeliveryBenefit
from components.pricing.price_context import PriceContext


def saved(past: Sequence[PastOrder], plan: PlanView, *, context: BasketContext, at: datetime) -> int:
    """In minor units: goods and delivery, compared with a guest's price."""
    rules, benefit = context_of(plan.all_effects), best_delivery(plan.all_effects)
    total = 0
    for order in past:
        off = [_off(line, rules, context.snapshot, at) for line in order.lines]
        total += sum(off) + _delivery(order, sum(off), benefit, context.terms)
    return total


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
