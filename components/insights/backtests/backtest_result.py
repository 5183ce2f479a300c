"""The result of a simulation, stored with the scenario. Amounts in minor units; `now` is with the current rules."""

from datetime import datetime

import msgspec

PRICES, DELIVERY = "prices", "delivery"
"""What the price resolver and the delivery rules give away, for any kind of benefit."""


class ResultChange(msgspec.Struct, frozen=True):
    """What a person would have paid (`now`, `drafted`) and received as rewards; for a product only what was paid."""

    key: str
    name: str
    now: int
    drafted: int
    given_now: int = 0
    given_drafted: int = 0

    @property
    def gain(self) -> int:
        """The buyer's gain; below zero, what they pay more or get less."""
        return self.now - self.drafted + self.given_drafted - self.given_now


class OfKind(msgspec.Struct, frozen=True):
    """What one kind of benefit gives away. `times` is how often; `holders` how many people had it in the period.

    `has_money` is False for benefits without a price, which are only described in words.
    """

    key: str
    name: str
    now: int = 0
    drafted: int = 0
    times_now: int = 0
    times_drafted: int = 0
    words_now: str = ""
    words_drafted: str = ""
    assumed: str = ""
    holders_now: int = 0
    holders_drafted: int = 0
    has_money: bool = True
    has_unknown_costs: bool = False

    @property
    def cost(self) -> int:
        return self.drafted - self.now

    @property
    def lowers_sales(self) -> bool:
        """Prices and deliveries reduce sales; anything else is a reward."""
        return self.key in (PRICES, DELIVERY)


class OfPlan(msgspec.Struct, frozen=True):
    """Orders of members with exactly these plans, including delivery, and what they received, by kind."""

    name: str
    orders: int
    lines: int
    now: int
    drafted: int
    kinds: tuple[OfKind, ...] = ()

    @property
    def cost(self) -> int:
        return sum(one.cost for one in self.kinds)


class KnownTotals(msgspec.Struct, frozen=True):
    """For how many lines the cost was stored with the order, is today's cost, or is a share of the shop price."""

    kept: int = 0
    today: int = 0
    share: int = 0


class BacktestResult(msgspec.Struct, frozen=True):
    """Goods and delivery including tax; `sales` are both before tax. Margins are before tax, after the cost of goods
    and after all rewards at face value."""

    since: datetime
    until: datetime
    orders: int
    lines: int
    left_out: int
    goods_now: int
    goods_drafted: int
    delivery_now: int
    delivery_drafted: int
    sales_now: int
    sales_drafted: int
    cost_of_goods: int
    known: KnownTotals
    kinds: tuple[OfKind, ...]
    plans: tuple[OfPlan, ...]
    people_winning: int
    people_losing: int
    people: tuple[ResultChange, ...]
    products_winning: int
    products_losing: int
    products: tuple[ResultChange, ...]

    @property
    def cost(self) -> int:
        """What the scenario would have cost compared with the current rules; below zero, what it would have earned."""
        return sum(one.cost for one in self.kinds)

    @property
    def given(self) -> tuple[OfKind, ...]:
        """Rewards that are worth money."""
        return tuple(one for one in self.kinds if one.has_money and not one.lowers_sales)

    @property
    def margin_now(self) -> int:
        return self.sales_now - self.cost_of_goods - sum(one.now for one in self.given)

    @property
    def margin_drafted(self) -> int:
        return self.sales_drafted - self.cost_of_goods - sum(one.drafted for one in self.given)
