"""The fee of a membership that was paid on an order's own page: its invoice, and what went back of it."""

from uuid import UUID

from components.memberships.billing import fee_refunds
from components.memberships.billing.tables import FeeRefund
from components.memberships.grants import paid_once_refunds
from components.memberships.grants.tables import PaidOnceRefund
from components.orders.views import OrderView
from components.payments.checkout_sessions import pages
from components.payments.invoicing import invoices

JOINING = "subscription_create"


async def paid_invoices(order: OrderView) -> list[str]:
    """At Stripe; later fees are not this payment's. Empty for a fee that nothing was paid for, as with a trial, and for
    a plan paid once, which has no invoice there."""
    if order.joins is None or not await _is_with(order, "joining", order.joins):
        return []
    return [one.stripe_id for one in await invoices.of_subscription(order.joins) if one.reason == JOINING]


async def paid_term(order: OrderView) -> UUID | None:
    """What of a plan paid once was paid with it."""
    return order.joins_term if order.joins_term and await _is_with(order, "term", order.joins_term) else None


async def refunded(order: OrderView) -> int:
    """In minor units of the order's currency: refunded, or on its way."""
    if (term := await paid_term(order)) is not None:
        return paid_once_refunds.given_back(await paid_once_refunds.of(term))
    first = await paid_invoices(order)
    if not first or order.joins is None:
        return 0
    back = await fee_refunds.refunded_by_invoice(order.joins)
    return sum(back.get(one, 0) for one in first)


async def refunds(order: OrderView) -> list[FeeRefund] | list[PaidOnceRefund]:
    """Of the fee that was paid with it, the oldest first, whatever became of each."""
    if (term := await paid_term(order)) is not None:
        return await paid_once_refunds.of(term)
    first = await paid_invoices(order)
    if not first or order.joins is None:
        return []
    return [one for one in await fee_refunds.of_subscription(order.joins) if one.invoice in first]


async def _is_with(order: OrderView, purpose: str, joined: UUID) -> bool:
    """Not so of an order that was given up before somebody paid for the membership with another, or alone."""
    page = await pages.for_reference(purpose, joined)
    return page is not None and page.along == order.id
