"""The fee of a membership that was paid on an order's own page: its invoice, and what went back of it."""

from components.memberships.billing import fee_refunds
from components.memberships.grants import paid_once_refunds
from components.orders.views import OrderView
from components.payments.checkout_sessions import pages
from components.payments.invoicing import invoices

JOINING = "subscription_create"


async def paid_invoices(order: OrderView) -> list[str]:
    """At Stripe; later fees are not this payment's. Empty for a fee that nothing was paid for, as with a trial, and for
    a plan paid once, which has no invoice there."""
    if order.joins_term is not None:
        return []
    page = await pages.for_order(order.id) if order.joins is not None else None
    if page is None or page.along is None:
        return []
    return [one.stripe_id for one in await invoices.of_subscription(page.reference_id) if one.reason == JOINING]


async def refunded(order: OrderView) -> int:
    """In minor units of the order's currency: refunded, or on its way."""
    if order.joins_term is not None:
        return paid_once_refunds.given_back(await paid_once_refunds.of(order.joins_term))
    first = await paid_invoices(order)
    if not first or order.joins is None:
        return 0
    back = await fee_refunds.refunded_by_invoice(order.joins)
    return sum(back.get(one, 0) for one in first)
