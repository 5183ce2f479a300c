"""A gift changes nothing but the savings, and credit pays without changing what anything costs; at random."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from components.pricing import quotes
from components.pricing.free_gift_price import FreeBecause
from components.pricing.price_context import PriceContext
from components.pricing.quotes import Quote, QuoteLine
from components.pricing.tax import TaxTerms
from tests.support import make_prices
from tests.support.make_prices import AT

BECAUSE = FreeBecause(UUID(int=1), UUID(int=2), "A birthday")
wholes = st.integers(1, 4)


def quoted(lines: list[QuoteLine], context: PriceContext, tax: TaxTerms) -> Quote:
    return quotes.quote(lines, context=context, delivery=None, delivery_benefit=None, tax=tax, currency="GBP", at=AT)


@given(
    st.lists(st.tuples(make_prices.variants(), wholes), max_size=4),
    make_prices.variants(),
    st.lists(make_prices.rules(), max_size=3),
    st.builds(TaxTerms, st.integers(0, 2500), st.booleans()),
)
def test_a_gift_changes_no_sum_no_tax_and_no_threshold(bought: list, gift: object, rules: list, tax: TaxTerms) -> None:
    lines = [QuoteLine(variant, "Bought", quantity) for variant, quantity in bought]
    context = make_prices.context(*rules)
    without = quoted(lines, context, tax)
    with_it = quoted([*lines, QuoteLine(gift, "Gift", 1, BECAUSE)], context, tax)  # type: ignore[arg-type]
    for what in ("goods", "tax", "total", "shelf_goods", "shelf_regular"):
        assert getattr(with_it, what) == getattr(without, what), what
    given_line = with_it.lines[-1]
    assert (given_line.total, given_line.unit, given_line.tax) == (0, 0, 0)
    assert with_it.goods_saved - without.goods_saved == with_it.gifts_worth == given_line.saved
    (applied,) = [step for step in given_line.trace if step.applied]
    assert applied.amount == 0 and applied.words == ("A birthday" if given_line.saved else "Regular price")


@given(make_prices.variants(), wholes, st.integers(0, 300_000), st.integers(0, 100))
def test_credit_never_changes_the_total_and_leaves_nothing_or_enough(
    variant: object, quantity: int, spendable: int, least: int
) -> None:
    whole = quoted([QuoteLine(variant, "Bought", quantity)], PriceContext.GUEST, TaxTerms(2000, True))  # type: ignore[arg-type]
    paid = whole.paid_with(spendable, least=least)
    assert paid.total == whole.total == paid.credit + paid.to_pay
    assert 0 <= paid.credit <= spendable
    if paid.credit:
        assert paid.to_pay == 0 or paid.to_pay >= least
    if spendable >= whole.total:
        assert paid.to_pay == 0
