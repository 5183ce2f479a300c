"""An order as programs read it: whole, as it was agreed, with everything that became of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from components.orders import LineSold, OrderView, PostalAddress
from web.api.amounts import Amount, Reason, reasons


class OrderedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One variant as it was sold; `trace` says why it cost this. `is_gift`: it cost nothing."""

    id: UUID
    variant: UUID
    sku: str
    title: str
    variant_title: str
    quantity: int
    regular_unit: Amount
    unit: Amount
    saved: Amount
    coupon: Amount
    tax: Amount
    total: Amount
    is_gift: bool
    trace: tuple[Reason, ...]

    @classmethod
    def of(cls, line: LineSold, currency: str) -> "OrderedLine":
        return cls(
            id=line.id,
            variant=line.variant_id,
            sku=line.sku,
            title=line.title,
            variant_title=line.variant_title,
            quantity=line.quantity,
            regular_unit=Amount.of(line.regular_unit, currency),
            unit=Amount.of(line.unit, currency),
            saved=Amount.of(line.saved, currency),
            coupon=Amount.of(line.coupon, currency),
            tax=Amount.of(line.tax, currency),
            total=Amount.of(line.total, currency),
            is_gift=line.gift is not None,
            trace=reasons(line.trace),
        )


class Shipment(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    carrier: str
    tracking: str


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """`credit` of `amount` came back as store credit. `status`: asked, pending, succeeded or failed."""

    id: UUID
    amount: Amount
    credit: Amount
    reason: str
    status: str
    at: datetime
    units: dict[str, int]


class Address(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    line1: str
    line2: str
    city: str
    postcode: str
    country: str

    @classmethod
    def of(cls, address: PostalAddress) -> "Address":
        return cls(**{name: getattr(address, name) for name in cls.__struct_fields__})


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """`state`: awaiting, lapsed, paid, shipped, part refunded or refunded. `units` of a refund are by line.

    `joining_fee` was paid along with it, for the membership of `joining_words`, and is no part of `total`.
    """

    number: str
    state: str
    changed_at: datetime | None
    email: str
    name: str
    person: UUID | None
    address: Address
    lines: tuple[OrderedLine, ...]
    goods: Amount
    member_savings: Amount
    coupon_code: str
    coupon: Amount
    delivery_method: str
    delivery: Amount
    delivery_saved: Amount
    tax: Amount
    tax_name: str
    tax_rate_bp: int
    tax_is_included: bool
    total: Amount
    credit: Amount
    joining_fee: Amount
    joining_words: str
    placed_at: datetime
    paid_at: datetime | None
    cancelled_at: datetime | None
    shipped_at: datetime | None
    flag: str
    shipment: Shipment | None
    refunds: tuple[Refund, ...]


_AMOUNTS = (
    "goods", "member_savings", "coupon", "delivery", "delivery_saved", "tax", "total", "credit", "joining_fee",
)  # fmt: skip
_SAME = (
    "number", "state", "email", "name", "person", "coupon_code", "delivery_method", "tax_name", "tax_is_included",
    "joining_words", "placed_at", "paid_at", "cancelled_at", "flag",
)  # fmt: skip


def told(order: OrderView, changed_at: datetime | None = None) -> Order:
    parcel = order.parcel
    amounts: dict[str, Any] = {name: Amount.of(getattr(order, name), order.currency) for name in _AMOUNTS}
    same: dict[str, Any] = {name: getattr(order, name) for name in _SAME}
    return Order(
        changed_at=changed_at,
        address=Address.of(order.address),
        lines=tuple(OrderedLine.of(line, order.currency) for line in order.lines),
        tax_rate_bp=order.tax_rate,
        shipped_at=order.fulfilled_at,
        shipment=Shipment(at=parcel.at, carrier=parcel.carrier, tracking=parcel.tracking) if parcel else None,
        refunds=_refunds(order),
        **amounts,
        **same,
    )


def _refunds(order: OrderView) -> tuple[Refund, ...]:
    return tuple(
        Refund(
            id=refund.id,
            amount=Amount.of(refund.amount, order.currency),
            credit=Amount.of(refund.credit, order.currency),
            reason=refund.reason,
            status=refund.status,
            at=refund.at,
            units={str(part.line): part.quantity for part in refund.lines},
        )
        for refund in order.refunds
    )
