"""What these lines cost this person now: calculated, never stored, and always equal to the sum of its lines.

Rounding: each unit price is rounded half up by its rule; a line is unit price times quantity, less its part of a
coupon. A coupon's percentage is rounded half up once per line; its amount is spread over the lines by largest
remainder. Tax is rounded half up once per line and once for delivery. Nothing is rounded again, so every sum is exact.
A coupon never makes delivery dearer: thresholds look at the goods before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from components.pricing import free_gift_price, prices
from components.pricing.coupons import coupons
from components.pricing.coupons.coupons import CouponDiscount, CouponShare
from components.pricing.delivery_charge import NO_DELIVERY, DeliveryBenefit, DeliveryCharge, DeliveryChoice, charge
from components.pricing.free_gift_price import FreeBecause
from components.pricing.price_context import PriceContext
from components.pricing.prices import Price
from components.pricing.tax import TaxTerms
from components.pricing.traces import Step

if TYPE_CHECKING:
    from components.catalog.views import VariantView

__all__ = [
    "DeliveryBenefit",
    "DeliveryCharge",
    "DeliveryChoice",
    "FreeBecause",
    "PricedLine",
    "Quote",
    "QuoteLine",
    "TaxTerms",
    "quote",
]


@dataclass(frozen=True, slots=True)
class QuoteLine:
    """A requested line: a quantity of one variant, under the title the shopper reads; free if it is a gift."""

    variant: VariantView
    title: str
    quantity: int
    gift: FreeBecause | None = None


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line with its price; all amounts in minor units, `tax` contained in or added to `total` by the terms.

    `coupon` is the line's part of a coupon. `saved` is what membership takes off, and does not contain it.
    """

    variant: VariantView
    title: str
    quantity: int
    price: Price
    tax: int
    gift: FreeBecause | None = None
    coupon: int = 0
    coupon_step: Step | None = None

    @property
    def variant_id(self) -> UUID:
        return self.variant.id

    @property
    def unit(self) -> int:
        return self.price.now

    @property
    def regular_unit(self) -> int:
        return self.price.regular

    @property
    def total(self) -> int:
        return self.before_coupon - self.coupon

    @property
    def before_coupon(self) -> int:
        return self.price.now * self.quantity

    @property
    def regular_total(self) -> int:
        return self.price.regular * self.quantity

    @property
    def saved(self) -> int:
        return self.regular_total - self.before_coupon

    @property
    def trace(self) -> tuple[Step, ...]:
        """Every price considered, then the coupon's effect on the line."""
        return (*self.price.trace, self.coupon_step) if self.coupon_step else self.price.trace


