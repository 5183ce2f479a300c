"""What every kind would have given in days that are past: by its own arithmetic, and so that the sums agree."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from components.catalog.views import VariantView
from components.insights.backtests.backtest_result import BacktestResult, OfKind
from components.insights.backtests.backtest_run import BacktestRun
from components.insights.backtests.sold_orders import SoldLine, SoldOrder
from components.memberships.benefits.backtest import BacktestEvents, HeldPeriod, PastPeriod, PastUse, PieceWorth
from components.memberships.benefits.kinds import all_kinds, kind
from components.memberships.benefits.protocol import Kind
from components.memberships.editing.plan_revisions import Rule, Rules

UNTIL = datetime(2027, 3, 1, tzinfo=UTC)
SINCE, DAY = UNTIL - timedelta(days=90), timedelta(days=1)
PLAN, OTHER = UUID(int=1), UUID(int=2)
MAYA, THEO, NOOR = UUID(int=11), UUID(int=12), UUID(int=13)
CUP, SUBSCRIPTION, BENEFIT = UUID(int=21), UUID(int=31), UUID(int=41)
HERS = (HeldPeriod(PLAN, SUBSCRIPTION, SINCE - 400 * DAY, None),)
ANSWERS: dict[str, dict[str, object]] = {
    key: {**one.example, **{field.name: [str(CUP)] for field in one.fields if field.kind == "variants"}}
    for key, one in all_kinds().items()
}
"""Every kind there is, with its own example; what is given is the cup."""


def rule(kind_key: str, *, plan: UUID = PLAN, benefit: UUID | None = None, **answers: object) -> Rule:
    of_kind = kind(kind_key)
    settings = of_kind.dump(of_kind.read({**ANSWERS[kind_key], **answers}))
    return Rule(plan, benefit or UUID(int=100 + list(ANSWERS).index(kind_key)), kind_key, kind_key, settings)


def everything(plan: UUID = PLAN) -> Rules:
    return tuple(rule(key, plan=plan) for key in ANSWERS)


def variant(_: UUID = CUP) -> VariantView:
    return VariantView(CUP, CUP, None, "Cup", (), 2400, None, (), None, True, True, frozenset())


def order(
    at: datetime, *, person: UUID = MAYA, plans: Iterable[UUID] = (PLAN,), price: int = 2400, quantity: int = 1,
    coupon: int = 0, credit: int = 0, spent: int = 0, refunds: tuple[tuple[datetime, int], ...] = (),
    opens_at: datetime | None = None, is_members_only: bool = False, listed: int = 0,
) -> SoldOrder:  # fmt: skip
    line = SoldLine(CUP, CUP, "Cup", quantity, price, price, coupon, None, opens_at, is_members_only)
    total = price * quantity - coupon + listed
    return SoldOrder(
        person, frozenset(plans), at, (line,), None, listed, False, 2000, True, at, total, credit, spent, refunds
    )


def happened(**more: object) -> BacktestEvents:
    found: dict[str, object] = {"memberships": {MAYA: HERS}, "piece": lambda _: PieceWorth(2400, 700, is_known=True)}
    return BacktestEvents(since=SINCE, until=UNTIL, zone=ZoneInfo("Europe/London"), **{**found, **more})  # type: ignore[arg-type]


def outcome(now: Rules, drafted: Rules, *orders: SoldOrder, **more: object) -> BacktestResult:
    replay, what = BacktestRun(now, drafted, variant, {PLAN: "Annual", OTHER: "Monthly"}, 5_000), happened(**more)
    for one in orders:
        replay.take(one)
    replay.happened(what)
    return replay.outcome(what, {})


def of(found: BacktestResult, key: str) -> OfKind:
    return next(one for one in found.kinds if one.key == key)


def drafted(rules: Rules | Rule, *orders: SoldOrder, **more: object) -> OfKind:
    """What a kind would have given, beside nothing today."""
    rules = rules if isinstance(rules, tuple) else (rules,)
    return of(outcome((), rules, *orders, **more), rules[0].kind)


def test_cashback_counts_goods_paid_in_money_before_tax_less_refunds() -> None:
    assert drafted(rule("cashback"), order(SINCE + DAY)).drafted == 100, "£24.00 is £20.00 before tax"
    assert drafted(rule("cashback"), order(SINCE + DAY, listed=395)).drafted == 100, "delivery earns nothing"
    assert drafted(rule("cashback"), order(SINCE + DAY, coupon=1200)).drafted == 50
    assert drafted(rule("cashback"), order(SINCE + DAY, credit=600)).drafted == 75
    assert drafted(rule("cashback"), order(SINCE + DAY, refunds=((SINCE + 2 * DAY, 1200),))).drafted == 50
    assert drafted(rule("cashback"), order(SINCE + DAY, plans=())).drafted == 0


def test_cashback_counts_what_the_drafted_price_leaves_to_pay() -> None:
    found = outcome((rule("cashback"),), (rule("cashback"), rule("member_price")), order(SINCE + DAY))
    assert (of(found, "cashback").now, of(found, "cashback").drafted) == (100, 90)
    assert found.cost == 240 - 10


def test_of_several_cashbacks_the_best_counts() -> None:
    rules = (rule("cashback"), rule("cashback", benefit=BENEFIT, rate=1000))
    assert drafted(rules, order(SINCE + DAY)).drafted == 200


def test_a_cap_begins_again_with_its_period_and_knows_what_was_earned_before() -> None:
    monthly = rule("cashback", cap=150, each="month")
    december, january = datetime(2026, 12, 20, tzinfo=UTC), datetime(2027, 1, 2, tzinfo=UTC)
    orders = (order(december), order(december + DAY), order(january))
    assert drafted(monthly, *orders).drafted == 150 + 100
    before = {monthly.benefit: (PastUse(MAYA, SINCE - DAY, 120), PastUse(MAYA, SINCE - 20 * DAY, 1000))}
    assert drafted(monthly, order(SINCE + DAY), uses=before).drafted == 100, "that was November"
    yearly = rule("cashback", cap=1150, each="year")
    assert drafted(yearly, order(SINCE + DAY), uses=before).drafted == 30
    another = rule("cashback", cap=1150, each="year", benefit=BENEFIT)
    assert drafted(another, order(SINCE + DAY), uses=before).drafted == 100, "another benefit has its own cap"


def test_what_went_back_makes_room_under_a_cap_from_then_on() -> None:
    capped = rule("cashback", cap=100)
    back = ((datetime(2027, 1, 10, tzinfo=UTC), 2400),)
    first, early, late = (datetime(2027, 1, day, tzinfo=UTC) for day in (5, 9, 11))
    assert drafted(capped, order(first, refunds=back), order(early)).drafted == 0
    assert drafted(capped, order(first, refunds=back), order(late)).drafted == 100


def test_credit_counts_for_each_period_paid_in_these_days() -> None:
    periods = tuple(
        PastPeriod(person=MAYA, plan=PLAN, source=SUBSCRIPTION, at=SINCE + day * DAY, turn=day) for day in (1, 31, 61)
    )
    found = drafted(rule("periodic_credit"), periods=periods)
    assert (found.drafted, found.times_drafted, found.words_drafted) == (900, 3, "3 paid periods")
    assert drafted(rule("periodic_credit", plan=OTHER), periods=periods).drafted == 0


def gift(occasion: str, **answers: object) -> Rule:
    return rule("gift", occasion=occasion, **answers)


def test_a_gift_for_joining_counts_the_first_time_only() -> None:
    joined = {MAYA: (HeldPeriod(PLAN, SUBSCRIPTION, SINCE + DAY, None),)}
    again = {MAYA: (HeldPeriod(PLAN, UUID(int=1), SINCE - 300 * DAY, SINCE - 9 * DAY), *joined[MAYA])}
    assert drafted(gift("joining"), memberships=joined).drafted == 700
    assert drafted(gift("joining"), memberships=again).drafted == 0
    both = (gift("joining"), rule("gift", plan=OTHER, occasion="joining"))
    moved = {MAYA: (*joined[MAYA], HeldPeriod(OTHER, SUBSCRIPTION, SINCE + 9 * DAY, None))}
    assert drafted(both, memberships=moved).drafted == 700


def test_gifts_for_years_birthdays_and_renewals_count_their_occasions() -> None:
    year = {MAYA: (HeldPeriod(PLAN, SUBSCRIPTION, SINCE + DAY - timedelta(days=365), None),)}
    assert drafted(gift("anniversary"), memberships=year).times_drafted == 1
    assert drafted(gift("anniversary")).times_drafted == 0, "hers was before these days"
    ended = {MAYA: (HeldPeriod(PLAN, SUBSCRIPTION, SINCE - timedelta(days=364), SINCE),)}
    assert drafted(gift("anniversary"), memberships=ended).times_drafted == 0
    births = {MAYA: date(1990, 1, 5), THEO: date(1990, 6, 5), NOOR: date(1990, 1, 5)}
    assert drafted(gift("birthday"), birthdays=births).times_drafted == 1, "Noor is no member, Theo's is in June"
    turns = tuple(
        PastPeriod(person=MAYA, plan=PLAN, source=SUBSCRIPTION, at=SINCE + turn * DAY, turn=turn) for turn in (3, 4, 5)
    )
    assert drafted(gift("streak", number=3), periods=turns).times_drafted == 1
    assert drafted(gift("streak", number=9), periods=turns).times_drafted == 0


def test_a_gift_for_spending_asks_for_so_much_since_the_gift_before() -> None:
    orders = [order(SINCE + n * DAY, spent=spent) for n, spent in ((1, 900), (2, 1100), (3, 1200), (60, 2150))]
    assert drafted(gift("spend", amount=1000), *orders).times_drafted == 2
    assert drafted(gift("spend", amount=1000), *orders[:3]).times_drafted == 1
    assert drafted(gift("spend", amount=1000), *orders, spent_before={MAYA: 1000}).times_drafted == 1


def test_a_gift_costs_the_dearest_piece_there_is_to_choose_and_is_worth_its_price() -> None:
    other = UUID(int=22)
    worth = {CUP: PieceWorth(2400, 700, is_known=True), other: PieceWorth(1000, 800, is_known=False)}
    joined = {MAYA: (HeldPeriod(PLAN, SUBSCRIPTION, SINCE + DAY, None),)}
    rules = (gift("joining", variants=[str(CUP), str(other)]),)
    found = outcome((), rules, memberships=joined, piece=worth.get)
    assert (found.cost, found.people[0].gain, of(found, "gift").has_unknown_costs) == (800, 1000, True)


def test_what_has_no_price_says_what_happened() -> None:
    opens = SINCE + 10 * DAY
    early = (order(opens - DAY, opens_at=opens, quantity=2), order(opens - 5 * DAY, opens_at=opens))
    assert drafted(rule("early_access"), *early).words_drafted == "2 items were sold early"
    assert drafted(rule("early_access", hours=240), *early).times_drafted == 3
    only = order(SINCE + DAY, is_members_only=True)
    assert drafted(rule("members_only"), only).words_drafted == "1 members-only item was sold"
    assert drafted(rule("content")).holders_drafted == 1
    for key, words in (("partner_code", "1 code was claimed"), ("perk", "1 use was recorded")):
        one = rule(key)
        uses = {one.benefit: (PastUse(MAYA, SINCE + DAY), PastUse(NOOR, SINCE + DAY), PastUse(MAYA, SINCE - DAY))}
        found = drafted(one, uses=uses)
        assert (found.words_drafted, found.cost, found.has_money) == (words, 0, False)


def test_what_is_held_by_two_plans_is_held_once() -> None:
    both = (rule("perk"), rule("perk", plan=OTHER))
    hers = {MAYA: (*HERS, HeldPeriod(OTHER, BENEFIT, SINCE, None))}
    uses = {both[0].benefit: (PastUse(MAYA, SINCE + DAY),)}
    assert drafted(both, memberships=hers, uses=uses).times_drafted == 1


instants = st.integers(1, 89).map(lambda day: SINCE + day * DAY)
sold = st.builds(
    order,
    instants,
    person=st.sampled_from([MAYA, THEO]),
    plans=st.sets(st.sampled_from([PLAN, OTHER])),
    price=st.integers(0, 90_000),
    quantity=st.integers(1, 5),
    spent=st.integers(0, 9_000),
    listed=st.sampled_from([0, 395]),
)
stretches = st.builds(
    lambda plan, source, start, length: HeldPeriod(plan, source, start, start + length * DAY),
    st.sampled_from([PLAN, OTHER]), st.sampled_from([SUBSCRIPTION, BENEFIT]),
    st.integers(-800, 89).map(lambda day: SINCE + day * DAY), st.integers(1, 900),
)  # fmt: skip
periods = st.builds(
    lambda person, plan, at, turn: PastPeriod(person=person, plan=plan, source=SUBSCRIPTION, at=at, turn=turn),
    st.sampled_from([MAYA, THEO]), st.sampled_from([PLAN, OTHER]), instants, st.integers(1, 5),
)  # fmt: skip
happenings = st.fixed_dictionaries(
    {
        "memberships": st.dictionaries(st.sampled_from([MAYA, THEO]), st.lists(stretches, max_size=3).map(tuple)),
        "periods": st.lists(periods, max_size=4).map(tuple),
        "birthdays": st.just({MAYA: date(1980, 2, 29), THEO: date(1990, 1, 5)}),
    }
)
OCCASIONS = (("joining", {}), ("anniversary", {}), ("birthday", {}), ("streak", {"number": 2}),
             ("spend", {"amount": 3000}))  # fmt: skip
some_rules = st.lists(
    st.one_of(
        st.builds(
            lambda key, plan: rule(key, plan=plan), st.sampled_from(list(ANSWERS)), st.sampled_from([PLAN, OTHER])
        ),
        st.builds(lambda plan, one: rule("gift", plan=plan, occasion=one[0], **one[1]),
                  st.sampled_from([PLAN, OTHER]), st.sampled_from(OCCASIONS)),
    ),
    max_size=9,
    unique_by=lambda one: (one.plan, one.kind),
).map(tuple)  # fmt: skip


@given(some_rules, some_rules, st.lists(sold, max_size=5), happenings)
def test_the_cost_is_the_sum_of_its_plans_and_of_its_kinds(
    now: Rules, then: Rules, orders: list[SoldOrder], what: dict[str, object]
) -> None:
    found = outcome(now, then, *orders, **what)
    assert found.cost == sum(one.cost for one in found.kinds) == sum(one.cost for one in found.plans)
    for side in ("now", "drafted"):
        for one in found.kinds:
            of_plans = (getattr(each, side) for plan in found.plans for each in plan.kinds if each.key == one.key)
            assert getattr(one, side) == sum(of_plans), one.key
    lower = found.goods_now + found.delivery_now - found.goods_drafted - found.delivery_drafted
    assert found.cost == lower + sum(one.cost for one in found.given)
    spent_less = found.sales_now - found.sales_drafted
    assert found.margin_now - found.margin_drafted == spent_less + sum(one.cost for one in found.given)
    gifts = sum(one.cost for one in found.kinds if one.key == "gift")
    worth = sum(one.times_drafted - one.times_now for one in found.kinds if one.key == "gift") * 2400
    assert sum(one.gain for one in found.people) == found.cost - gifts + worth


@given(some_rules, st.lists(sold, max_size=5), happenings)
def test_the_same_rules_make_no_difference_for_any_kind(
    rules: Rules, orders: list[SoldOrder], what: dict[str, object]
) -> None:
    found = outcome(rules, rules, *orders, **what)
    assert found.cost == 0 and found.people == found.products == ()
    assert all(one.now == one.drafted and one.words_now == one.words_drafted for one in found.kinds)
    assert found.margin_now == found.margin_drafted


def test_the_example_of_every_kind_is_an_answer_to_each_field_that_needs_one() -> None:
    for one in all_kinds().values():
        needed = {field.name for field in one.fields if field.is_needed and field.kind != "choice"}
        assert needed <= one.example.keys() <= {field.name for field in one.fields}, one.key
        settings = one.read(one.example)
        assert one.read(one.answers(settings)) == settings and one.words(settings), one.key


def test_every_kind_there_is_says_something_or_is_told_by_prices() -> None:
    by_prices = {key for key, one in all_kinds().items() if type(one).backtest is Kind.backtest}
    assert by_prices >= {"member_price", "free_delivery"}
    found = outcome((), everything(), order(SINCE + DAY, listed=395))
    assert {one.key for one in found.kinds} == {*all_kinds(), "prices", "delivery"} - by_prices
    assert all(one.words_drafted and one.assumed for one in found.kinds if one.key not in ("prices", "delivery"))
