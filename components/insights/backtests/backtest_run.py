"""Simulation: past orders recalculated with the current rules and with a scenario. Pure.

Assumption: customers would have bought the same things at the same times. A line's full price is the shop price of
that day. Both sides use the shop's own price resolver, and the benefit kinds for everything else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from components.catalog.views import VariantView
from components.insights.backtests import benefit_results
from components.insights.backtests.backtest_pricing import Pricing
from components.insights.backtests.backtest_result import (
    DELIVERY,
    PRICES,
    BacktestResult,
    KnownTotals,
    OfKind,
    OfPlan,
    ResultChange,
)
from components.insights.backtests.backtest_totals import BacktestTotals, PersonTotals, count, extremes
from components.insights.backtests.sold_orders import Plans, SoldLine, SoldOrder
from components.memberships.benefits.backtest import BacktestEvents, PastPiece, PastPurchase
from components.memberships.benefits.kinds import kind
from components.memberships.editing.plan_revisions import Rules

WHOLE = 10_000


@dataclass(slots=True)
class _Basket:
    """An order's goods with the current rules and with the scenario; `base` is the basis for cashback."""

    lines: int = 0
    regular: int = 0
    goods: BacktestTotals = field(default_factory=BacktestTotals)
    base: BacktestTotals = field(default_factory=BacktestTotals)
    pieces: list[PastPiece] = field(default_factory=list)


@dataclass
class BacktestRun:
    """Add the orders in the order they were paid, then what else `happened`, then get the outcome.

    `costs` is today's cost of variants; `cost_share`, in basis points of the shop price, is used where that is
    unknown too.
    """

    now: Rules
    drafted: Rules
    variant: Callable[[UUID], VariantView | None]
    plan_names: Mapping[UUID, str]
    cost_share: int
    costs: Mapping[UUID, int] = field(default_factory=dict)
    _pricing: Pricing = field(init=False)
    _ledger: PersonTotals = field(default_factory=PersonTotals)
    _titles: dict[UUID, str] = field(default_factory=dict)
    _goods: BacktestTotals = field(default_factory=BacktestTotals)
    _delivery: BacktestTotals = field(default_factory=BacktestTotals)
    _sales: BacktestTotals = field(default_factory=BacktestTotals)
    _kinds: list[OfKind] = field(default_factory=list)
    _purchases: tuple[list[PastPurchase], list[PastPurchase]] = field(default_factory=lambda: ([], []))
    _known: list[int] = field(default_factory=lambda: [0, 0, 0])
    _cost: int = 0
    _left_out: int = 0

    def __post_init__(self) -> None:
        self._pricing = Pricing(self.now, self.drafted, self.variant)

    def take(self, order: SoldOrder) -> None:
        basket = _Basket()
        for line in order.lines:
            self._take_line(order, line, basket)
        if not basket.lines:
            return
        goods = basket.goods
        fees = self._pricing.fee(order, goods.now, drafted=False), self._pricing.fee(order, goods.drafted, drafted=True)
        self._note(order, basket, fees)
        if order.person is not None and order.plans:
            self._remember(order, order.person, basket)

    def happened(self, happened: BacktestEvents) -> None:
        """Apart from orders: what every kind would have given, as calculated by the kind."""
        for key in benefit_results.kinds_of(self.now, self.drafted):
            sides = [
                benefit_results.results(key, rules, happened, sorted(purchases, key=lambda one: one.at))
                for rules, purchases in zip((self.now, self.drafted), self._purchases, strict=True)
            ]
            if any(side.is_priced for side in sides) and all(side.outcome is None for side in sides):
                continue
            unknown = False
            for side, drafted in zip(sides, (False, True), strict=True):
                for given in side.outcome.given if side.outcome else ():
                    plans = happened.plans(given.person, given.at) | {given.plan}
                    self._ledger.away[key][plans].give(given.cost, drafted=drafted)
                    self._ledger.people[given.person].give(given.worth, drafted=drafted)
                    unknown |= not given.is_known
            self._kinds.append(_of_kind(key, sides, self._away(key), has_unknown_costs=unknown))

    def most_changed(self) -> tuple[UUID, ...]:
        return tuple(id for id, _ in extremes(list(self._ledger.people.items())))

    def outcome(self, happened: BacktestEvents, people: Mapping[UUID, str]) -> BacktestResult:
        """`people` has the names of those who gain or lose the most (`most_changed`)."""
        by_person, by_product = self._ledger.people, self._ledger.products
        priced = (_money(key, name, self._away(key)) for key, name in _PRICED)
        return BacktestResult(
            since=happened.since,
            until=happened.until,
            orders=self._goods.orders,
            lines=self._goods.lines,
            left_out=self._left_out,
            goods_now=self._goods.now,
            goods_drafted=self._goods.drafted,
            delivery_now=self._delivery.now,
            delivery_drafted=self._delivery.drafted,
            sales_now=self._sales.now,
            sales_drafted=self._sales.drafted,
            cost_of_goods=self._cost,
            known=KnownTotals(*self._known),
            kinds=(*priced, *self._kinds),
            plans=self._of_plans(),
            people_winning=count(by_person.values(), 1),
            people_losing=count(by_person.values(), -1),
            people=tuple(_changed(id, people.get(id, ""), sums) for id, sums in extremes(list(by_person.items()))),
            products_winning=count(by_product.values(), 1),
            products_losing=count(by_product.values(), -1),
            products=tuple(_changed(id, self._titles[id], sums) for id, sums in extremes(list(by_product.items()))),
        )

    def _take_line(self, order: SoldOrder, line: SoldLine, basket: _Basket) -> None:
        found = self._pricing.units(line, order)
        if found is None:
            self._left_out += 1
            return
        variant, *units = found
        now, drafted = (unit * line.quantity for unit in units)
        basket.lines += 1
        basket.regular += line.regular * line.quantity
        basket.goods.add(now, drafted)
        if order.plans:
            basket.base.add(*(_base(order, variant, amount - line.coupon) for amount in (now, drafted)))
            if line.is_special(order.at):
                basket.pieces.append(PastPiece(variant, line.quantity, line.opens_at, line.is_members_only))
        self._cost += self._cost_of(line, order)
        self._titles[line.product_id] = line.title
        self._ledger.products[line.product_id].add(now, drafted)

    def _cost_of(self, line: SoldLine, order: SoldOrder) -> int:
        """The stored cost, or today's cost, or a share of the price before tax."""
        for place, unit in enumerate((line.unit_cost, self.costs.get(line.variant_id))):
            if unit is not None:
                self._known[place] += 1
                return unit * line.quantity
        self._known[2] += 1
        return order.untaxed(line.shop_price * line.quantity) * self.cost_share // WHOLE

    def _note(self, order: SoldOrder, basket: _Basket, fees: tuple[int, int]) -> None:
        goods, listed = basket.goods, 0 if order.is_free_anyway else order.listed
        now, drafted = goods.now + fees[0], goods.drafted + fees[1]
        self._goods.add(goods.now, goods.drafted)
        self._delivery.add(*fees)
        self._sales.add(order.untaxed(now), order.untaxed(drafted))
        prices, delivery = (self._ledger.away[key][order.plans] for key in (PRICES, DELIVERY))
        prices.give_both(basket.regular - goods.now, basket.regular - goods.drafted)
        delivery.give_both(listed - fees[0], listed - fees[1])
        for sums in (self._goods, self._ledger.plans[order.plans]):
            sums.orders += 1
            sums.lines += basket.lines
        self._ledger.plans[order.plans].add(now, drafted)
        if order.person is not None:
            self._ledger.people[order.person].add(now, drafted)

    def _remember(self, order: SoldOrder, person: UUID, basket: _Basket) -> None:
        for purchases, base in zip(self._purchases, (basket.base.now, basket.base.drafted), strict=True):
            purchases.append(
                PastPurchase(
                    person=person,
                    plans=order.plans,
                    at=order.paid_at or order.at,
                    base=order.in_money(base),
                    spent=order.spent,
                    total=order.total,
                    refunds=order.refunds,
                    pieces=tuple(basket.pieces),
                )
            )

    def _away(self, key: str) -> BacktestTotals:
        total = BacktestTotals()
        for sums in self._ledger.away[key].values():
            total.give(sums.given_now, drafted=False)
            total.give(sums.given_drafted, drafted=True)
        return total

    def _of_plans(self) -> tuple[OfPlan, ...]:
        names = dict(_PRICED) | {one.key: one.name for one in self._kinds}
        groups = {plans for of_kind in self._ledger.away.values() for plans in of_kind} | set(self._ledger.plans)
        rows = []
        for plans in groups:
            sums, away = self._ledger.plans[plans], ((key, self._ledger.away[key][plans]) for key in names)
            kinds = tuple(_money(key, names[key], one) for key, one in away if one.given_now or one.given_drafted)
            rows.append(OfPlan(self._label(plans), sums.orders, sums.lines, sums.now, sums.drafted, kinds))
        return tuple(sorted(rows, key=lambda row: row.name))

    def _label(self, plans: Plans) -> str:
        return " and ".join(sorted(self.plan_names.get(plan, "A plan") for plan in plans)) or "No plan"


