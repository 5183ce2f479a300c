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
from components.pricing.destination_tax import DestinationTax, TaxShare, grouped
from components.pricing.free_gift_price import FreeBecause
from components.pricing.price_context import PriceContext
from components.pricing.prices import Price
from components.pricing.tax import STANDARD, TaxTerms
from components.pricing.tax_free_prices import without_tax
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

    `coupon` is the line's part of a coupon. `saved` is what membership takes off, and does not contain it. `shelf` is
    the unit's price and everybody's, with the tax that this buyer does not pay; None where none is taken out.
    """

    variant: VariantView
    title: str
    quantity: int
    price: Price
    tax: int
    gift: FreeBecause | None = None
    coupon: int = 0
    coupon_step: Step | None = None
    taxes: tuple[TaxShare, ...] = ()
    shelf: tuple[int, int] | None = None

    @property
    def tax_rate(self) -> int:
        """All its taxes together, in basis points."""
        return sum(share.tax.rate_bp for share in self.taxes)

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
    delivery_taxes: tuple[TaxShare, ...]
    there: DestinationTax
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
    def delivery_tax(self) -> int:
        return sum(share.amount for share in self.delivery_taxes)

    @property
    def short_by(self) -> int | None:
        """What is missing for free delivery, in the prices this buyer is asked."""
        short = self.charge.short_by
        return None if short is None else self.there.asked(STANDARD, short)

    @property
    def tax_rate(self) -> int:
        """In basis points: that of its goods, or, where they differ, its tax as a share of what is taxed."""
        taxed = [line for line in self.lines if line.taxes]
        rates = {line.tax_rate for line in taxed}
        if len(rates) <= 1:
            return next(iter(rates), 0)
        tax = sum(line.tax for line in taxed)
        net = sum(line.total for line in taxed) - (tax if self.there.inclusive else 0)
        return round(tax * 10_000 / net) if net else 0

    @property
    def tax_name(self) -> str:
        return " + ".join(dict.fromkeys(row.tax.name for row in self.tax_rows))[:60] or self.there.terms().name

    @property
    def tax_rows(self) -> tuple[TaxShare, ...]:
        """One row for each name and rate; together they are `tax`."""
        return grouped([*(share for line in self.lines for share in line.taxes), *self.delivery_taxes])

    @property
    def counted_nets(self) -> tuple[int, ...]:
        """Of each of `tax_rows`, the net amount of the goods and delivery that stand at it: of what bears several
        taxes, at the first. Together they are what is taxed."""
        places = {(row.tax.name, row.tax.rate_bp): place for place, row in enumerate(self.tax_rows)}
        found = [0] * len(places)
        for shares in (*(line.taxes for line in self.lines), self.delivery_taxes):
            if shares:
                first = min(places[share.tax.name, share.tax.rate_bp] for share in shares)
                found[first] += max(share.net for share in shares)
        return tuple(found)

    @property
    def shelf_goods(self) -> int:
        """Goods after discounts, before a coupon, at the shop's own prices: the basis of thresholds."""
        return sum((line.shelf[0] if line.shelf else line.unit) * line.quantity for line in self.lines)

    @property
    def shelf_regular(self) -> int:
        """The same goods, without gifts, at a non-member's prices."""
        bought = [line for line in self.lines if not line.gift]
        return sum((line.shelf[1] if line.shelf else line.regular_unit) * line.quantity for line in bought)

    def delivery_by(self, choice: DeliveryChoice, benefit: DeliveryBenefit | None) -> DeliveryCharge:
        """What delivery of these lines by a method would cost."""
        bases = {"goods": self.shelf_goods, "regular": self.shelf_regular}
        fee = choice.fee_for(price=self.shelf_regular, weight=self.weight)
        choice = replace(choice, fee=self._fee_asked(fee))
        free = self.coupon is not None and self.coupon.discount_type == "free_delivery" and self.coupon_is_reached
        return charge(choice, benefit, coupon=self.coupon.words if self.coupon and free else None, **bases)

    def _fee_asked(self, fee: int) -> int:
        """The fee without the tax in it that this buyer does not pay."""
        if self.there.taken_out is None:
            return fee
        goods = [(line.variant.taxed_as, line.total) for line in self.lines]
        return fee - sum(share.amount for share in self.there.taken_out.delivery_shares(fee, goods))

    @property
    def total(self) -> int:
        return self.goods + self.delivery + (0 if self.there.inclusive else self.tax)

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

    def with_taxes(
        self, lines: Sequence[Sequence[TaxShare]], delivery: Sequence[TaxShare], *, note: str, code: str
    ) -> Quote:
        """The same prices with the taxes that somebody else has worked out, line by line: taken as they are."""
        taxed = tuple(
            replace(line, taxes=tuple(shares), tax=sum(share.amount for share in shares))
            for line, shares in zip(self.lines, lines, strict=True)
        )
        there = DestinationTax(self.there.inclusive, note=note, code=code)
        return replace(self, lines=taxed, delivery_taxes=tuple(delivery), there=there)

    @property
    def weight(self) -> int:
        """Of what is delivered, in grams."""
        return sum(line.variant.weight_grams * line.quantity for line in self.lines if line.variant.needs_delivery)

    @property
    def needs_delivery(self) -> bool:
        return any(line.variant.needs_delivery for line in self.lines)