@dataclass(frozen=True, slots=True)
class Quote:
    """All amounts in minor units of `currency`. `total` is the full price: goods, delivery, and tax where it is added.

    `credit` of that is paid with store credit, the rest with money.
    """

    lines: tuple[PricedLine, ...]
    charge: DeliveryCharge
    delivery_tax: int
    tax_terms: TaxTerms
    currency: str
    credit: int = 0
    coupon: CouponDiscount | None = None
    coupon_is_reached: bool = False

    @property
    def coupon_off(self) -> int:
        """What the coupon takes off the goods."""
        return sum(line.coupon for line in self.lines)

    @property
    def coupon_worth(self) -> int:
        """What the coupon takes off goods and delivery; zero when it has no effect on this basket (yet)."""
        return self.coupon_off + (self.charge.saved if self.charge.because == "coupon" else 0)

    @property
    def regular_goods(self) -> int:
        return sum(line.regular_total for line in self.lines)

    @property
    def goods(self) -> int:
        return sum(line.total for line in self.lines)

    @property
    def goods_saved(self) -> int:
        """What membership takes off them."""
        return sum(line.saved for line in self.lines)

    @property
    def gifts_worth(self) -> int:
        """Everybody's price of the gifts among the lines: a part of `goods_saved`."""
        return sum(line.saved for line in self.lines if line.gift)

    @property
    def member_savings(self) -> int:
        """What membership takes off, goods and delivery together."""
        return self.goods_saved + self.charge.member_saving

    @property
    def delivery_list(self) -> int:
        return self.charge.listed

    @property
    def delivery_saved(self) -> int:
        return self.charge.saved

    @property
    def delivery(self) -> int:
        return self.charge.charged

    @property
    def delivery_words(self) -> str:
        return self.charge.words

    @property
    def tax(self) -> int:
        return sum(line.tax for line in self.lines) + self.delivery_tax

    @property
    def untaxed_goods(self) -> int:
        """Goods after discounts, before a coupon and before tax: the basis of every threshold."""
        taxed = (line.before_coupon for line in self.lines if line.variant.is_taxable)
        tax = self.tax_terms.contained(sum(self.tax_terms.on(amount) for amount in taxed))
        return sum(line.before_coupon for line in self.lines) - tax

    @property
    def untaxed_regular(self) -> int:
        """The same goods, without gifts, at a non-member's prices, before tax."""
        taxed = (line.regular_total for line in self.lines if line.variant.is_taxable and not line.gift)
        tax = self.tax_terms.contained(sum(self.tax_terms.on(amount) for amount in taxed))
        return self.regular_goods - self.gifts_worth - tax

    def delivery_by(self, choice: DeliveryChoice, benefit: DeliveryBenefit | None) -> DeliveryCharge:
        """What delivery of these lines by a method would cost."""
        bases = {"untaxed_goods": self.untaxed_goods, "untaxed_regular": self.untaxed_regular}
        free = self.coupon is not None and self.coupon.discount_type == "free_delivery" and self.coupon_is_reached
        return charge(choice, benefit, coupon=self.coupon.words if self.coupon and free else None, **bases)

    @property
    def total(self) -> int:
        return self.goods + self.delivery + self.tax_terms.added(self.tax)

    @property
    def to_pay(self) -> int:
        """The part paid with money."""
        return self.total - self.credit

    def paid_with(self, spendable: int, *, least: int) -> Quote:
        """The same quote with as much store credit as may be used; the rest is zero, or at least `least`."""
        credit = max(0, min(spendable, self.total))
        if 0 < self.total - credit < least:
            credit = max(0, self.total - least)
        return replace(self, credit=credit)

    @property
    def needs_delivery(self) -> bool:
        return any(line.variant.needs_delivery for line in self.lines)


def quote(
    lines: Sequence[QuoteLine],
    *,
    context: PriceContext,
    delivery: DeliveryChoice | None,
    delivery_benefit: DeliveryBenefit | None,
    tax: TaxTerms,
    currency: str,
    at: datetime,
    coupon: CouponDiscount | None = None,
) -> Quote:
    """Without a chosen method, or with nothing to deliver, delivery costs nothing."""
    everybody = context.for_everybody if coupon else context
    found = tuple(_found(line, context, everybody, at) for line in lines)
    shares = coupons.discount_shares(coupon, found)
    priced = tuple(_priced(line, share, tax) for line, share in zip(lines, shares, strict=True))
    is_reached = coupon is not None and coupons.is_reached(coupon, found)
    goods_only = Quote(priced, NO_DELIVERY, 0, tax, currency, 0, coupon, is_reached)
    if delivery is None or not goods_only.needs_delivery:
        return goods_only
    fee = goods_only.delivery_by(delivery, delivery_benefit)
    return replace(goods_only, charge=fee, delivery_tax=tax.on(fee.charged))


def _found(line: QuoteLine, context: PriceContext, everybody: PriceContext, at: datetime) -> coupons.DiscountableLine:
    price = prices.resolve(line.variant, context, at)
    if line.gift is not None:
        price = free_gift_price.price(price, line.gift, line.variant)
    everybodys = price if everybody is context else prices.resolve(line.variant, everybody, at)
    return coupons.DiscountableLine(line.variant, line.quantity, price, everybodys, is_gift=line.gift is not None)


def _priced(line: QuoteLine, share: CouponShare, tax: TaxTerms) -> PricedLine:
    paid = share.price.now * line.quantity - share.off
    taxed = tax.on(paid) if line.variant.is_taxable else 0
    return PricedLine(line.variant, line.title, line.quantity, share.price, taxed, line.gift, share.off, share.step)
