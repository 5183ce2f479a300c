"""Rule replay: lines that were really sold, priced again by today's rules and by a draft's. Pure.

Assumed: people would have bought the same things at the same moments. A line's full price is what the shop asked
that day. Both sides go through the resolver that prices the shop.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

import msgspec

from components.catalog import Sale, VariantView
from components.memberships.revisions import Rules
from components.memberships.standing import best_delivery, context_of
from components.pricing import DeliveryBenefit, DeliveryChoice, PriceContext, prices
from components.pricing.delivery import charge

TOP = 10
Plans = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class SoldLine:
    """`shop_price` is the shop's own price that day and `regular` what a guest paid, each for one unit."""

    variant_id: UUID
    product_id: UUID
    title: str
    quantity: int
    shop_price: int
    regular: int


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """`plans` are those the buyer held when she ordered. `listed` is the delivery fee before any benefit.

    `is_free_anyway`: delivery cost nobody anything for an order of this size.
    """

    person: UUID | None
    plans: Plans
    at: datetime
    lines: tuple[SoldLine, ...]
    method: UUID | None
    listed: int
    is_free_anyway: bool
    tax_rate: int
    tax_is_included: bool

    def untaxed(self, amount: int) -> int:
        """The amount without the tax in it, rounded half up."""
        whole = 10_000 + self.tax_rate
        return (amount * 20_000 + whole) // (2 * whole) if self.tax_is_included else amount


class Changed(msgspec.Struct, frozen=True):
    """What somebody or some product comes to by today's rules and by the draft's, in minor units."""

    key: str
    name: str
    now: int
    drafted: int

    @property
    def gain(self) -> int:
        """What the buyer keeps; below zero, what she pays more."""
        return self.now - self.drafted


class OfPlan(msgspec.Struct, frozen=True):
    """Orders of a plan's members: what they come to, delivery included."""

    name: str
    orders: int
    lines: int
    now: int
    drafted: int


class Outcome(msgspec.Struct, frozen=True):
    """Amounts in minor units, tax included where prices include it; margins are before tax and after cost of goods."""

    orders: int
    lines: int
    left_out: int
    goods_now: int
    goods_drafted: int
    delivery_now: int
    delivery_drafted: int
    margin_now: int
    margin_drafted: int
    plans: tuple[OfPlan, ...]
    people_winning: int
    people_losing: int
    people: tuple[Changed, ...]
    products_winning: int
    products_losing: int
    products: tuple[Changed, ...]

    @property
    def cost(self) -> int:
        """What the draft would have cost the shop beside today's rules; below zero, what it would have brought in."""
        return self.goods_now + self.delivery_now - self.goods_drafted - self.delivery_drafted


@dataclass(slots=True)
class _Sums:
    orders: int = 0
    lines: int = 0
    now: int = 0
    drafted: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """What holders of some plans may use."""

    context: PriceContext
    delivery: DeliveryBenefit | None


