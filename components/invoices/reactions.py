"""What is issued when others announce facts. Each may run twice, late, and in any order."""

from components.invoices import credit_notes, fee_invoices, order_invoices
from components.memberships.facts import (
    FeeRefunded,
    FeeRefundFailed,
    GiftPaid,
    PaidOnceRefunded,
    PaidOnceRefundFailed,
)
from components.orders.facts import OrderPaid, OrderRefunded, RefundFailed
from components.payments.facts import CheckoutSessionPaid, InvoicePaid


async def order_paid(fact: OrderPaid) -> None:
    await order_invoices.ensure(fact.order_id)


async def fee_paid(fact: InvoicePaid) -> None:
    await fee_invoices.ensure_fee(fact.invoice_id)


async def term_paid(fact: CheckoutSessionPaid) -> None:
    if fact.purpose == "term":
        await fee_invoices.ensure_once(fact.reference_id)


async def gift_paid(fact: GiftPaid) -> None:
    await fee_invoices.ensure_once(fact.gift_id)


async def order_refunded(fact: OrderRefunded | RefundFailed) -> None:
    await order_invoices.ensure(fact.order_id)
    await credit_notes.settle_order(fact.order_id)


async def fee_refunded(fact: FeeRefunded | FeeRefundFailed) -> None:
    await credit_notes.settle_fee(fact.refund_id)


async def once_refunded(fact: PaidOnceRefunded | PaidOnceRefundFailed) -> None:
    await credit_notes.settle_once(fact.refund_id)
