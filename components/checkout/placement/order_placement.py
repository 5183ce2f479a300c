"""Placing an order: the basket becomes an order with reserved units, and its payment page is opened.

The basket's row is locked: a second click waits for the first and then finds its order. Stripe is never called while a
row is locked; every step may be repeated after a crash with the same result.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from components.checkout.basket import basket_contents, priced_basket, taxed_basket
from components.checkout.basket.basket_contents import BasketContents, RunningCheckout
from components.checkout.basket.basket_context import BasketContext
from components.checkout.basket.priced_basket import PricedBasket, Shopper
from components.checkout.delivery import delivery_promises, delivery_terms
from components.checkout.placement import card_payment, checkout_attempts, membership_with_order
from components.checkout.placement.payment_page import PlacedOrder, open_page
from components.checkout.tables import Basket
from components.content.pages import agreements
from components.content.pages.agreements import AskedConsent
from components.foundation import clock, database, json
from components.foundation.database import transaction
from components.foundation.languages.words import N_
from components.foundation.refusals import Refusal
from components.memberships.promises import early_start_requests
from components.orders import completion, order_creation, queries
from components.orders.order_creation import Agreement
from components.orders.views import OrderView, PostalAddress
from components.payments.checkout_sessions import pages
from components.payments.taxes import tax_answers
from components.people.invoicing.invoice_addresses import InvoiceBuyer
from components.pricing.coupons.redemptions import CouponGone

TIME_TO_PAY = timedelta(minutes=35)


class EmptyBasket(Refusal):
    message = N_("Nothing in your basket is available at the moment.")


class BasketChanged(Refusal):
    message = N_("Your basket was changed in another window. Please check it again before you pay.")
    status = 409


class QuoteChanged(Refusal):
    message = N_("Something has changed since you opened this page. Please check it again before you pay.")
    status = 409


class TaxWorkedOut(QuoteChanged):
    """Nothing else has changed: the tax was not known before the address was."""

    message = N_("We’ve worked out the tax for your address. Please check the total before you pay.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What the shopper filled in. `seen` is the fingerprint of the basket as shown; `form_key` identifies the form."""

    email: str
    address: PostalAddress
    method_id: UUID | None
    form_key: UUID
    seen: str
    uses_credit: bool = True
    vat_number: str = ""
    invoice_buyer: InvoiceBuyer | None = None
    saves_card: bool = False
    card: str = ""
    """The saved card to charge at once, by Stripe's id; `total_seen` is the amount its button named."""
    total_seen: int | None = None
    consent: AskedConsent | None = None
    begins_now: bool = False
    shown_for: tuple[str, str] | None = None
    """Country and region that the methods were shown for, where that is not the address: for a pickup."""
    asked_from: str = ""
    """The connection that it was sent from, by which new questions to Stripe Tax are counted."""


def fingerprint(shown: PricedBasket) -> str:
    """Equal for two views of a basket with no difference in price or promised dates, whatever the delivery method."""
    lines = [(line.variant_id, line.quantity, line.unit, line.coupon) for line in shown.quote.lines]
    fees = [(option.method.id, option.charge.charged) for option in shown.options]
    rows = [(row.tax.name, row.tax.rate_bp) for row in shown.quote.tax_rows]
    tax = (rows, shown.quote.there.inclusive, shown.quote.there.code, *_stated(shown))
    gifts = [gift.gift.id for gift in shown.gifts if gift.line]
    joins = (shown.joins.plan.version_id, shown.joins.fee, shown.joins.trial_days) if shown.joins else None
    dates = [(option.dates.earliest, option.dates.latest) for option in shown.options if option.dates]
    said = [lines, fees, tax, gifts, shown.spendable, joins, *dates]
    if shown.joins and shown.joins.code:
        return _digest([*said, shown.joins.code.stored.id, shown.joins.code.terms])
    return _digest(said)


def _digest(said: list[Any]) -> str:
    return hashlib.sha256(json.dump(said).encode()).hexdigest()[:24]


