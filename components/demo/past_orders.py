"""Orders in the past: older ones are imported as paid elsewhere, recent ones go through the normal checkout."""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from components.catalog.snapshot import snapshot_refresh
from components.catalog.snapshot.snapshots import Snapshot
from components.checkout.basket import basket_context, baskets, priced_basket
from components.checkout.basket.priced_basket import Shopper
from components.checkout.delivery.delivery_terms import DeliveryTerms
from components.checkout.placement import order_placement, payment_return
from components.checkout.placement.order_placement import Details
from components.demo import demo_products
from components.demo.past_memberships import SESSION, back_then
from components.demo.practice_payments import PracticePayments
from components.demo.shop_history import Someone
from components.foundation import clock, ids
from components.foundation.money import Money
from components.foundation.shop_settings import shop_settings
from components.memberships.entitlements import entitlements
from components.memberships.entitlements.customer_entitlements import CustomerEntitlements
from components.orders import benefits_used, completion, fulfilments, order_creation, order_rewards, queries
from components.orders.facts import OrderPaid, OrderRefunded
from components.orders.order_creation import Agreement
from components.orders.refunds import refund_requests, refunds
from components.orders.refunds.refund_requests import RefundRequest
from components.orders.views import OrderView, PostalAddress
from components.pricing import quotes
from components.pricing.quotes import QuoteLine

COUNTER_DAYS = 9
"""Since when Kiln takes payments here; older orders were paid in its previous shop."""

CARRIERS = ("Royal Mail", "Royal Mail", "Royal Mail", "DPD")


@dataclass(frozen=True)
class Buyer:
    """A buyer; a guest has no `person_id`."""

    person_id: UUID | None
    email: str
    name: str
    address: PostalAddress


def buyer(who: Someone, person_id: UUID | None) -> Buyer:
    address = PostalAddress(name=who.name, line1=who.street, city=who.town, postcode=who.postcode, country="GB")
    return Buyer(person_id, who.email, who.name, address)


@dataclass(frozen=True)
class DemoOrder:
    at: datetime
    units: dict[UUID, int]
    outcome: str


@dataclass(frozen=True)
class DemoParcel:
    """When and how it was shipped; and when it was returned, if it was."""

    sent_at: datetime
    carrier: str
    tracking: str
    back_at: datetime


