"""An order as it is read: immutable, complete, with everything that happened to it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from components.foundation.postal import phone_numbers, postal_regions
from components.foundation.shop_settings import shop_settings
from components.orders import order_links
from components.orders.delivery import carriers
from components.orders.delivery.promised_delivery import PromisedDelivery
from components.payments import payment_refunds
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from components.pricing.traces import Step

PROMISE_HOLDS = timedelta(hours=1)
"""How long after placing an order its payment still keeps the promised dates: payment pages are open for less."""


@dataclass(frozen=True, kw_only=True)
class PostalAddress:
    """The delivery address; `country` is the two-letter code."""

    name: str
    line1: str
    line2: str = ""
    city: str
    postcode: str
    country: str
    region: str = ""
    """State or province, as the second half of its ISO 3166-2 code, or its name where it has none."""
    district: str = ""
    phone: str = ""
    """With its country code, such as +442079460018."""
    is_pickup: bool = False
    """It is where the customer comes for the goods, at these hours."""
    hours: str = ""

    @property
    def town_line(self) -> str:
        return postal_regions.line_of(self)

    @property
    def phone_shown(self) -> str:
        return phone_numbers.shown(self.phone, shop_settings.current().country) if self.phone else ""


@dataclass(frozen=True, kw_only=True)
class LineSold:
    id: UUID
    variant_id: UUID
    product_id: UUID
    sku: str
    title: str
    variant_title: str
    slug: str
    picture: str
    quantity: int
    regular_unit: int
    unit: int
    total: int
    tax: int
    tax_rate: int = 0
    tax_category: str = "standard"
    taxes: tuple[tuple[int, int, int], ...] | None = None
    """Where Stripe Tax worked it out: of each of the order's taxes that the line has, its position, net and amount."""
    saved: int
    coupon: int
    rule_id: UUID | None
    gift: UUID | None
    trace: tuple[Step, ...]

    @property
    def why(self) -> str:
        """The rule that made the price, in the shop's words; empty for everybody's price."""
        return next((step.said().words for step in self.trace if step.applied), "") if self.saved else ""


@dataclass(frozen=True, kw_only=True)
class TaxCharged:
    """One tax of an order: `amount` of it on `net`, the price without any tax; or of the fee joined with it."""

    name: str
    rate_bp: int
    net: int
    amount: int
    of_fee: bool = False


def sent_state(fulfilled_at: datetime | None, *, is_pickup: bool, collected_at: datetime | None) -> str:
    """Of an order that is paid for and kept."""
    if fulfilled_at is None:
        return "paid"
    if not is_pickup:
        return "shipped"
    return "picked up" if collected_at else "ready to pick up"


@dataclass(frozen=True, kw_only=True)
class Parcel:
    id: UUID
    at: datetime
    by: UUID | None
    carrier: str
    tracking: str
    collected_at: datetime | None = None
    collected_by: UUID | None = None

    @property
    def tracking_address(self) -> str:
        """Empty where the carrier is not one that is known."""
        return carriers.tracking_address(self.carrier, self.tracking, country=shop_settings.current().country)


@dataclass(frozen=True, kw_only=True)
class UnitsRefunded:
    line: UUID
    quantity: int
    amount: int


@dataclass(frozen=True, kw_only=True)
class RefundMade:
    id: UUID
    amount: int
    credit: int
    reason: str
    restocks: bool
    at: datetime
    by: UUID | None
    status: str
    settled_at: datetime | None
    lines: tuple[UnitsRefunded, ...]

    @property
    def money(self) -> int:
        """The part returned as money; the rest is store credit."""
        return self.amount - self.credit

    @property
    def reason_told(self) -> str:
        """The reason as the customer is told it."""
        return payment_refunds.reason_told(self.reason)

    @property
    def counts(self) -> bool:
        """Every refund counts, unless it is known that the money did not move."""
        return self.status != "failed"


@dataclass(frozen=True, kw_only=True)
class NoteWritten:
    id: UUID
    at: datetime
    by: UUID | None
    words: str


@dataclass(frozen=True, kw_only=True)
class AddressChanged:
    """`before` is the address it had until then."""

    id: UUID
    at: datetime
    by: UUID | None
    before: PostalAddress


