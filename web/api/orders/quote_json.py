"""A quote for programs: every line with its reasons, the totals, and the totals for guests and for members."""

from datetime import datetime
from uuid import UUID

import msgspec

from components.checkout.basket.priced_basket import BasketLineView, MethodOption, PricedBasket
from components.pricing.destination_tax import TaxShare
from components.pricing.quotes import PricedLine, Quote
from web.api.amounts import ApiAmount, Reason, reasons
from web.shop import public_urls
from web.shop.join.membership_estimate import Estimate


class ApiTotals(msgspec.Struct, frozen=True, kw_only=True):
    """`tax` is contained in `total` either way; `Tax.is_included` says whether it is contained in `goods` too."""

    goods: ApiAmount
    delivery: ApiAmount
    tax: ApiAmount
    total: ApiAmount

    @classmethod
    def of(cls, quote: Quote) -> "ApiTotals":
        figures = (quote.goods, quote.delivery, quote.tax, quote.total)
        goods, delivery, tax, total = (ApiAmount.of(figure, quote.currency) for figure in figures)
        return cls(goods=goods, delivery=delivery, tax=tax, total=total)


class ApiQuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """`had` of the `asked` units are available; `words` say why it is fewer. A product hidden from the caller has no
    names.

    `total` is after `coupon`; `saved` is what membership takes off. The amounts are None where nothing is available.
    """

    asked: int
    had: int
    words: str
    variant: UUID | None
    sku: str | None
    product: str | None
    title: str
    unit: ApiAmount | None
    regular_unit: ApiAmount | None
    member_unit: ApiAmount | None
    coupon: ApiAmount | None
    saved: ApiAmount | None
    tax: ApiAmount | None
    total: ApiAmount | None
    trace: tuple[Reason, ...]

    @classmethod
    def of(cls, wanted: BasketLineView, line: PricedLine | None, members: PricedLine | None) -> "ApiQuoteLine":
        return cls(
            asked=wanted.requested,
            had=wanted.available,
            words=wanted.words,
            variant=wanted.variant.id if wanted.variant else None,
            sku=wanted.variant.sku if wanted.variant else None,
            product=wanted.product.slug if wanted.product else None,
            title=wanted.title,
            unit=ApiAmount.of(line.unit) if line else None,
            regular_unit=ApiAmount.of(line.regular_unit) if line else None,
            member_unit=ApiAmount.of(min(members.unit, line.unit)) if line and members else None,
            coupon=ApiAmount.of(line.coupon) if line else None,
            saved=ApiAmount.of(line.saved) if line else None,
            tax=ApiAmount.of(line.tax) if line else None,
            total=ApiAmount.of(line.total) if line else None,
            trace=reasons(line.trace) if line else (),
        )


class DeliveryOption(msgspec.Struct, frozen=True, kw_only=True):
    """The price of delivery by the method: `charged` is `listed` less `saved`, and `words` say why."""

    method: UUID
    name: str
    is_chosen: bool
    listed: ApiAmount
    saved: ApiAmount
    charged: ApiAmount
    words: str

    @classmethod
    def of(cls, option: MethodOption, shown: PricedBasket) -> "DeliveryOption":
        charge = option.charge
        return cls(
            method=option.method.id,
            name=option.method.name,
            is_chosen=option.method == shown.method and shown.quote.needs_delivery,
            listed=ApiAmount.of(charge.listed),
            saved=ApiAmount.of(charge.saved),
            charged=ApiAmount.of(charge.charged),
            words=charge.words,
        )


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """`rate_bp` in hundredths of a per cent. Where `is_known` is false the shop's tax is worked out at checkout, from
    the whole address: all amounts here are without it, or contain what is not told yet."""

    name: str
    rate_bp: int
    is_included: bool
    is_known: bool


class QuotedTax(msgspec.Struct, frozen=True, kw_only=True):
    """`amount` of one tax on `net`; `rate_bp` in hundredths of a per cent."""

    name: str
    rate_bp: int
    net: ApiAmount
    amount: ApiAmount

    @classmethod
    def of(cls, row: TaxShare) -> "QuotedTax":
        return cls(
            name=row.tax.name, rate_bp=row.tax.rate_bp, net=ApiAmount.of(row.net), amount=ApiAmount.of(row.amount)
        )


class QuotedCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """`note` says why it takes nothing off, or what it does not apply to; with `is_refused` it may not be used at
    all."""

    code: str
    words: str
    worth: ApiAmount
    is_refused: bool
    note: str


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """Whether joining would pay for itself. `saved` is how much less these lines alone would cost.

    `saved_last_year`: how much less the caller's orders of the last twelve months would have cost; None without any.
    """

    pays: bool
    words: str
    note: str
    plan: str
    name: str
    url: str
    fee: ApiAmount
    fee_words: str
    year_fee: ApiAmount
    saved: ApiAmount
    saved_last_year: ApiAmount | None

    @classmethod
    def of(cls, found: Estimate) -> "Join":
        return cls(
            pays=found.is_yes,
            words=found.words,
            note=found.more,
            plan=found.plan.slug,
            name=found.plan.name,
            url=public_urls.absolute(f"/join/{found.plan.slug}"),
            fee=ApiAmount.of(found.fee),
            fee_words=found.plan.price_words,
            year_fee=ApiAmount.of(found.year_fee),
            saved=ApiAmount.of(found.saved),
            saved_last_year=None if found.past is None else ApiAmount.of(found.past),
        )


class ApiQuote(msgspec.Struct, frozen=True, kw_only=True):
    """The caller's price of these lines at the instant `at`, sent to `country`. Nothing is stored.

    `credit` of `sums.total` is paid with store credit, `to_pay` with money. `for_guests` and `for_members` are the
    totals of the same lines for guests and for members; `join` is None for members, and where there is nothing to join.
    """

    at: datetime
    country: str
    may_be_bought: bool
    lines: tuple[ApiQuoteLine, ...]
    regular_goods: ApiAmount
    member_savings: ApiAmount
    sums: ApiTotals
    credit: ApiAmount
    to_pay: ApiAmount
    delivery: tuple[DeliveryOption, ...]
    tax: Tax
    taxes: tuple[QuotedTax, ...]
    tax_note: str
    coupon: QuotedCoupon | None
    for_guests: ApiTotals
    for_members: ApiTotals
    join: Join | None