def quote(
    lines: Sequence[QuoteLine],
    *,
    context: PriceContext,
    delivery: DeliveryChoice | None,
    delivery_benefit: DeliveryBenefit | None,
    tax: TaxTerms | DestinationTax,
    currency: str,
    at: datetime,
    coupon: CouponDiscount | None = None,
) -> Quote:
    """Without a chosen method, or with nothing to deliver, delivery costs nothing."""
    there = DestinationTax.flat(tax) if isinstance(tax, TaxTerms) else tax
    everybody = context.for_everybody if coupon else context
    found = tuple(_found(line, context, everybody, there, at) for line in lines)
    shares = coupons.discount_shares(coupon, found)
    priced = tuple(_priced(*one, there) for one in zip(lines, found, shares, strict=True))
    is_reached = coupon is not None and coupons.is_reached(coupon, found)
    goods_only = Quote(priced, NO_DELIVERY, (), there, currency, 0, coupon, is_reached)
    if delivery is None or not goods_only.needs_delivery:
        return goods_only
    fee = goods_only.delivery_by(delivery, delivery_benefit)
    goods = [(line.variant.taxed_as, line.total) for line in priced]
    return replace(goods_only, charge=fee, delivery_taxes=there.delivery_shares(fee.charged, goods))


def _found(
    line: QuoteLine, context: PriceContext, everybody: PriceContext, there: DestinationTax, at: datetime
) -> coupons.DiscountableLine:
    full = prices.resolve(line.variant, context, at)
    if line.gift is not None:
        full = free_gift_price.price(full, line.gift, line.variant)
    everybodys = prices.resolve(line.variant, everybody, at) if everybody is not context else full
    shelf = None if there.taken_out is None else (full.now, full.regular, everybodys.now)
    price = without_tax(full, line.variant, there)
    everybodys = without_tax(everybodys, line.variant, there) if everybody is not context else price
    is_gift = line.gift is not None
    return coupons.DiscountableLine(line.variant, line.quantity, price, everybodys, is_gift=is_gift, shelf=shelf)


def _priced(line: QuoteLine, found: coupons.DiscountableLine, share: CouponShare, there: DestinationTax) -> PricedLine:
    shelf = None if found.shelf is None else found.shelf[:2]
    taxes = there.shares(line.variant.taxed_as, share.price.now * line.quantity - share.off)
    tax = sum(each.amount for each in taxes)
    return PricedLine(
        line.variant, line.title, line.quantity, share.price, tax, line.gift, share.off, share.step, taxes, shelf
    )
