"""A quote as programs read it: every line with its reasons, the sums, and what they are for guests and for members."""

from datetime import datetime
from uuid import UUID

import msgspec

from components.checkout import Option, Shown, Wanted
from components.pricing import Quote
from components.pricing.quotes import PricedLine
from web.api.amounts import Amount, Reason, reasons
from web.shop import addresses
from web.shop.club_estimate import Estimate


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """`tax` is contained in `total` either way; `Tax.is_included` says whether it is contained in `goods` too."""

    goods: Amount
    delivery: Amount
    tax: Amount
    total: Amount

    @classmethod
    def of(cls, quote: Quote) -> "Sums":
        figures = (quote.goods, quote.delivery, quote.tax, quote.total)
        goods, delivery, tax, total = (Amount.of(figure, quote.currency) for figure in figures)
        return cls(goods=goods, delivery=delivery, tax=tax, total=total)


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """`had` of the `asked` can be had; `words` say why it is fewer. What is hidden from whoever asks has no names.

    `total` is after `coupon`; `saved` is what membership takes off. The amounts are None where nothing can be had.
    """

    asked: int
    had: int
    words: str
    variant: UUID | None
    sku: str | None
    product: str | None
    title: str
    unit: Amount | None
    regular_unit: Amount | None
    member_unit: Amount | None
    coupon: Amount | None
    saved: Amount | None
    tax: Amount | None
    total: Amount | None
    trace: tuple[Reason, ...]

    @classmethod
    def of(cls, wanted: Wanted, line: PricedLine | None, members: PricedLine | None) -> "Line":
        return cls(
            asked=wanted.asked,
            had=wanted.had,
            words=wanted.words,
            variant=wanted.variant.id if wanted.variant else None,
            sku=wanted.variant.sku if wanted.variant else None,
            product=wanted.product.slug if wanted.product else None,
            title=wanted.title,
            unit=Amount.of(line.unit) if line else None,
            regular_unit=Amount.of(line.regular_unit) if line else None,
            member_unit=Amount.of(min(members.unit, line.unit)) if line and members else None,
            coupon=Amount.of(line.coupon) if line else None,
            saved=Amount.of(line.saved) if line else None,
            tax=Amount.of(line.tax) if line else None,
            total=Amount.of(line.total) if line else None,
            trace=reasons(line.trace) if line else (),
        )


class DeliveryOption(msgspec.Struct, frozen=True, kw_only=True):
    """What sending these lines by the method costs: `charged` is `listed` less `saved`, and `words` say why."""

    method: UUID
    name: str
    is_chosen: bool
    listed: Amount
    saved: Amount
    charged: Amount
    words: str

    @classmethod
    def of(cls, option: Option, shown: Shown) -> "DeliveryOption":
        charge = option.charge
        return cls(
            method=option.method.id,
            name=option.method.name,
            is_chosen=option.method == shown.method and shown.quote.needs_delivery,
            listed=Amount.of(charge.listed),
            saved=Amount.of(charge.saved),
            charged=Amount.of(charge.charged),
            words=charge.words,
        )


class Tax(msgspec.Struct, frozen=True, kw_only=True):
    """`rate_bp` in hundredths of a per cent."""

    name: str
    rate_bp: int
    is_included: bool


class QuotedCoupon(msgspec.Struct, frozen=True, kw_only=True):
    """`note` says why it takes nothing off, or what it does not touch; with `is_refused` it may not be used at all."""

    code: str
    words: str
    worth: Amount
    is_refused: bool
    note: str


class Join(msgspec.Struct, frozen=True, kw_only=True):
    """Whether joining would pay for itself, said as it is. `saved` is what these lines alone would cost less.

    `saved_last_year`: what her own orders of the last twelve months would have cost less; None without any.
    """

    pays: bool
    words: str
    note: str
    plan: str
    name: str
    url: str
    fee: Amount
    fee_words: str
    year_fee: Amount
    saved: Amount
    saved_last_year: Amount | None

    @classmethod
    def of(cls, found: Estimate) -> "Join":
        return cls(
            pays=found.is_yes,
            words=found.words,
            note=found.more,
            plan=found.plan.slug,
            name=found.plan.name,
            url=addresses.absolute(f"/join/{found.plan.slug}"),
            fee=Amount.of(found.fee),
            fee_words=found.plan.price_words,
            year_fee=Amount.of(found.year_fee),
            saved=Amount.of(found.saved),
            saved_last_year=None if found.past is None else Amount.of(found.past),
        )


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """What these lines cost whoever asks, at the instant `at`, sent to `country`. Nothing of it is kept.

    `credit` of `sums.total` is paid with store credit, `to_pay` with money. `for_guests` and `for_members` are the
    sums of the same lines for somebody else; `join` is None for members, and where there is nothing to join.
    """

    at: datetime
    country: str
    may_be_bought: bool
    lines: tuple[Line, ...]
    regular_goods: Amount
    member_savings: Amount
    sums: Sums
    credit: Amount
    to_pay: Amount
    delivery: tuple[DeliveryOption, ...]
    tax: Tax
    coupon: QuotedCoupon | None
    for_guests: Sums
    for_members: Sums
    join: Join | None