def _stated(shown: PricedBasket) -> tuple[object, ...]:
    """What Stripe Tax said is agreed to by its amounts, which are those of one delivery method."""
    if shown.tax.answer is None:
        return ()
    method = shown.method.id if shown.method and shown.quote.needs_delivery else None
    return ([line.tax for line in shown.quote.lines], shown.quote.delivery_tax, method)


async def place(context: BasketContext, details: Details, *, shopper: Shopper) -> PlacedOrder:
    """The order of this basket and where to pay it: the same one for a second click, a new one for a changed basket.

    `context` was read for the e-mail in `details`, which decides who has ordered, or used the coupon, before.

    Raises `AddressNotTaxed`, `NumberNotTaken`, `TaxUnknown`, `TooManyTries`, `EmptyBasket`, `NoDeliveryThere`,
    `QuoteChanged`, `BasketChanged`, `OutOfStock`, `NotEnoughCredit`,
    `GiftGone`, `CouponGone`, `StripeUnavailable`, `OutcomeUnknown`, and for somebody who joins
    with it `AlreadySubscribed`, `PaidElsewhere`, `JoinsUnnamed`.
    """
    basket = context.contents
    if basket is None:
        raise EmptyBasket
    if (done := await _made_before(basket, details)) is not None:
        return done
    shown = await _checked(context, details, shopper)
    card = None
    if details.card:
        card = await card_payment.chosen(shown, details.card, total_seen=details.total_seen)
    agreed = _agreed(shown, details, shopper)
    await membership_with_order.end_other(shopper)
    for _ in range(3):
        if (order := await _order(basket, shown, details, agreed, shopper)) is not None:
            return await (card_payment.pay(order, card) if card else open_page(order, saves_card=details.saves_card))
        if (paid := await _given_up(basket.id)) is not None:
            return PlacedOrder(paid, None)
        shown = await _asked_anew(shown, details)
    raise BasketChanged


async def _asked_anew(shown: PricedBasket, details: Details) -> PricedBasket:
    try:
        return await taxed_basket.asked_anew(shown, asked_from=details.asked_from)
    except taxed_basket.TaxMoved:
        raise QuoteChanged from None


async def _made_before(basket: BasketContents, details: Details) -> PlacedOrder | None:
    """This same form has already led to a paid order: show it again rather than sell it twice."""
    order_id = await checkout_attempts.order_of_form(basket.id, details.form_key)
    order = await queries.by_id(order_id) if order_id else None
    return PlacedOrder(order, None) if order is not None and order.is_paid else None


async def _checked(context: BasketContext, details: Details, shopper: Shopper) -> PricedBasket:
    """The basket priced for this moment, checked against what was agreed to."""
    country, region = details.shown_for or (details.address.country, details.address.region)
    how: dict[str, Any] = {
        "country": country,
        "region": region,
        "vat_number": details.vat_number,
        "method_id": details.method_id,
        "uses_credit": details.uses_credit,
    }
    shown = await taxed_basket.price(
        context, shopper, goes_to=details.address, asked_from=details.asked_from, places=True, **how
    )
    if not shown.quote.lines:
        raise EmptyBasket
    if shown.quote.needs_delivery and (shown.method is None or shown.method.id != details.method_id):
        raise delivery_terms.NoDeliveryThere
    taxed_basket.refuse_untaxed(shown)
    if fingerprint(shown) != details.seen:
        if shown.code_refusal:
            raise CouponGone(shown.code_refusal)
        is_new = (
            shown.tax.answer is not None and fingerprint(priced_basket.price(context, shopper, **how)) == details.seen
        )
        raise TaxWorkedOut if is_new else QuoteChanged
    return shown


