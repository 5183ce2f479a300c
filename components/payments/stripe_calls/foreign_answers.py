"""What Stripe says of subscriptions that other software made in the same account, as far as adopting depends on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from stripe import Customer, Invoice, PaymentMethod
from stripe import Subscription as StripeSubscription

from components.payments.payment_refusals import UnknownAtStripe
from components.payments.stripe_calls import stripe_subscriptions
from components.payments.stripe_calls.stripe_subscriptions import SubscriptionAnswer
from components.payments.stripe_calls.stripe_values import id_of, instant
from components.payments.stripe_connection import call, client

if TYPE_CHECKING:
    from stripe.params import InvoiceListParams, SubscriptionListParams

EXPANDED = ("customer", "default_payment_method", "latest_invoice")
PAGE = 100


@dataclass(frozen=True)
class PaidThere:
    """An invoice that was paid with money, and the period it paid for."""

    invoice: str
    starts_at: datetime
    ends_at: datetime
    paid_at: datetime


@dataclass(frozen=True)
class ForeignSubscription:
    """`answer` is what the mirror keeps of it. `fee` of one unit; None for what is metered, tiered or in parts of a
    penny. `method` is whatever the next invoice would be charged to: of the subscription, else of the customer."""

    answer: SubscriptionAnswer
    email: str
    name: str
    locale: str
    is_customer_gone: bool
    fee: int | None
    interval: str
    count: int
    quantity: int
    items: int
    billing_mode: str
    by_invoice: bool
    collection_paused: bool
    schedule: bool
    change_waits: bool
    shares: bool
    application: str
    discounts: int
    tax_on_top: bool
    method: str | None
    owed: str | None
    paid: PaidThere | None
    is_latest_paid: bool


@dataclass(frozen=True)
class ForeignPrice:
    id: str
    title: str


async def page_after(last: str) -> tuple[Sequence[ForeignSubscription], bool]:
    """The next hundred that have not been cancelled, the newest first, and whether there are more."""
    request: SubscriptionListParams = {"limit": PAGE, "expand": [f"data.{one}" for one in EXPANDED]}
    if last:
        request["starting_after"] = last
    answer = await call(lambda: client().v1.subscriptions.list_async(request))
    return [_read(one) for one in answer.data], bool(answer.has_more)


async def get(subscription_id: str) -> ForeignSubscription:
    """Raises `UnknownAtStripe`."""
    expanded = {"expand": list(EXPANDED)}
    return _read(await call(lambda: client().v1.subscriptions.retrieve_async(subscription_id, expanded)))  # type: ignore[arg-type]


async def last_paid(subscription_id: str) -> PaidThere | None:
    """Its newest invoice that cost money and is paid, where the latest of all is not that."""
    request: InvoiceListParams = {"subscription": subscription_id, "status": "paid", "limit": 20}
    answer = await call(lambda: client().v1.invoices.list_async(request))
    return next((paid for one in answer.data if (paid := _paid(one)) is not None), None)


async def price(price_id: str) -> ForeignPrice:
    """What it is called there, for staff."""
    found = await call(lambda: client().v1.prices.retrieve_async(price_id, {"expand": ["product"]}))
    product = getattr(found.product, "name", "") or ""
    return ForeignPrice(price_id, " · ".join(filter(None, (product, found.nickname or ""))) or price_id)


async def method_holder(method: str) -> str | None:
    """The customer whom a card or another payment method belongs to; None where there is none."""
    try:
        return id_of((await call(lambda: client().v1.payment_methods.retrieve_async(method))).customer)
    except UnknownAtStripe:
        return None


async def default_method(customer: str) -> str:
    """What the customer's invoices are charged to; "" without any, or without such a customer."""
    try:
        found = await call(lambda: client().v1.customers.retrieve_async(customer))
    except UnknownAtStripe:
        return ""
    settings = getattr(found, "invoice_settings", None)
    return (id_of(settings.default_payment_method) if settings else None) or ""


def _read(answer: StripeSubscription) -> ForeignSubscription:
    item = answer.items.data[0]
    customer = answer.customer if isinstance(answer.customer, Customer) else None
    recurring = item.price.recurring
    is_plain = item.price.billing_scheme == "per_unit" and (recurring is None or recurring.usage_type == "licensed")
    latest = answer.latest_invoice if isinstance(answer.latest_invoice, Invoice) else None
    is_paid = latest is not None and latest.status == "paid"
    return ForeignSubscription(
        answer=stripe_subscriptions.read(answer),
        email=(customer.email if customer else None) or "",
        name=(customer.name if customer else None) or "",
        locale=next(iter((customer.preferred_locales if customer else None) or ()), ""),
        is_customer_gone=customer is None or bool(getattr(customer, "deleted", False)),
        fee=item.price.unit_amount if is_plain else None,
        interval=recurring.interval if recurring else "",
        count=recurring.interval_count if recurring else 1,
        quantity=item.quantity or 1,
        items=len(answer.items.data),
        billing_mode=answer.billing_mode.type if answer.billing_mode else "classic",
        by_invoice=answer.collection_method == "send_invoice",
        collection_paused=answer.pause_collection is not None,
        schedule=bool(id_of(answer.schedule)),
        change_waits=answer.pending_update is not None,
        shares=bool(answer.transfer_data or answer.application_fee_percent),
        application=id_of(answer.application) or "",
        discounts=len(answer.discounts or ()),
        tax_on_top=_is_taxed_on_top(answer),
        method=_method(answer, customer),
        owed=latest.id if latest is not None and latest.status in ("open", "draft") else None,
        paid=_paid(latest) if latest is not None else None,
        is_latest_paid=is_paid,
    )


def _method(answer: StripeSubscription, customer: Customer | None) -> str | None:
    own: Any = answer.default_payment_method or answer.default_source
    if own is None and customer is not None and customer.invoice_settings is not None:
        own = customer.invoice_settings.default_payment_method or customer.default_source
    return own.id if isinstance(own, PaymentMethod) else id_of(own)


def _paid(invoice: Invoice) -> PaidThere | None:
    """Of a plain invoice of the subscription: its latest line that is no proration."""
    if invoice.status != "paid" or not invoice.amount_paid:
        return None
    periods = [
        line.period
        for line in invoice.lines.data
        if line.parent and line.parent.subscription_item_details and not line.parent.subscription_item_details.proration
    ]
    if not periods:
        return None
    latest = max(periods, key=lambda period: period.end)
    paid = invoice.status_transitions.paid_at or invoice.created
    return PaidThere(invoice.id, instant(latest.start), instant(latest.end), instant(paid))


def _is_taxed_on_top(answer: StripeSubscription) -> bool:
    rates = answer.default_tax_rates or ()
    return answer.items.data[0].price.tax_behavior == "exclusive" or any(not rate.inclusive for rate in rates)