@dataclass(frozen=True, kw_only=True)
class OrderView:
    """Amounts are minor units of `currency`."""

    id: UUID
    number: str
    person: UUID | None
    email: str
    name: str
    language: str
    currency: str
    goods: int
    member_savings: int
    delivery_list: int
    delivery_saved: int
    delivery: int
    tax: int
    tax_rate: int
    tax_name: str
    tax_is_included: bool
    delivery_tax: int = 0
    tax_note: str = ""
    vat_number: str = ""
    seller_vat_number: str = ""
    taxes: tuple[TaxCharged, ...] = ()
    total: int
    credit: int
    coupon: int
    coupon_code: str
    joins: UUID | None
    joins_term: UUID | None = None
    joining_version: UUID | None = None
    joining_fee: int
    joining_words: str
    joining_trial_days: int
    joining_off: int = 0
    joining_code: str = ""
    joining_discount: UUID | None = None
    delivery_method: str
    delivery_words: str
    delivery_benefit: UUID | None
    address: PostalAddress
    payment_reference: str | None
    placed_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    stock_taken_at: datetime | None
    cancelled_at: datetime | None
    fulfilled_at: datetime | None
    flagged_at: datetime | None
    flag: str
    lines: tuple[LineSold, ...]
    parcel: Parcel | None
    refunds: tuple[RefundMade, ...]
    notes: tuple[NoteWritten, ...]
    promise: PromisedDelivery | None = None
    return_days: int | None = None
    """As said when it was placed; None: before that was kept."""
    invoice_buyer: InvoiceBuyer | None = None
    """Whom its invoice is addressed to, as chosen at the checkout; None: where the goods go."""
    address_changes: tuple[AddressChanged, ...] = ()

    @property
    def days_to_return(self) -> int:
        """As was said when it was placed."""
        return shop_settings.current().return_days if self.return_days is None else self.return_days

    @property
    def token(self) -> str:
        return order_links.token(self.id)

    @property
    def is_paid(self) -> bool:
        return self.paid_at is not None

    @property
    def to_pay(self) -> int:
        """The part paid with money."""
        return self.total - self.credit

    @property
    def charged(self) -> int:
        """The amount of its payment page: the order, and the fee of a membership that begins with it."""
        return self.to_pay + self.joining_fee

    @property
    def needs_page(self) -> bool:
        """Whether it needs a payment page: for money to pay, or for the card of a membership."""
        return self.charged > 0 or self.begins_membership

    @property
    def begins_membership(self) -> bool:
        return self.joins is not None or self.joins_term is not None

    @property
    def is_awaiting_payment(self) -> bool:
        return self.paid_at is None and self.cancelled_at is None

    @property
    def standing_promise(self) -> PromisedDelivery | None:
        """What was promised, while it can be kept: paid soon after it was said, everything in stock, not refunded."""
        if self.paid_at is None or self.stock_taken_at is None or not self.left:
            return None
        return self.promise if self.paid_at - self.placed_at <= PROMISE_HOLDS else None

    @property
    def is_flagged(self) -> bool:
        return self.flagged_at is not None

    @property
    def issues(self) -> tuple[str, ...]:
        """What staff must look at, the oldest first."""
        return tuple(self.flag.splitlines())

    @property
    def may_ship(self) -> bool:
        """Paid, its units taken from stock, not shipped yet and not fully refunded."""
        return self.stock_taken_at is not None and self.fulfilled_at is None and self.left > 0

    @property
    def units(self) -> int:
        return sum(line.quantity for line in self.lines)

    @property
    def refunded(self) -> int:
        return sum(refund.amount for refund in self.refunds if refund.counts)

    @property
    def credit_left(self) -> int:
        """What can still be returned as store credit."""
        return self.credit - sum(refund.credit for refund in self.refunds if refund.counts)

    @property
    def left(self) -> int:
        """What can still be refunded."""
        return self.total - self.refunded if self.is_paid else 0

    def units_refunded(self, line_id: UUID) -> int:
        made = (part for refund in self.refunds if refund.counts for part in refund.lines)
        return sum(part.quantity for part in made if part.line == line_id)

    @property
    def savings_kept(self) -> int:
        """What membership saved on everything that was not refunded; delivery stays as it was."""
        back = (line.saved // line.quantity * self.units_refunded(line.id) for line in self.lines)
        return self.member_savings - sum(back)

    @property
    def state(self) -> str:
        """For a list: awaiting, lapsed, paid, shipped, part refunded or refunded; ready to pick up, or picked up."""
        if self.paid_at is None:
            return "lapsed" if self.cancelled_at else "awaiting"
        if self.refunded and self.refunded >= self.total:
            return "refunded"
        if self.refunded:
            return "part refunded"
        collected_at = self.parcel.collected_at if self.parcel else None
        return sent_state(self.fulfilled_at, is_pickup=self.address.is_pickup, collected_at=collected_at)

    @property
    def may_collect(self) -> bool:
        """Ready to pick up, and neither collected nor fully refunded."""
        return self.parcel is not None and self.address.is_pickup and not self.parcel.collected_at and self.left > 0
