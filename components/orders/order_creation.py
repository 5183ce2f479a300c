"""Placing an order: the quote becomes the agreement, and its units are reserved for the shopper."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.catalog.early_access.purchases import EarlyBuyer
from components.catalog.stock import stock, unit_costs
from components.foundation import clock, database, ids, json, outbox
from components.foundation.languages import language
from components.foundation.languages.words import N_, _
from components.foundation.shop_settings import shop_settings
from components.ledger import reservations
from components.orders.delivery.promised_delivery import PromisedDelivery
from components.orders.facts import OrderPlaced
from components.orders.history import order_values
from components.orders.tables import Order, OrderLine, OrderTax
from components.orders.views import PostalAddress
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from components.pricing.coupons import redemptions
from components.pricing.coupons.coupons import CouponDiscount
from components.pricing.destination_tax import TaxShare
from components.pricing.quotes import PricedLine, Quote
from components.pricing.traces import Step
from components.rewards import free_products

GRACE = timedelta(minutes=15)
"""How long units stay reserved after the last moment to pay: a payment made just in time is reported a little later."""


@dataclass(frozen=True, kw_only=True)
class Joining:
    """The membership that begins with an order: its pending subscription or term, the plan at the price
    `version_id`, and the part of its fee paid now, after what a `code` took `off` it."""

    subscription_id: UUID | None
    term_id: UUID | None
    version_id: UUID
    plan_name: str
    fee: int
    words: str
    trial_days: int = 0
    taxes: tuple[TaxShare, ...] = ()
    code: str = ""
    off: int = 0
    discount_id: UUID | None = None

    @property
    def because(self) -> Step:
        """The first step in the trace of every line it made cheaper."""
        reason = N_("You’re joining with this order and paying for both together.")
        if self.trial_days:
            reason = N_("You’re joining with this order. The first %(days)s days are free.")
        values = (("plan", self.plan_name), ("days", str(self.trial_days)))
        return Step(N_("As a new member: %(plan)s"), None, False, reason, values)


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """Everything the shopper saw and agreed to. `expires_at` is the last instant to pay.

    `early` names the products open early to the shopper, with their limit (None: no limit).
    """

    person_id: UUID | None
    email: str
    name: str
    address: PostalAddress
    delivery_method: str
    quote: Quote
    price_context_key: str
    expires_at: datetime
    joins: Joining | None = None
    coupon_email: str = ""
    vat_number: str = ""
    invoice_buyer: InvoiceBuyer | None = None
    promise: PromisedDelivery | None = None
    early: Mapping[UUID, int | None] = field(default_factory=dict)
    taxes_are_stated: bool = False
    """Whether Stripe Tax has worked them out, line by line."""

    @property
    def units(self) -> dict[UUID, int]:
        return _counted(self.quote.lines)

    @property
    def bought(self) -> dict[UUID, int]:
        """The units that are paid for: without gifts."""
        return _counted(line for line in self.quote.lines if line.gift is None)

    @property
    def buyer(self) -> EarlyBuyer | None:
        if self.person_id is None:
            return None
        presents = _counted(line for line in self.quote.lines if line.gift)
        return EarlyBuyer(person_id=self.person_id, most=self.early, presents=presents)

    @property
    def coupon(self) -> CouponDiscount | None:
        """None for a coupon that takes nothing off, so that it is not used up."""
        return self.quote.coupon if self.quote.coupon_worth else None

    @property
    def gifts(self) -> frozenset[UUID]:
        return frozenset(line.gift.gift_id for line in self.quote.lines if line.gift)


def _counted(lines: Iterable[PricedLine]) -> dict[UUID, int]:
    wanted: Counter[UUID] = Counter()
    for line in lines:
        wanted[line.variant_id] += line.quantity
    return dict(wanted)


async def place(agreement: Agreement) -> Order:
    """Create the order and its lines, reserving units, store credit, gifts and a use of its coupon.

    Raises `OutOfStock` (before general sale, one of its subclasses), `NotEnoughCredit`, `GiftGone` or `CouponGone`, and
    then reserves nothing.
    """
    order = Order(**order_values.quote_values(agreement.quote), **await _terms(agreement))
    async with database.transaction():
        until = agreement.expires_at + GRACE
        await stock.reserve(agreement.units, because_of=order.id, until=until, buyer=agreement.buyer)
        await Order.insert(order)
        await OrderLine.insert(*await _lines(order, agreement))
        if taxes := _taxes(order, agreement):
            await OrderTax.insert(*taxes)
        if agreement.person_id is not None:
            await reservations.reserve(
                order.id,
                person_id=agreement.person_id,
                amount=order.credit,
                words=_("Order %(number)s", number=order.number),
            )
            await free_products.reserve(agreement.gifts, order_id=order.id)
        await redemptions.reserve(
            order.id, agreement.coupon, person_id=agreement.person_id, email=agreement.coupon_email
        )
        await outbox.announce(OrderPlaced(order.id))
    return order


async def extend(order_id: UUID, *, until: datetime) -> None:
    """More time to pay for an order that is still waiting."""
    async with database.transaction():
        longer = Order.update(expires_at=until).returning(Order.id)
        if await longer.where(Order.id == order_id, Order.paid_at.is_null(), Order.cancelled_at.is_null()):
            await stock.extend(order_id, until=until + GRACE)


async def _terms(agreement: Agreement) -> dict[str, Any]:
    return {
        "id": ids.new(),
        "number": await _next_number(),
        "person": agreement.person_id,
        "email": agreement.email,
        "name": agreement.name,
        "language": language.current(),
        "delivery_method": agreement.delivery_method,
        "address": json.dump(agreement.address),
        "invoice_buyer": json.dump(agreement.invoice_buyer) if agreement.invoice_buyer else None,
        "promise": json.dump(agreement.promise) if agreement.promise else None,
        "return_days": shop_settings.current().return_days,
        "vat_number": agreement.vat_number,
        "seller_vat_number": shop_settings.current().vat_number,
        "price_context_key": agreement.price_context_key,
        "placed_at": clock.now(),
        "expires_at": agreement.expires_at,
        **(_joining(agreement.joins) if agreement.joins else {}),
    }


def _joining(joins: Joining) -> dict[str, Any]:
    return {
        "joins": joins.subscription_id,
        "joins_term": joins.term_id,
        "joining_version": joins.version_id,
        "joining_fee": joins.fee,
        "joining_words": joins.words,
        "joining_trial_days": joins.trial_days,
        "joining_off": joins.off,
        "joining_code": joins.code,
        "joining_discount": joins.discount_id,
    }


_NEXT_NUMBER = "SELECT nextval('order_number')"


async def _next_number() -> str:
    number = await database.fetch_value(_NEXT_NUMBER)
    return f"{shop_settings.current().order_prefix}-{number}"


async def _lines(order: Order, agreement: Agreement) -> list[OrderLine]:
    costs = await unit_costs.of_variants(agreement.units)
    because = agreement.joins.because if agreement.joins else None
    rows = agreement.quote.tax_rows if agreement.taxes_are_stated else ()
    return [
        OrderLine(
            **order_values.line_values(
                order.id, position, line, cost=costs.get(line.variant_id), because=because, rows=rows
            )
        )
        for position, line in enumerate(agreement.quote.lines)
    ]


def _taxes(order: Order, agreement: Agreement) -> list[OrderTax]:
    fee = agreement.joins.taxes if agreement.joins else ()
    return [OrderTax(**values) for values in order_values.tax_values(order.id, agreement.quote, of_fee=fee)]
