"""What one thing costs one person, and the story of it."""

from datetime import datetime, timedelta
from fractions import Fraction
from math import floor
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from components.catalog.scopes import Scope
from components.catalog.views import Sale, VariantView
from components.pricing import prices
from components.pricing.price_context import PriceContext
from tests.support.cells import every_cell
from tests.support.make_prices import (
    AT,
    COLLECTIONS,
    context,
    contexts,
    instants,
    rule,
    rules,
    variant,
    variants,
)

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


def now(one: object, held: PriceContext, at: object = AT) -> int:
    return prices.resolve(one, held, at).now  # type: ignore[arg-type]


def test_a_guest_pays_the_shops_price() -> None:
    price = prices.resolve(variant(), PriceContext.GUEST, AT)
    assert (price.now, price.regular, price.was, price.saved, price.rule) == (2400, 2400, None, 0, None)
    assert [(step.words, step.amount, step.applied) for step in price.trace] == [("Regular price", 2400, True)]


@every_cell(("percent", "paid"), [(1500, 2040), (1000, 2160), (9000, 240), (10_000, 0)])
def test_a_percentage_off(percent: int, paid: int) -> None:
    assert now(variant(), context(rule("percent", percent))) == paid


def test_half_a_penny_of_discount_rounds_up() -> None:
    assert now(variant(1005), context(rule("percent", 1000))) == 904


def test_an_amount_off_never_goes_below_nothing() -> None:
    assert now(variant(300), context(rule("amount", 500))) == 0


def test_member_rules_never_stack_with_each_other() -> None:
    held = context(rule("percent", 1000, 1), rule("amount", 300, 2), rule("explicit", 2200, 3))
    assert now(variant(), held) == 2100


def test_member_rules_never_stack_with_a_sale() -> None:
    sold = variant(2400, sales=(Sale(2000, None, None),))
    assert now(sold, context(rule("percent", 1000))) == 2000
    assert now(sold, context(rule("percent", 2000))) == 1920


def test_nor_with_a_reduction_that_compares_with_an_earlier_price() -> None:
    reduced = variant(2400, compare_at=3000)
    assert now(reduced, context(rule("percent", 1000))) == 2400
    assert now(reduced, context(rule("percent", 3000))) == 2100
    assert prices.resolve(reduced, PriceContext.GUEST, AT).was == 3000


@every_cell(("at", "paid"), [(AT - SECOND, 2400), (AT, 1800), (AT + HOUR - SECOND, 1800), (AT + HOUR, 2400)])
def test_a_sale_is_half_open(at: object, paid: int) -> None:
    assert now(variant(sales=(Sale(1800, AT, AT + HOUR),)), PriceContext.GUEST, at) == paid


@every_cell(("at", "paid"), [(AT - SECOND, 2400), (AT, 2160), (AT + HOUR - SECOND, 2160), (AT + HOUR, 2400)])
def test_a_rule_with_dates_is_half_open(at: object, paid: int) -> None:
    assert now(variant(), context(rule(from_at=AT, until_at=AT + HOUR)), at) == paid


def test_a_sale_to_come_is_not_given_away() -> None:
    price = prices.resolve(variant(sales=(Sale(1800, AT + HOUR, None),)), PriceContext.GUEST, AT)
    assert "Sale" not in " ".join(step.words for step in price.trace)


def test_what_everybody_may_have_is_called_no_saving() -> None:
    price = prices.resolve(variant(), context(rule("explicit", 2400)), AT)
    assert price.rule is None and price.saved == 0 and not price.is_for_members


def test_a_sale_for_everybody_lowers_the_regular_price_too() -> None:
    price = prices.resolve(variant(), context(rule("percent", 2500, for_everybody=True), rule("amount", 100, 2)), AT)
    assert (price.now, price.regular, price.was, price.saved) == (1800, 1800, 2400, 0)


def test_the_reasons_are_for_a_shopper() -> None:
    elsewhere = rule("percent", 5000, 2, words="Half off bowls", scope=Scope("collection", frozenset(COLLECTIONS[:1])))
    held = context(rule(words="10% off"), elsewhere, rule("amount", 100, 3, words="£1 off"))
    told = {step.words: (step.applied, step.reason) for step in prices.resolve(variant(), held, AT).trace}
    assert told["10% off"] == (True, "The lowest price available to you, so it’s the one you pay.")
    assert told["Half off bowls"] == (False, "It applies to other products.")
    assert told["£1 off"][1].startswith("Another price is lower. You pay the lowest one")