@dataclass
class Replay:
    """Take the orders one after the other, then ask for the outcome. `cost_share` is basis points of the shop price."""

    now: Rules
    drafted: Rules
    variant: Callable[[UUID], VariantView | None]
    plan_names: Mapping[UUID, str]
    cost_share: int
    _held: dict[tuple[bool, Plans], _Held] = field(default_factory=dict)
    _units: dict[tuple[UUID, int, int, Plans], tuple[int, int]] = field(default_factory=dict)
    _plans: dict[str, _Sums] = field(default_factory=lambda: defaultdict(_Sums))
    _people: dict[UUID, _Sums] = field(default_factory=lambda: defaultdict(_Sums))
    _products: dict[UUID, _Sums] = field(default_factory=lambda: defaultdict(_Sums))
    _titles: dict[UUID, str] = field(default_factory=dict)
    _goods: _Sums = field(default_factory=_Sums)
    _delivery: _Sums = field(default_factory=_Sums)
    _net: _Sums = field(default_factory=_Sums)
    _cost: int = 0
    _left_out: int = 0

    def take(self, order: SoldOrder) -> None:
        goods, cost = _Sums(), 0
        for line in order.lines:
            now, drafted = self._unit(line, order)
            if now < 0:
                self._left_out += 1
                continue
            goods.lines += 1
            goods.now += now * line.quantity
            goods.drafted += drafted * line.quantity
            cost += line.shop_price * line.quantity
            self._titles[line.product_id] = line.title
            _add(self._products[line.product_id], now * line.quantity, drafted * line.quantity)
        if not goods.lines:
            return
        delivery = self._fee(order, goods.now, drafted=False), self._fee(order, goods.drafted, drafted=True)
        self._note(order, goods, delivery, cost)

    def outcome(self, people: Mapping[UUID, str]) -> Outcome:
        """`people` gives the names of those who gain or lose the most (`most_changed`)."""
        by_person, by_product = list(self._people.items()), list(self._products.items())
        cost = self._cost * self.cost_share // 10_000
        return Outcome(
            orders=self._goods.orders,
            lines=self._goods.lines,
            left_out=self._left_out,
            goods_now=self._goods.now,
            goods_drafted=self._goods.drafted,
            delivery_now=self._delivery.now,
            delivery_drafted=self._delivery.drafted,
            margin_now=self._net.now - cost,
            margin_drafted=self._net.drafted - cost,
            plans=tuple(OfPlan(name, s.orders, s.lines, s.now, s.drafted) for name, s in sorted(self._plans.items())),
            people_winning=_count(self._people.values(), 1),
            people_losing=_count(self._people.values(), -1),
            people=tuple(Changed(str(id), people.get(id, ""), s.now, s.drafted) for id, s in _extremes(by_person)),
            products_winning=_count(self._products.values(), 1),
            products_losing=_count(self._products.values(), -1),
            products=tuple(Changed(str(id), self._titles[id], s.now, s.drafted) for id, s in _extremes(by_product)),
        )

    def most_changed(self) -> tuple[UUID, ...]:
        return tuple(id for id, _ in _extremes(list(self._people.items())))

    def _unit(self, line: SoldLine, order: SoldOrder) -> tuple[int, int]:
        """The unit price by today's rules and by the draft's; below zero when the variant is no longer known."""
        key = (line.variant_id, line.shop_price, line.regular, order.plans)
        if key not in self._units:
            known = self.variant(line.variant_id)
            self._units[key] = (-1, -1) if known is None else self._both(_as_it_was(known, line), order)
        return self._units[key]

    def _both(self, variant: VariantView, order: SoldOrder) -> tuple[int, int]:
        contexts = (self._of(order.plans, drafted=drafted).context for drafted in (False, True))
        now, drafted = (prices.resolve(variant, context, order.at).now for context in contexts)
        return now, drafted

    def _fee(self, order: SoldOrder, goods: int, *, drafted: bool) -> int:
        if not order.listed or order.is_free_anyway:
            return 0
        choice = DeliveryChoice(order.method or _NO_METHOD, "", order.listed)
        benefit, untaxed = self._of(order.plans, drafted=drafted).delivery, order.untaxed(goods)
        return charge(choice, benefit, untaxed_goods=untaxed, untaxed_regular=untaxed).charged

    def _of(self, plans: Plans, *, drafted: bool) -> _Held:
        if (drafted, plans) not in self._held:
            rules = self.drafted if drafted else self.now
            shares = tuple(rule.share for rule in rules if rule.plan in plans)
            self._held[drafted, plans] = _Held(context_of(shares), best_delivery(shares))
        return self._held[drafted, plans]

    def _note(self, order: SoldOrder, goods: _Sums, delivery: tuple[int, int], cost: int) -> None:
        self._goods.orders += 1
        self._goods.lines += goods.lines
        _add(self._goods, goods.now, goods.drafted)
        _add(self._delivery, *delivery)
        now, drafted = goods.now + delivery[0], goods.drafted + delivery[1]
        _add(self._net, order.untaxed(now), order.untaxed(drafted))
        self._cost += order.untaxed(cost)
        if order.person is not None:
            _add(self._people[order.person], now, drafted)
        for name in [self.plan_names.get(plan, "A plan") for plan in order.plans] or ["No plan"]:
            sums = self._plans[name]
            sums.orders += 1
            sums.lines += goods.lines
            _add(sums, now, drafted)


_NO_METHOD = UUID(int=0)


def _add(sums: _Sums, now: int, drafted: int) -> None:
    sums.now += now
    sums.drafted += drafted


def _as_it_was(variant: VariantView, line: SoldLine) -> VariantView:
    """The variant with that day's prices. A struck-out price is known only while the price has not changed since."""
    compare_at = variant.compare_at if variant.price == line.shop_price else None
    is_sale = line.regular < line.shop_price and not variant.members_only  # there it is what members paid
    sales = (Sale(line.regular, None, None),) if is_sale else ()
    return replace(variant, price=line.shop_price, compare_at=compare_at, sales=sales)


def _count(sums: Iterable[_Sums], sign: int) -> int:
    return sum((one.now - one.drafted) * sign > 0 for one in sums)


def _extremes(rows: list[tuple[UUID, _Sums]]) -> list[tuple[UUID, _Sums]]:
    """Those who gain the most, then those who lose the most; whoever comes out the same is left out."""
    differing = [row for row in rows if row[1].now != row[1].drafted]
    moved = sorted(differing, key=lambda row: (row[1].drafted - row[1].now, row[0]))
    winning = [row for row in moved if row[1].now > row[1].drafted][:TOP]
    losing = [row for row in moved if row[1].now < row[1].drafted][-TOP:]
    return [*winning, *losing]
