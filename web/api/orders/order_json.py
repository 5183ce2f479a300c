"""An order for programs: complete, as it was agreed, with everything that happened to it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from components.orders.views import LineSold, OrderView, PostalAddress, TaxCharged
from web.api.amounts import ApiAmount, Reason, reasons


class ApiOrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One variant as it was sold; `trace` explains its price. `is_gift`: it was free."""

    id: UUID
    variant: UUID
    sku: str
    title: str
    variant_title: str
    quantity: int
    regular_unit: ApiAmount
    unit: ApiAmount
    saved: ApiAmount
    coupon: ApiAmount
    tax: ApiAmount
    tax_rate_bp: int
    tax_category: str
    total: ApiAmount
    is_gift: bool
    trace: tuple[Reason, ...]

    @classmethod
    def of(cls, line: LineSold, currency: str) -> "ApiOrderLine":
        return cls(
            id=line.id,
            variant=line.variant_id,
            sku=line.sku,
            title=line.title,
            variant_title=line.variant_title,
            quantity=line.quantity,
            regular_unit=ApiAmount.of(line.regular_unit, currency),
            unit=ApiAmount.of(line.unit, currency),
            saved=ApiAmount.of(line.saved, currency),
            coupon=ApiAmount.of(line.coupon, currency),
            tax=ApiAmount.of(line.tax, currency),
            tax_rate_bp=line.tax_rate,
            tax_category=line.tax_category,
            total=ApiAmount.of(line.total, currency),
            is_gift=line.gift is not None,
            trace=reasons(line.trace),
        )


class ChargedTax(msgspec.Struct, frozen=True, kw_only=True):
    """`amount` of one tax on `net`, in hundredths of a per cent; `of_fee` for the fee that was paid with the order."""

    name: str
    rate_bp: int
    net: ApiAmount
    amount: ApiAmount
    of_fee: bool

    @classmethod
    def of(cls, row: TaxCharged, currency: str) -> "ChargedTax":
        net, amount = ApiAmount.of(row.net, currency), ApiAmount.of(row.amount, currency)
        return cls(name=row.name, rate_bp=row.rate_bp, net=net, amount=amount, of_fee=row.of_fee)


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    carrier: str
    tracking: str


class ApiRefund(msgspec.Struct, frozen=True, kw_only=True):
    """`credit` of `amount` was returned as store credit. `status`: asked, pending, succeeded or failed."""

    id: UUID
    amount: ApiAmount
    credit: ApiAmount
    reason: str
    status: str
    at: datetime
    units: dict[str, int]


class ApiAddress(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    line1: str
    line2: str
    district: str
    city: str
    postcode: str
    region: str
    country: str
    phone: str
    is_pickup: bool
    hours: str

    @classmethod
    def of(cls, address: PostalAddress) -> "ApiAddress":
        return cls(**{name: getattr(address, name) for name in cls.__struct_fields__})


class ApiOrder(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: awaiting, lapsed, paid, shipped, ready to pick up, picked up, part refunded or refunded. `units` of a
    refund are by line.

    `joining_fee` was paid along with it, for the membership of `joining_words`, and is not part of `total`. It is after
    `joining_off`, what `joining_code` took off it.
    """

    number: str
    state: str
    changed_at: datetime | None
    email: str
    name: str
    person: UUID | None
    address: ApiAddress
    lines: tuple[ApiOrderLine, ...]
    goods: ApiAmount
    member_savings: ApiAmount
    coupon_code: str
    coupon: ApiAmount
    delivery_method: str
    delivery: ApiAmount
    delivery_saved: ApiAmount
    tax: ApiAmount
    tax_name: str
    tax_rate_bp: int
    tax_is_included: bool
    taxes: tuple[ChargedTax, ...]
    tax_note: str
    vat_number: str
    total: ApiAmount
    credit: ApiAmount
    joining_fee: ApiAmount
    joining_words: str
    joining_code: str
    joining_off: ApiAmount
    placed_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    shipped_at: datetime | None
    flag: str
    shipment: Shipment | None
    refunds: tuple[ApiRefund, ...]


_AMOUNTS = (
    "goods", "member_savings", "coupon", "delivery", "delivery_saved", "tax", "total", "credit", "joining_fee",
    "joining_off",
)  # fmt: skip
_SAME = (
    "number", "state", "email", "name", "person", "coupon_code", "delivery_method", "tax_name", "tax_is_included",
    "joining_words", "joining_code", "tax_note", "vat_number", "placed_at", "paid_at", "cancelled_at", "flag",
)  # fmt: skip


def order_json(order: OrderView, changed_at: datetime | None = None) -> ApiOrder:
    parcel = order.parcel
    amounts: dict[str, Any] = {name: ApiAmount.of(getattr(order, name), order.currency) for name in _AMOUNTS}
    same: dict[str, Any] = {name: getattr(order, name) for name in _SAME}
    return ApiOrder(
        changed_at=changed_at,
        address=ApiAddress.of(order.address),
        lines=tuple(ApiOrderLine.of(line, order.currency) for line in order.lines),
        tax_rate_bp=order.tax_rate,
        taxes=tuple(ChargedTax.of(row, order.currency) for row in order.taxes),
        shipped_at=order.fulfilled_at,
        shipment=Shipment(at=parcel.at, carrier=parcel.carrier, tracking=parcel.tracking) if parcel else None,
        refunds=_refunds(order),
        **amounts,
        **same,
    )


def _refunds(order: OrderView) -> tuple[ApiRefund, ...]:
    return tuple(
        ApiRefund(
            id=refund.id,
            amount=ApiAmount.of(refund.amount, order.currency),
            credit=ApiAmount.of(refund.credit, order.currency),
            reason=refund.reason,
            status=refund.status,
            at=refund.at,
            units={str(part.line): part.quantity for part in refund.lines},
        )
        for refund in order.refunds
    )
