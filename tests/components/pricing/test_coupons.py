"""What a coupon takes off, line by line, and what it never does."""

from dataclasses import replace
from itertools import product
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from components.catalog.scopes import EVERYTHING, Scope
from components.pricing import quotes
from components.pricing.allocation import spread
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.delivery_charge import DeliveryBenefit, DeliveryChoice
from components.pricing.free_gift_price import FreeBecause
from components.pricing.price_context import PriceContext
from components.pricing.quotes import Quote, QuoteLine
from components.pricing.tax import TaxTerms
from tests.support.cells import every_cell
from tests.support.make_prices import (
    AT,
    benefits,
    context,
    contexts,
    instants,
    lines,
    methods,
    rule,
    rules,
    scopes,
    taxes,
    variant,
)

VAT = TaxTerms(2000, inclusive=True)
STANDARD = DeliveryChoice(UUID(int=5), "Standard", 395)
TENTH_OFF = context(rule("percent", 1000))


def coupon(discount_type: str = "percent", value: int = 2000, **rest: Any) -> CouponDiscount:
    given: dict[str, Any] = {"scope": EVERYTHING, **rest}
    return CouponDiscount(UUID(int=99), "FIRE", "words", discount_type, value, **given)  # type: ignore[arg-type]


@st.composite
def coupons(draw: st.DrawFn) -> CouponDiscount:
    discount_type = draw(st.sampled_from(["percent", "amount", "free_delivery"]))
    return coupon(
        discount_type,
        draw(st.integers(1, 9_999 if discount_type == "percent" else 80_000)),
        scope=draw(scopes()),
        minimum=draw(st.integers(0, 60_000)),
        stacks=draw(st.booleans()),
    )


def quoted(
    *wanted: QuoteLine, of: CouponDiscount | None, held: PriceContext = PriceContext.GUEST, **rest: Any
) -> Quote:
    given: dict[str, Any] = {"delivery": STANDARD, "delivery_benefit": None, "tax": VAT, "at": AT, **rest}
    return quotes.quote(wanted, context=held, currency="GBP", coupon=of, **given)


def line(price: int = 2400, number: int = 1, quantity: int = 1, **rest: Any) -> QuoteLine:
    return QuoteLine(variant(price, number, **rest), f"Thing {number}", quantity)


def test_a_percentage_comes_off_each_line_and_tax_is_what_is_left_in_it() -> None:
    quote = quoted(line(), line(999, 2, 3), of=coupon())
    assert [each.coupon for each in quote.lines] == [480, 599]
    assert quote.goods == 2400 + 2997 - 1079 and quote.total == quote.goods + 395
    assert quote.lines[0].tax == 320 and quote.member_savings == 0


def test_an_amount_is_spread_to_the_penny() -> None:
    quote = quoted(line(1000), line(1000, 2), line(1000, 3), of=coupon("amount", 1000))
    assert [each.coupon for each in quote.lines] == [334, 333, 333]


def test_an_amount_never_takes_off_more_than_there_is() -> None:
    quote = quoted(line(300), of=coupon("amount", 5000))
    assert (quote.goods, quote.total) == (0, 395)


def test_free_delivery_is_the_list_fee_less_the_coupon() -> None:
    quote = quoted(line(), of=coupon("free_delivery", 0))
    assert (quote.delivery_list, quote.delivery_saved, quote.delivery) == (395, 395, 0)
    assert quote.coupon_worth == 395 and quote.member_savings == 0


def test_one_that_stacks_comes_off_the_member_price() -> None:
    quote = quoted(line(), of=coupon(stacks=True), held=TENTH_OFF)
    assert (quote.lines[0].saved, quote.lines[0].coupon, quote.goods) == (240, 432, 1728)


def test_one_that_does_not_stack_takes_the_place_of_a_worse_member_price() -> None:
    quote = quoted(line(), of=coupon(), held=TENTH_OFF)
    assert (quote.lines[0].saved, quote.lines[0].coupon, quote.goods) == (0, 480, 1920)
    assert "so it replaces yours" in quote.lines[0].trace[-1].reason


def test_a_better_member_price_stands_and_says_so() -> None:
    quote = quoted(line(), of=coupon(value=500), held=TENTH_OFF)
    assert (quote.goods, quote.coupon_off, quote.coupon_worth) == (2160, 0, 0)
    step = quote.lines[0].trace[-1]
    assert not step.applied and "yours saves you more" in step.reason


def test_each_line_goes_its_own_way() -> None:
    """A tenth off mug number 1 only: it is worse than the coupon there, and the coupon is all there is elsewhere."""
    held = context(rule("percent", 5000, scope=Scope("variant", frozenset({UUID(int=1)}))))
    quote = quoted(line(), line(2400, 2), of=coupon(), held=held)
    assert [(each.saved, each.coupon) for each in quote.lines] == [(1200, 0), (0, 480)]


