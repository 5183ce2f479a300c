"""What came of a replay: plain values, kept with the draft. Amounts in minor units; `now` is by today's rules."""

from datetime import datetime

import msgspec

PRICES, DELIVERY = "prices", "delivery"
"""What the resolver and the delivery rules give away, whichever kinds of benefits they come of."""


class ResultChange(msgspec.Struct, frozen=True):
    """What somebody would have paid (`now`, `drafted`) and been given beside it; of a product only what was paid."""

    key: str
    name: str
    now: int
    drafted: int
    given_now: int = 0
    given_drafted: int = 0

    @property
    def gain(self) -> int:
        """What the buyer keeps or gets; below zero, what she pays more or goes without."""
        return self.now - self.drafted + self.given_drafted - self.given_now


class OfKind(msgspec.Struct, frozen=True):
    """What one kind of benefit gives away. `times` is how often; `holders` how many people held it in these days.

    `has_money` is False for what has no price: then the words are all there is to say.
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
        """Prices and deliveries make the sales smaller; anything else is given beside them."""
        return self.key in (PRICES, DELIVERY)


class OfPlan(msgspec.Struct, frozen=True):
    """Orders of those who held just these plans, delivery included, and what was given to them, kind by kind."""

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
    """How many lines' costs were kept with the order, are what the piece costs today, or a share of the shop price."""

    kept: int = 0
    today: int = 0
    share: int = 0


class BacktestResult(msgspec.Struct, frozen=True):
    """Goods and delivery with the tax that prices include; `sales` are both before tax. Margins are before tax, after
    the cost of goods and after all that is given beside prices, at its face value."""

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
        """What the draft would have cost the shop beside today's rules; below zero, what it would have brought in."""
        return sum(one.cost for one in self.kinds)

    @property
    def given(self) -> tuple[OfKind, ...]:
        """What is given beside prices and is worth money."""
        return tuple(one for one in self.kinds if one.has_money and not one.lowers_sales)

    @property
    def margin_now(self) -> int:
        return self.sales_now - self.cost_of_goods - sum(one.now for one in self.given)

    @property
    def margin_drafted(self) -> int:
        return self.sales_drafted - self.cost_of_goods - sum(one.drafted for one in self.given)
