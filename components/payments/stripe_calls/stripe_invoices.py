from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from stripe import Invoice as StripeInvoice
from stripe import InvoiceLineItem, ListObject

from components.payments.stripe_calls import stripe_invoice_items
from components.payments.stripe_calls.stripe_coupons import coupon_of
from components.payments.stripe_calls.stripe_values import id_of, instant, instant_or_none, ours
from components.payments.stripe_connection import call, change, client

if TYPE_CHECKING:
    from stripe.params import (
        InvoiceCreatePreviewParams,
        InvoiceLineItemListParams,
        InvoicePayParams,
        InvoiceRetrieveParams,
    )


@dataclass(frozen=True)
class Invoice:
    """`period_start` and `period_end` are the period it bills (the latest of its lines), not the billing run, and
    `price` is what that period is billed at. One that bills only a change bills the rest of the period.
    None without either. `discount` was taken off by `coupon`, which is read with the invoice only. `total` is before
    what `store_credit` pays of it: credit is a payment. `unused` was deducted for time that a change of plan cut short.
    """

    id: str
    subscription: str | None
    number: str | None
    reason: str
    status: str
    amount_due: int
    amount_paid: int
    total: int
    tax: int
    discount: int
    store_credit: int
    unused: int
    coupon: str
    currency: str
    period_start: datetime | None
    period_end: datetime | None
    price: str | None
    attempts: int
    next_attempt_at: datetime | None
    receipt_url: str | None
    created_at: datetime
    paid_at: datetime | None


@dataclass(frozen=True)
class PreviewLine:
    words: str
    amount: int
    is_proration: bool


@dataclass(frozen=True)
class Preview:
    """What the next invoice would charge, to the penny."""

    amount_due: int
    total: int
    currency: str
    lines: tuple[PreviewLine, ...]


def _subscription_of(answer: StripeInvoice) -> str | None:
    details = answer.parent.subscription_details if answer.parent else None
    return id_of(details.subscription) if details else None


def _is_proration(line: InvoiceLineItem) -> bool:
    details = line.parent.subscription_item_details if line.parent else None
    return bool(details and details.proration)


def _billed_line(lines: Sequence[InvoiceLineItem]) -> InvoiceLineItem | None:
    """The line of the period that is billed, else of the rest of one after a change."""
    of_items = [line for line in lines if line.parent and line.parent.subscription_item_details]
    whole = [line for line in of_items if not _is_proration(line)]
    rest = [line for line in of_items if _is_proration(line) and line.amount > 0]
    return max(whole or rest, key=lambda line: (line.period.end, line.period.start), default=None)


def _price_of(line: InvoiceLineItem) -> str | None:
    details = line.pricing.price_details if line.pricing else None
    return id_of(details.price) if details else None


async def _lines(answer: StripeInvoice) -> Sequence[InvoiceLineItem]:
    """All of them: Stripe embeds ten, and what the subscription itself bills comes last."""
    found = list(answer.lines.data)
    has_more = answer.lines.has_more
    while has_more:
        request: InvoiceLineItemListParams = {"limit": 100, "starting_after": found[-1].id}
        page = await _page_of_lines(answer.id, request)
        found += page.data
        has_more = page.has_more and bool(page.data)
    return found


async def _page_of_lines(invoice_id: str, request: InvoiceLineItemListParams) -> ListObject[InvoiceLineItem]:
    return await call(lambda: client().v1.invoices.line_items.list_async(invoice_id, request))


async def read(answer: StripeInvoice) -> Invoice:
    lines = await _lines(answer)
    billed, credit = _billed_line(lines), -sum(line.amount for line in _credit_lines(lines))
    return Invoice(
        id=answer.id,
        subscription=_subscription_of(answer),
        number=answer.number,
        reason=answer.billing_reason or "",
        status=ours(answer.status),
        amount_due=answer.amount_due,
        amount_paid=answer.amount_paid,
        total=answer.total + credit,
        tax=sum(tax.amount for tax in answer.total_taxes or ()),
        discount=sum(one.amount for one in answer.total_discount_amounts or ()),
        store_credit=credit,
        unused=-sum(line.amount for line in lines if _is_proration(line) and line.amount < 0),
        coupon=coupon_of(answer.discounts),
        currency=answer.currency.upper(),
        period_start=instant(billed.period.start) if billed else None,
        period_end=instant(billed.period.end) if billed else None,
        price=_price_of(billed) if billed else None,
        attempts=answer.attempt_count,
        next_attempt_at=instant_or_none(answer.next_payment_attempt),
        receipt_url=getattr(answer, "hosted_invoice_url", None),
        created_at=instant(answer.created),
        paid_at=instant_or_none(answer.status_transitions.paid_at),
    )


def _credit_lines(lines: Sequence[InvoiceLineItem]) -> list[InvoiceLineItem]:
    return [line for line in lines if stripe_invoice_items.is_credit(line)]


async def credit_items(invoice_id: str) -> list[str]:
    """The invoice items of store credit that are on it."""
    answer = await call(lambda: client().v1.invoices.retrieve_async(invoice_id))
    found = (stripe_invoice_items.item_of(line) for line in _credit_lines(await _lines(answer)))
    return [item for item in found if item]


async def get(invoice_id: str) -> Invoice:
    """With its discount, in one call."""
    request: InvoiceRetrieveParams = {"expand": ["discounts"]}
    return await read(await call(lambda: client().v1.invoices.retrieve_async(invoice_id, request)))


async def payment_intent(invoice_id: str) -> str | None:
    """The intent that paid the invoice, else the one that is to pay it; None when nothing had to be charged."""
    answer = await call(lambda: client().v1.invoice_payments.list_async({"invoice": invoice_id, "limit": 20}))
    found = sorted(answer.data, key=lambda payment: (payment.status != "paid", not payment.is_default))
    intents = [id_of(payment.payment.payment_intent) for payment in found if payment.payment.payment_intent]
    return intents[0] if intents else None


async def pay(invoice_id: str, *, payment_method: str | None = None, key: str) -> Invoice:
    """Try the charge now. Raises `CardDeclined`; `PaymentRefused` when it is already paid or void."""
    request: InvoicePayParams = {"payment_method": payment_method} if payment_method else {}
    answer = await change(lambda options: client().v1.invoices.pay_async(invoice_id, request, options), key=key)
    return await read(answer)


async def void(invoice_id: str, *, key: str) -> Invoice:
    """Nothing is owed for it any more. Raises `PaymentRefused` when it is paid."""
    answer = await change(lambda options: client().v1.invoices.void_invoice_async(invoice_id, None, options), key=key)
    return await read(answer)


async def preview(request: InvoiceCreatePreviewParams) -> Preview:
    answer = await call(lambda: client().v1.invoices.create_preview_async(request))
    return Preview(
        amount_due=answer.amount_due,
        total=answer.total,
        currency=answer.currency.upper(),
        lines=_preview_lines(answer),
    )


def _preview_lines(answer: StripeInvoice) -> tuple[PreviewLine, ...]:
    """A preview is stored nowhere, so what Stripe did not embed is one line with the rest of the subtotal."""
    lines = [PreviewLine(line.description or "", line.amount, _is_proration(line)) for line in answer.lines.data]
    if answer.lines.has_more:
        lines.append(PreviewLine("Other lines", answer.subtotal - sum(line.amount for line in lines), True))
    return tuple(lines)