def test_an_amount_that_does_not_stack_is_used_where_no_member_price_is_lost() -> None:
    """Two lines of £50, a fifth off one of them for a member, £10 by coupon: £40 and £40."""
    held = context(rule("percent", 2000, scope=Scope("variant", frozenset({UUID(int=1)}))))
    quote = quoted(line(5000), line(5000, 2), of=coupon("amount", 1000), held=held)
    assert quote.goods == 8000 and [(one.saved, one.coupon) for one in quote.lines] == [(1000, 0), (0, 1000)]


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(0, 100)), min_size=1, max_size=7), st.integers(1, 900))
def test_an_amount_that_does_not_stack_gives_the_lowest_sum_there_is(lines: list[Any], value: int) -> None:
    """Against every choice of lines there is, tried one after the other."""
    explicit = [
        rule("explicit", worth * share // 100, place + 1, scope=Scope("variant", frozenset({UUID(int=place + 1)})))
        for place, (worth, share) in enumerate(lines)
    ]
    wanted = [line(worth, place + 1) for place, (worth, _) in enumerate(lines)]
    lowest = min(
        sum(worth * share // 100 for (worth, share), is_in in zip(lines, choice, strict=True) if not is_in)
        + max(0, sum(worth for (worth, _), is_in in zip(lines, choice, strict=True) if is_in) - value)
        for choice in product([True, False], repeat=len(lines))
    )
    assert quoted(*wanted, of=coupon("amount", value), held=context(*explicit)).goods == lowest


def test_goods_it_is_not_for_never_reach_a_minimum_of_nothing() -> None:
    only = coupon("free_delivery", 0, scope=Scope("variant", frozenset({UUID(int=2)})))
    assert quoted(line(), of=only).delivery == 395


def test_the_minimum_looks_at_everybodys_prices() -> None:
    just = coupon(minimum=2400)
    assert quoted(line(), of=just, held=TENTH_OFF).coupon_off == 480
    assert quoted(line(2399), of=just).coupon_worth == 0


def test_other_products_and_gifts_are_left_alone() -> None:
    only = coupon(scope=Scope("variant", frozenset({UUID(int=2)})))
    gift = replace(line(2000, 2), gift=FreeBecause(UUID(int=7), UUID(int=8), "A present"))
    quote = quoted(line(), line(1000, 2), gift, of=only)
    assert [each.coupon for each in quote.lines] == [0, 200, 0]
    assert quote.lines[0].trace[-1].reason == "It applies to other products."
    assert quote.lines[2].trace[-1].reason == "Gifts are already free."


def test_a_coupon_does_not_cost_somebody_free_delivery() -> None:
    free = replace(STANDARD, free_from=2000)
    benefit = DeliveryBenefit(UUID(int=7), "Free", threshold=2000)
    assert quoted(line(), of=coupon(), delivery=free).delivery == 0
    assert quoted(line(), of=coupon(), delivery_benefit=benefit).delivery == 0


@given(st.integers(0, 10_000), st.lists(st.integers(0, 5_000), max_size=8))
def test_spreading_is_exact_and_fair(amount: int, over: list[int]) -> None:
    parts = spread(amount, over)
    assert sum(parts) == min(amount, sum(over))
    assert all(0 <= part <= weight for part, weight in zip(parts, over, strict=True))
    whole = sum(over)
    for part, weight in zip(parts, over, strict=True):
        assert whole == 0 or abs(part * whole - min(amount, whole) * weight) < whole


@given(lines, contexts, methods, benefits, taxes, instants, coupons())
def test_the_quote_sums_with_any_coupon(
    wanted: list[QuoteLine], held: PriceContext, method: Any, benefit: Any, tax: TaxTerms, at: Any, of: CouponDiscount
) -> None:
    rest = {"delivery": method, "delivery_benefit": benefit, "tax": tax, "at": at}
    quote = quoted(*wanted, of=of, held=held, **rest)
    added = 0 if tax.inclusive else sum(each.tax for each in quote.lines) + quote.delivery_tax
    assert quote.total == sum(each.total for each in quote.lines) + quote.delivery + added
    assert quote.goods == quote.regular_goods - quote.goods_saved - quote.coupon_off
    assert min(quote.total, quote.tax, quote.goods, quote.delivery, *(each.total for each in quote.lines), 0) == 0
    assert of.discount_type != "amount" or quote.coupon_off <= of.value
    for each in quote.lines:
        assert each.saved >= 0 and 0 <= each.coupon <= each.before_coupon
        assert [step.amount for step in each.price.trace if step.applied] == [each.unit]
        if each.coupon_step is not None and each.coupon_step.applied:
            assert each.coupon_step.amount == each.total
        else:
            assert each.coupon == 0


@given(lines, contexts, methods, benefits, taxes, instants, coupons())
def test_a_coupon_never_makes_anything_dearer(
    wanted: list[QuoteLine], held: PriceContext, method: Any, benefit: Any, tax: TaxTerms, at: Any, of: CouponDiscount
) -> None:
    rest = {"delivery": method, "delivery_benefit": benefit, "tax": tax, "at": at, "held": held}
    without, with_it = quoted(*wanted, of=None, **rest), quoted(*wanted, of=of, **rest)
    for before, after in zip(without.lines, with_it.lines, strict=True):
        assert after.total <= before.total
    assert with_it.delivery <= without.delivery and with_it.total <= without.total


@given(lines, contexts, rules(), taxes, instants, coupons())
def test_one_more_benefit_never_raises_what_goods_cost_beside_a_coupon(
    wanted: list[QuoteLine], held: PriceContext, more: Any, tax: TaxTerms, at: Any, of: CouponDiscount
) -> None:
    """Only rules for members: a sale changes what the coupon starts from, which is everybody's price."""
    benefit = replace(more, for_everybody=False)
    rest = {"delivery": None, "tax": tax, "at": at, "of": of}
    less = quoted(*wanted, held=held.joined_with(PriceContext.of([benefit])), **rest)
    assert less.goods <= quoted(*wanted, held=held, **rest).goods


@every_cell(("stacks", "goods"), [(True, 1728), (False, 1920)])
def test_a_sale_is_what_everybody_pays_and_the_coupon_starts_there(stacks: bool, goods: int) -> None:
    sold = context(rule("percent", 1000, for_everybody=True))
    assert quoted(line(), of=coupon(stacks=stacks), held=sold).goods == 1728
    assert quoted(line(), of=coupon(stacks=stacks), held=TENTH_OFF).goods == goods