def test_both_prices_for_a_card() -> None:
    member = context(rule("percent", 1500))
    guest_sees = prices.visitor_and_member(variant(), PriceContext.GUEST, member, AT)
    member_sees = prices.visitor_and_member(variant(), member, member, AT)
    assert (guest_sees.now, guest_sees.member, guest_sees.shows_both, guest_sees.is_yours) == (2400, 2040, True, False)
    assert (member_sees.now, member_sees.member, member_sees.regular, member_sees.is_yours) == (2040, 2040, 2400, True)


def test_the_key_names_the_set_of_rules_and_not_their_order() -> None:
    one, other = rule(number=1), rule("amount", 100, 2)
    assert context(one, other).key == context(other, one, one).key
    assert context(one).key != context(one, other).key
    assert PriceContext.of([]) is PriceContext.GUEST
    assert context(rule(value=1000)).key != context(rule(value=1500)).key


def by_hand(one: VariantView, held: PriceContext, at: datetime) -> int:
    """The lowest eligible price, by a reckoning of its own: exact fractions, sets of names, instants compared here."""

    def is_on(begins: datetime | None, ends: datetime | None) -> bool:
        return (begins is None or begins <= at) and (ends is None or at < ends)

    full = max([one.price] if one.compare_at is None else [one.price, one.compare_at])
    names = {"everything": None, "collection": one.collection_ids, "product": {one.product_id}, "variant": {one.id}}
    eligible = [one.price, *(sale.price for sale in one.sales if is_on(sale.from_at, sale.until))]
    for each in held.rules:
        theirs = names[each.scope.kind]
        if is_on(each.from_at, each.until_at) and (theirs is None or each.scope.ids & theirs):
            less = {
                "percent": floor(Fraction(full * each.value, 10_000) + Fraction(1, 2)),
                "amount": each.value,
                "explicit": full - each.value,
            }
            eligible.append(max(0, full - less[each.kind]))
    return min(eligible)


@given(variants(), contexts, instants)
def test_the_price_is_the_lowest_eligible_one(one: VariantView, held: PriceContext, at: datetime) -> None:
    assert now(one, held, at) == by_hand(one, held, at) >= 0


@given(variants(), contexts, rules(), instants)
def test_one_more_benefit_never_raises_a_price(one: object, held: PriceContext, more: object, at: object) -> None:
    assert now(one, held.joined_with(PriceContext.of([more])), at) <= now(one, held, at)  # type: ignore[list-item]


@given(variants(), contexts, instants)
def test_the_story_and_the_price_agree(one: object, held: PriceContext, at: object) -> None:
    price = prices.resolve(one, held, at)  # type: ignore[arg-type]
    applied = [step for step in price.trace if step.applied]
    assert [step.amount for step in applied] == [price.now]
    assert len(price.trace) >= 1 + len(held.rules)
    assert all(step.amount is None or step.amount >= price.now for step in price.trace)
    assert price.saved == price.regular - price.now >= 0
    assert price.is_for_members == (price.saved > 0)


@given(variants(), contexts, instants)
def test_a_guest_pays_the_regular_price_of_every_member(one: object, held: PriceContext, at: object) -> None:
    assert prices.resolve(one, held, at).regular == now(one, held.for_everybody, at)  # type: ignore[arg-type]


@given(variants(), contexts, instants, st.integers(0, 8))
def test_nothing_changes_before_the_next_change(one: object, held: PriceContext, at: object, more: int) -> None:
    edge = held.next_change(at)  # type: ignore[arg-type]
    later = at + more * HOUR  # type: ignore[operator]
    if not one.sales and (edge is None or later < edge):
        assert now(one, held, later) == now(one, held, at)


def test_a_context_for_a_variant_named_by_id() -> None:
    only = rule(scope=Scope("variant", frozenset({UUID(int=1)})))
    assert now(variant(number=1), context(only)) == 2160 and now(variant(number=2), context(only)) == 2400


def test_the_next_change_lies_after_the_instant_never_at_it() -> None:
    held = context(rule(from_at=AT, until_at=AT + HOUR))
    assert held.next_change(AT - SECOND) == AT
    assert held.next_change(AT) == AT + HOUR
    assert held.next_change(AT + HOUR) is None
