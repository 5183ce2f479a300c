"""What a whole basket costs."""

from dataclasses import replace
from uuid import UUID

from hypothesis import given

from components.pricing import quotes
from components.pricing.delivery_charge import DeliveryBenefit, DeliveryChoice
from components.pricing.price_context import PriceContext
from components.pricing.quotes import Quote, QuoteLine
from components.pricing.rules import PriceRule
from components.pricing.tax import NO_TAX, TaxTerms
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
    taxes,
    variant,
)

VAT = TaxTerms(2000, inclusive=True)
ADDED = TaxTerms(2000, inclusive=False)
STANDARD = DeliveryChoice(UUID(int=5), "Standard", 395, free_from=6000)
BENEFIT = DeliveryBenefit(UUID(int=7), "Free delivery for members")


def quoted(
    *wanted: tuple[int, int],
    held: PriceContext = PriceContext.GUEST,
    tax: TaxTerms = VAT,
    delivery: DeliveryChoice | None = STANDARD,
    benefit: DeliveryBenefit | None = None,
    **rest: object,
) -> Quote:
    asked = [QuoteLine(variant(price, n, **rest), f"Thing {n}", q) for n, (price, q) in enumerate(wanted, 1)]
    return quotes.quote(
        asked, context=held, delivery=delivery, delivery_benefit=benefit, tax=tax, currency="GBP", at=AT
    )


def test_tax_that_is_in_the_prices_is_shown_and_not_added() -> None:
    quote = quoted((2400, 2))
    assert (quote.goods, quote.delivery, quote.total) == (4800, 395, 5195)
    assert quote.tax == 800 + 66 and quote.shelf_goods == 4800


def test_tax_that_is_not_in_the_prices_is_added() -> None:
    quote = quoted((2400, 2), tax=ADDED)
    assert (quote.goods, quote.tax, quote.total) == (4800, 960 + 79, 4800 + 395 + 1039)


def test_what_membership_takes_off_is_told_line_by_line() -> None:
    quote = quoted((2400, 2), (1000, 1), held=context(rule("percent", 1000)), benefit=BENEFIT)
    assert [line.saved for line in quote.lines] == [480, 100]
    assert (quote.goods_saved, quote.delivery_list, quote.delivery_saved, quote.delivery) == (580, 395, 395, 0)
    assert quote.member_savings == 975 and quote.delivery_words == "Free delivery for members"


@every_cell(("price", "saved"), [(2399, 0), (2400, 395)])
def test_the_threshold_counts_goods_after_discounts_as_they_are_priced(price: int, saved: int) -> None:
    benefit = DeliveryBenefit(UUID(int=7), "Free from £24", threshold=2400)
    assert quoted((price, 1), benefit=benefit).delivery_saved == saved


def test_a_member_price_never_takes_the_goods_below_the_threshold() -> None:
    benefit = DeliveryBenefit(UUID(int=7), "Free from £24", threshold=2400)
    held = context(rule("percent", 1000))
    quote = quoted((2400, 1), held=held, benefit=benefit)
    assert quote.delivery_saved == 395 and quote.total == 2160
    short = quoted((2160, 1), held=held, benefit=benefit)
    assert short.delivery_saved == 0 and short.charge.short_by == 240


@given(lines, contexts, rules(), methods, benefits, taxes, instants)
def test_one_more_benefit_never_raises_the_total(
    wanted: list[QuoteLine],
    held: PriceContext,
    more: PriceRule,
    method: DeliveryChoice | None,
    benefit: DeliveryBenefit | None,
    tax: TaxTerms,
    at: object,
) -> None:
    rest = {"delivery": method, "tax": tax, "currency": "GBP", "at": at}
    richer = held.joined_with(PriceContext.of([replace(more, for_everybody=False)]))
    less = quotes.quote(wanted, context=held, delivery_benefit=benefit, **rest)  # type: ignore[arg-type]
    with_price = quotes.quote(wanted, context=richer, delivery_benefit=benefit, **rest)  # type: ignore[arg-type]
    assert with_price.total <= less.total
    without = quotes.quote(wanted, context=richer, delivery_benefit=None, **rest)  # type: ignore[arg-type]
    assert with_price.total <= without.total


def test_free_for_everybody_is_no_member_saving() -> None:
    quote = quoted((6000, 1), benefit=BENEFIT)
    assert quote.delivery == 0 and quote.delivery_saved == 395 and quote.member_savings == 0
    assert quote.charge.because == "threshold"


def test_a_benefit_for_other_methods_takes_nothing_off() -> None:
    benefit = DeliveryBenefit(UUID(int=7), "Free pick-up", methods=frozenset({UUID(int=6)}))
    assert quoted((2400, 1), benefit=benefit).delivery == 395


def test_what_needs_no_delivery_costs_none() -> None:
    assert quoted((2400, 1), needs_delivery=False).delivery_list == 0
    assert quoted((2400, 1), delivery=None).total == 2400


def test_what_is_not_taxed_has_no_tax_in_it() -> None:
    assert quoted((2400, 1), is_taxable=False, delivery=None).tax == 0
    assert quoted((2400, 1), tax=NO_TAX, delivery=None).tax == 0


def test_an_empty_basket_costs_nothing() -> None:
    quote = quoted()
    assert (quote.total, quote.tax, quote.member_savings, quote.lines) == (0, 0, 0, ())


@given(lines, contexts, methods, benefits, taxes, instants)
def test_the_sum_of_the_lines_is_the_total(
    wanted: list[QuoteLine],
    held: PriceContext,
    method: DeliveryChoice | None,
    benefit: DeliveryBenefit | None,
    tax: TaxTerms,
    at: object,
) -> None:
    quote = quotes.quote(
        wanted,
        context=held,
        delivery=method,
        delivery_benefit=benefit,
        tax=tax,
        currency="GBP",
        at=at,  # type: ignore[arg-type]
    )
    added = 0 if tax.inclusive else sum(line.tax for line in quote.lines) + quote.delivery_tax
    assert quote.total == sum(line.unit * line.quantity for line in quote.lines) + quote.delivery + added
    assert quote.regular_goods - quote.goods == sum(line.saved for line in quote.lines) == quote.goods_saved
    assert quote.delivery == quote.delivery_list - quote.delivery_saved
    assert min(quote.total, quote.tax, quote.delivery, quote.member_savings, quote.shelf_goods) >= 0
    assert not tax.inclusive or quote.tax <= quote.total


@given(lines, contexts, methods, benefits, taxes, instants)
def test_membership_never_makes_a_basket_dearer(
    wanted: list[QuoteLine],
    held: PriceContext,
    method: DeliveryChoice | None,
    benefit: DeliveryBenefit | None,
    tax: TaxTerms,
    at: object,
) -> None:
    member = quotes.quote(
        wanted, context=held, delivery=method, delivery_benefit=benefit, tax=tax, currency="GBP", at=at
    )  # type: ignore[arg-type]
    guest = quotes.quote(
        wanted, context=held.for_everybody, delivery=method, delivery_benefit=None, tax=tax, currency="GBP", at=at
    )  # type: ignore[arg-type]
    assert member.goods <= guest.goods == member.regular_goods
    assert member.delivery <= guest.delivery
    assert member.total <= guest.total


def test_a_discount_does_not_take_away_what_is_free_for_everybody() -> None:
    """At £60.00 delivery is free for a guest, and so for a member who pays £54.00."""
    assert quoted((6000, 1), held=context(rule("percent", 1000))).delivery == 0