_PRICED = ((PRICES, "Product prices"), (DELIVERY, "Delivery"))


def _money(key: str, name: str, sums: BacktestTotals) -> OfKind:
    return OfKind(key, name, sums.given_now, sums.given_drafted)


def _of_kind(
    key: str, sides: list[benefit_results.KindResult], sums: BacktestTotals, *, has_unknown_costs: bool
) -> OfKind:
    now, drafted = sides
    return OfKind(
        key=key,
        name=kind(key).title,
        now=sums.given_now,
        drafted=sums.given_drafted,
        times_now=_times(now),
        times_drafted=_times(drafted),
        words_now=benefit_results.words_of(now),
        words_drafted=benefit_results.words_of(drafted),
        assumed=next((one.outcome.assumed for one in (drafted, now) if one.outcome), ""),
        holders_now=now.holders,
        holders_drafted=drafted.holders,
        has_money=benefit_results.has_money(sides),
        has_unknown_costs=has_unknown_costs,
    )


def _times(told: benefit_results.KindResult) -> int:
    return sum(one.count for one in told.outcome.given) if told.outcome else 0


def _changed(id: UUID, name: str, sums: BacktestTotals) -> ResultChange:
    return ResultChange(str(id), name, sums.now, sums.drafted, sums.given_now, sums.given_drafted)


def _base(order: SoldOrder, variant: VariantView, paid: int) -> int:
    return max(order.untaxed(paid) if variant.is_taxable else paid, 0)