def _agreed(shown: PricedBasket, details: Details, shopper: Shopper) -> bytes:
    sums = (shown.quote.total, shown.quote.credit)
    who = [details.email, details.address, shopper.person_id, details.vat_number]
    seen = details.consent.seen if details.consent else ""
    said = [fingerprint(shown), *who, details.method_id, sums, seen]
    if details.invoice_buyer:
        said.append(details.invoice_buyer)
    return hashlib.sha256(json.dump(said).encode()).digest()


async def _order(
    basket: BasketContents, shown: PricedBasket, details: Details, agreed: bytes, shopper: Shopper
) -> OrderView | None:
    """The running attempt's order if it agrees, a new one if none is running; None if another attempt is in the way."""
    async with transaction():
        await database.locked(Basket, Basket.id == basket.id)
        running = await basket_contents.running_checkout(basket.id)
        if running is not None:
            order = await queries.by_id(running.order_id)
            return order if order and running.agreed == agreed and await _may_go_on(order) else None
        if (done := await _made_before(basket, details)) is not None:  # paid by the first click while this one waited
            return done.order
        if await basket_contents.quantities(basket.id) != basket.quantities:
            raise BasketChanged
        return await _new_order(basket.id, shown, details, agreed, shopper)


async def _may_go_on(order: OrderView) -> bool:
    """Not one whose membership waits for something else since."""
    if not order.is_awaiting_payment or order.expires_at <= clock.now():
        return False
    return await membership_with_order.waits(order)


async def _new_order(
    basket_id: UUID, shown: PricedBasket, details: Details, agreed: bytes, shopper: Shopper
) -> OrderView:
    person_id, joins = await membership_with_order.start(shopper, shown.buyer)
    agreement = Agreement(
        person_id=person_id,
        email=details.email,
        coupon_email=shopper.email,
        name=details.address.name,
        address=details.address,
        delivery_method=shown.method.name if shown.method and shown.quote.needs_delivery else "",
        quote=shown.quote,
        vat_number=shown.buyer.vat_number,
        invoice_buyer=details.invoice_buyer,
        promise=delivery_promises.kept(shown.dates),
        price_context_key=shopper.price_context.key,
        expires_at=_last_moment(),
        joins=joins,
        early=shown.early,
        taxes_are_stated=shown.tax.answer is not None,
    )
    order = await order_creation.place(agreement)
    await _keep_taxes(order.id, shown)
    await agreements.record(details.consent, about="order", about_id=order.id)
    if person_id and shopper.joins is not None:
        await early_start_requests.record(
            early_start_requests.asked_in(shown.country), is_wanted=details.begins_now, person_id=person_id,
            plan_version=shopper.joins.plan.version_id,
        )  # fmt: skip
    await checkout_attempts.begin(
        basket_id, order_id=order.id, form_key=details.form_key, agreed=agreed, units=agreement.bought
    )
    placed = await queries.by_id(order.id)
    assert placed is not None
    return placed


async def _keep_taxes(order_id: UUID, shown: PricedBasket) -> None:
    """The order is charged by this answer of Stripe Tax. Should another order have taken it at this very moment, the
    shopper is asked again, and so is Stripe."""
    if shown.tax.question is None or shown.tax.answer is None:
        return
    try:
        await tax_answers.take(shown.tax.question, shown.tax.answer, for_order=order_id)
    except tax_answers.AnswerTaken:
        raise QuoteChanged from None


def _last_moment() -> datetime:
    return clock.now() + TIME_TO_PAY


async def _given_up(basket_id: UUID) -> OrderView | None:
    """End the running attempt: its page closes and its units are released. Returns its order if it was paid after
    all."""
    running: RunningCheckout | None = await basket_contents.running_checkout(basket_id)
    if running is None:
        return None
    page = await pages.for_order(running.order_id)
    if page is not None and page.is_open:
        await pages.expire(page)
    await completion.expire(running.order_id)
    order = await queries.by_id(running.order_id)
    if order is not None and order.is_paid:
        await checkout_attempts.finish_paid(order.id)
        return order
    await checkout_attempts.finish_replaced(running.order_id)
    return None
