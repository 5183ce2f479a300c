"""Every amount a shopkeeper types is meant as the shop's prices are typed: each amount × each shop × each buyer."""

from dataclasses import replace
from uuid import UUID

from components.catalog.scopes import Scope
from components.pricing import quotes
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.delivery_charge import DeliveryBenefit, DeliveryChoice
from components.pricing.destination_tax import DestinationTax
from components.pricing.price_context import PriceContext
from components.pricing.quotes import Quote, QuoteLine
from components.pricing.tax import TaxTerms
from tests.support.cells import every_cell
from tests.support.make_prices import AT, context, rule, variant

IN_PRICES, ON_TOP = (DestinationTax.flat(TaxTerms(2000, inclusive=inclusive)) for inclusive in (True, False))
BUYERS = {
    "tax in prices": IN_PRICES,
    "tax on top": ON_TOP,
    "tax in prices, buyer without": DestinationTax(False, taken_out=IN_PRICES),
    "tax on top, buyer without": DestinationTax(False),
}
ASKED = {name: 5000 if there.taken_out else 6000 for name, there in BUYERS.items()}
"""What each buyer is asked for goods of 60.00."""

POST = DeliveryChoice(UUID(int=5), "Post", 395)
CODE = CouponDiscount(UUID(int=1), "CODE", "Code", "amount", 1000, Scope("everything"))


def quoted(price: int, there: DestinationTax, *, held: PriceContext = PriceContext.GUEST, **rest: object) -> Quote:
    given: dict = {"delivery": POST, "delivery_benefit": None, "coupon": None, **rest}
    return quotes.quote(
        [QuoteLine(variant(price), "Thing", 1)], context=held, tax=there, currency="GBP", at=AT, **given
    )


@every_cell("buyer", BUYERS)
def test_thresholds_are_reached_at_just_the_price_that_was_typed(buyer: str) -> None:
    there = BUYERS[buyer]
    free_from = replace(POST, free_from=6000)
    stepped = replace(POST, basis="price", bands=((6000, 100),))
    benefit = DeliveryBenefit(UUID(int=7), "Free", threshold=6000)
    least = replace(CODE, minimum=6000)
    for price, is_reached in ((6000, True), (5999, False)):
        assert (quoted(price, there, delivery=free_from).charge.because == "threshold") is is_reached
        assert (quoted(price, there, delivery_benefit=benefit).charge.because == "benefit") is is_reached
        assert (quoted(price, there, delivery=stepped).delivery < 150) is is_reached
        assert (quoted(price, there, coupon=least).coupon_off > 0) is is_reached
        assert (quoted(price, there, coupon=replace(least, discount_type="free_delivery")).delivery == 0) is is_reached


@every_cell("buyer", BUYERS)
def test_what_is_missing_is_said_in_the_prices_the_buyer_is_asked(buyer: str) -> None:
    there, free_from = BUYERS[buyer], replace(POST, free_from=6000)
    short = quoted(4800, there, delivery=free_from).short_by
    assert short == (1000 if there.taken_out else 1200)
    more = [QuoteLine(variant(price, n), "Thing", 1) for n, price in enumerate((4800, 1200))]
    both = quotes.quote(
        more, context=PriceContext.GUEST, delivery=free_from, delivery_benefit=None, tax=there, currency="GBP", at=AT
    )
    assert both.goods == ASKED[buyer] and both.delivery == 0, "as much more as was said is enough"


@every_cell("buyer", BUYERS)
def test_amounts_off_and_fixed_prices_are_typed_as_prices_are(buyer: str) -> None:
    """A member's amount off and price are the shop's, less the tax a buyer does not pay. A coupon's amount is a
    promise to its reader: it is taken off whatever they are asked."""
    there = BUYERS[buyer]
    for held in (context(rule("amount", 1200)), context(rule("explicit", 4800))):
        assert quoted(6000, there, held=held).goods == ASKED[buyer] * 4 // 5
    assert quoted(6000, there, coupon=CODE).goods == ASKED[buyer] - 1000
    assert quoted(6000, there).delivery == (329 if there.taken_out else 395)