class OrderSeeder:
    """Creates one purchase after another; has the terms, the staff, and the random generator for delivery times."""

    def __init__(self, terms: DeliveryTerms, *, today: datetime, staff: UUID, counter: PracticePayments | None) -> None:
        self.terms, self.today, self.staff, self.counter = terms, today, staff, counter
        self.chance = Random(90)

    async def place(self, buyer: Buyer, bought: DemoOrder) -> Awaitable[None]:
        """The order and its later events, which can be created in any sequence; placing cannot."""
        is_recent = bought.at > self.today - timedelta(days=COUNTER_DAYS)
        standing = (
            await entitlements.for_person(buyer.person_id, bought.at) if buyer.person_id else CustomerEntitlements.NONE
        )
        if is_recent and self.counter is not None and bought.outcome != "lapsed":
            order_id = await self._at_counter(buyer, bought, standing, self.counter)
        else:
            order_id = await self._elsewhere(buyer, bought, standing)
        sent_at = bought.at + timedelta(hours=self.chance.uniform(14, 52))
        tracking = f"{self.chance.choice('ABKQ')}{self.chance.randrange(10**8, 10**9)}GB"
        parcel = DemoParcel(
            sent_at, self.chance.choice(CARRIERS), tracking, sent_at + timedelta(days=self.chance.uniform(3, 16))
        )
        return self._afterwards(order_id, bought, parcel)

    async def _elsewhere(self, buyer: Buyer, bought: DemoOrder, standing: CustomerEntitlements) -> UUID:
        snapshot = snapshot_refresh.snapshot()
        lines = [_line(snapshot, variant_id, quantity) for variant_id, quantity in bought.units.items()]
        method = self.terms.methods_for("GB")[0]
        quote = quotes.quote(
            lines,
            context=standing.price_context,
            delivery=method.choice,
            delivery_benefit=standing.free_delivery,
            tax=self.terms.home_tax(bought.at),
            currency=shop_settings.current().currency,
            at=bought.at,
        )
        with clock.frozen(bought.at):
            order = await order_creation.place(
                Agreement(
                    person_id=buyer.person_id,
                    email=buyer.email,
                    name=buyer.name,
                    address=buyer.address,
                    delivery_method=method.name,
                    quote=quote,
                    price_context_key=standing.price_context.key,
                    expires_at=bought.at + timedelta(minutes=45),
                )
            )
        return order.id

    async def _at_counter(
        self, buyer: Buyer, bought: DemoOrder, standing: CustomerEntitlements, counter: PracticePayments
    ) -> UUID:
        token: str | None = None
        shopper = Shopper(buyer.person_id, standing, bought.at)
        with back_then(counter, bought.at):
            for variant_id, quantity in bought.units.items():
                added = await baskets.add(
                    token, variant_id, quantity=quantity, person_id=buyer.person_id, access=standing.access
                )
                token = added.token
            context = await basket_context.load(token, person_id=buyer.person_id, at=bought.at, email=buyer.email)
            method = self.terms.methods_for("GB")[0]
            shown = priced_basket.price(context, shopper, country="GB", method_id=method.id)
            details = Details(
                email=buyer.email,
                address=buyer.address,
                method_id=method.id,
                form_key=ids.new(),
                seen=order_placement.fingerprint(shown),
            )
            placed = await order_placement.place(context, details, shopper=shopper)
        assert placed.pay_url is not None
        session_id = SESSION.findall(placed.pay_url)[0]
        with back_then(counter, bought.at + timedelta(minutes=2)):
            await counter.pay(session_id, email=buyer.email, name=buyer.name)
            await payment_return.order(placed.order.token, session_id=session_id)
        return placed.order.id

    async def _afterwards(self, order_id: UUID, bought: DemoOrder, parcel: DemoParcel) -> None:
        if bought.outcome == "lapsed":
            with clock.frozen(bought.at + timedelta(hours=1)):
                await completion.expire(order_id)
            return
        with clock.frozen(bought.at + timedelta(minutes=2)):
            await completion.record_paid(order_id, reference="before")
        await benefits_used.record(OrderPaid(order_id))
        await order_rewards.order_paid(OrderPaid(order_id))
        if bought.outcome != "waiting" and parcel.sent_at < self.today:
            with clock.frozen(parcel.sent_at):
                await fulfilments.ship(order_id, carrier=parcel.carrier, tracking=parcel.tracking, by=self.staff)
        if "refunded" in bought.outcome and parcel.back_at < self.today:
            await self._refund(order_id, parcel.back_at, is_whole=bought.outcome == "refunded")

    async def _refund(self, order_id: UUID, at: datetime, *, is_whole: bool) -> None:
        with back_then(self.counter, at) if self.counter else clock.frozen(at):
            order = await queries.by_id(order_id)
            assert order is not None
            wish = _returned(order) if is_whole else _one_unit(order)
            made = await refunds.create(order_id, wish, by=self.staff, key=ids.new())
            await refunds.send(made.id)
            fact = OrderRefunded(order_id, made.id, Money(made.amount, made.currency))
            await benefits_used.reverse(fact)
            await order_rewards.order_refunded(fact)


def _returned(order: OrderView) -> RefundRequest:
    """Back on the shelf, unless something in it is discontinued and to stay sold out."""
    is_made = demo_products.discontinued().isdisjoint(line.slug for line in order.lines)
    return refund_requests.whole_order(order, restocks=is_made, reason="Returned")


def _one_unit(order: OrderView) -> RefundRequest:
    return refund_requests.for_units(order, {order.lines[0].id: 1}, restocks=False, reason="Arrived chipped")


def _line(snapshot: Snapshot, variant_id: UUID, quantity: int) -> QuoteLine:
    variant = snapshot.variant(variant_id)
    assert variant is not None
    product = snapshot.product_by_id(variant.product_id)
    assert product is not None
    return QuoteLine(variant, product.title, quantity)
