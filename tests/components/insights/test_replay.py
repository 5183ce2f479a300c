"""Past orders priced again: by the same resolver, with that day's prices, and nothing else changed."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from components.catalog.views import VariantView
from components.insights.backtests.backtest_result import BacktestResult
from components.insights.backtests.backtest_run import BacktestRun
from components.insights.backtests.sold_orders import SoldLine, SoldOrder
from components.memberships.benefits.backtest import BacktestEvents
from components.memberships.benefits.kinds import kind
from components.memberships.editing.plan_revisions import Rule, Rules

AT = datetime(2027, 2, 1, tzinfo=UTC)
NOTHING = BacktestEvents(since=AT - timedelta(days=90), until=AT, zone=ZoneInfo("Europe/London"))
PLAN, OTHER, MUG, PERSON = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)


def variant(price: int = 2400, compare_at: int | None = None) -> VariantView:
    return VariantView(MUG, MUG, None, "Mug", (), price, compare_at, (), None, True, True, frozenset())


def rule(kind_key: str, *, plan: UUID = PLAN, **answers: object) -> Rule:
    of_kind = kind(kind_key)
    return Rule(plan, UUID(int=9), kind_key, kind_key, of_kind.dump(of_kind.read(answers)))


def off(percent: int, *, plan: UUID = PLAN) -> Rules:
    return (rule("member_price", plan=plan, discount_type="percent", percent=percent, covers="everything"),)


def order(
    *,
    shop: int = 2400,
    regular: int = 2400,
    quantity: int = 1,
    plans: frozenset[UUID] = frozenset({PLAN}),
    listed: int = 0,
    is_free_anyway: bool = False,
    unit_cost: int | None = None,
) -> SoldOrder:
    line = SoldLine(MUG, MUG, "Mug", quantity, shop, regular, unit_cost=unit_cost)
    return SoldOrder(PERSON, plans, AT, (line,), None, listed, is_free_anyway, 2000, True)


def outcome(
    now: Rules,
    drafted: Rules,
    *orders: SoldOrder,
    known: VariantView | None = None,
    costs: dict[UUID, int] | None = None,
) -> BacktestResult:
    replay = BacktestRun(
        now, drafted, lambda _: known or variant(), {PLAN: "Annual", OTHER: "Other"}, 5_000, costs or {}
    )
    for one in orders:
        replay.take(one)
    replay.happened(NOTHING)
    return replay.outcome(NOTHING, {PERSON: "Maya"})


@given(st.integers(1, 9_000), st.integers(1, 9_000), st.integers(0, 90_000), st.integers(1, 9))
def test_more_off_never_costs_buyers_more_and_the_sums_agree(less: int, more: int, price: int, quantity: int) -> None:
    less, more = sorted((less, more))
    found = outcome(off(less), off(more), order(shop=price, regular=price, quantity=quantity))
    assert found.goods_drafted <= found.goods_now <= price * quantity
    assert found.cost == found.goods_now - found.goods_drafted == sum(one.gain for one in found.people)
    assert found.margin_now - found.margin_drafted >= 0
    assert sum(one.now for one in found.plans) == found.goods_now


def test_the_same_rules_change_nothing() -> None:
    found = outcome(off(1000), off(1000), order(), order(listed=395))
    assert found.cost == 0 and found.people == found.products == ()
    assert (found.people_winning, found.people_losing) == (0, 0)


def test_that_days_price_and_that_days_sale_count_not_todays() -> None:
    found = outcome((), off(1000), order(shop=2000, regular=2000), known=variant(price=9900, compare_at=12_000))
    assert (found.goods_now, found.goods_drafted) == (2000, 1800)
    on_sale = outcome((), off(1000), order(shop=2000, regular=1700))
    assert (on_sale.goods_now, on_sale.goods_drafted) == (1700, 1700), "the sale stays the lower one"
    assert outcome((), off(2000), order(shop=2000, regular=1700)).goods_drafted == 1600


def test_only_holders_of_the_plan_are_touched() -> None:
    assert outcome((), off(1000), order(plans=frozenset())).cost == 0
    assert outcome((), off(1000, plan=OTHER), order()).cost == 0
    both = outcome((), (*off(1000), *off(2000, plan=OTHER)), order(plans=frozenset({PLAN, OTHER})))
    assert both.goods_drafted == 1920 and [one.name for one in both.plans] == ["Annual and Other"]


def test_delivery_follows_its_threshold_on_goods_as_priced() -> None:
    free = (rule("free_delivery", threshold=2400),)
    assert outcome((), free, order(listed=395)).cost == 395
    assert outcome((), free, order(listed=395, shop=2399, regular=2399)).cost == 0
    assert outcome(free, (), order(listed=395)).cost == -395
    assert outcome(free, (), order(listed=395, is_free_anyway=True)).cost == 0, "it was free for everybody"


def test_a_lower_price_may_lose_free_delivery() -> None:
    free = (rule("free_delivery", threshold=2400),)
    found = outcome(free, (*free, *off(1000)), order(listed=395))
    assert (found.goods_now - found.goods_drafted, found.delivery_drafted, found.cost) == (240, 395, -155)


def test_what_is_no_longer_sold_is_left_out_and_said() -> None:
    replay = BacktestRun((), off(1000), lambda _: None, {}, 5_000)
    replay.take(order())
    found = replay.outcome(NOTHING, {})
    assert (found.left_out, found.orders, found.lines, found.goods_now) == (1, 0, 0, 0)


def test_the_margin_is_before_tax_and_after_the_goods_themselves() -> None:
    found = outcome((), off(1000), order())
    assert (found.margin_now, found.margin_drafted) == (2000 - 1000, 1800 - 1000)


def test_a_cost_is_the_one_kept_with_the_line_else_todays_else_a_share() -> None:
    known = outcome((), off(1000), order(unit_cost=700, quantity=2), order(), costs={MUG: 800})
    assert (known.cost_of_goods, known.known.kept, known.known.today, known.known.share) == (2200, 1, 1, 0)
    assert known.margin_now == 6000 - 2200
    free = outcome((), (), order(unit_cost=0))
    assert (free.cost_of_goods, free.known.kept) == (0, 1), "nothing is a cost too"
    share = outcome((), (), order(), order(unit_cost=700))
    assert (share.cost_of_goods, share.known.share, share.known.kept) == (1000 + 700, 1, 1)
