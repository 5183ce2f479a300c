"""Past sales as input of a simulation. Amounts in minor units."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

Plans = frozenset[UUID]


@dataclass(frozen=True, slots=True)
class SoldLine:
    """`shop_price` is the shop price that day and `regular` what a guest paid, each per unit; `coupon` is the coupon
    discount on the whole line. `unit_cost` was stored with the line, if known. `opens_at` is when general sale of
    the product starts."""

    variant_id: UUID
    product_id: UUID
    title: str
    quantity: int
    shop_price: int
    regular: int
    coupon: int = 0
    unit_cost: int | None = None
    opens_at: datetime | None = None
    is_members_only: bool = False

    def is_special(self, at: datetime) -> bool:
        """Sold in early access or to members only."""
        return self.is_members_only or (self.opens_at is not None and at < self.opens_at)


@dataclass(frozen=True, slots=True)
class SoldOrder:
    """`plans` are those the buyer held when ordering. `listed` is the delivery fee before any benefit.

    `is_free_anyway`: delivery was free for everyone for an order of this size. `credit` of its `total` was store
    credit. `spent` and `refunds` as of a `PastPurchase`.
    """

    person: UUID | None
    plans: Plans
    at: datetime
    lines: tuple[SoldLine, ...]
    method: UUID | None
    listed: int
    is_free_anyway: bool
    tax_rate: int
    tax_is_included: bool
    paid_at: datetime | None = None
    total: int = 0
    credit: int = 0
    spent: int = 0
    refunds: tuple[tuple[datetime, int], ...] = ()

    def untaxed(self, amount: int) -> int:
        """The amount without the tax in it, as the shop rounds it."""
        if not self.tax_is_included:
            return amount
        whole = 10_000 + self.tax_rate
        return amount - (2 * amount * self.tax_rate + whole) // (2 * whole)

    def in_money(self, goods: int) -> int:
        """The part of an amount that was not paid with store credit."""
        return goods * (self.total - self.credit) // self.total if self.total else goods
