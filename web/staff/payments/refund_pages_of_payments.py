"""Where a payment is refunded: the page of its order, of its fee, or of what was paid once."""

from dataclasses import dataclass
from uuid import UUID

from components.memberships.billing import subscriptions
from components.orders import queries
from components.payments import disputes


@dataclass(frozen=True, slots=True)
class RefundLink:
    words: str
    href: str


async def refund_links(
    reference_id: UUID, *, invoice: str | None, payment_intent: str | None
) -> tuple[RefundLink, ...]:
    """Two of a payment for an order and a membership together, whether that renews or was paid once."""
    if order := await queries.by_id(reference_id):
        return (RefundLink("Refund the order", _order_page(order.number)),)
    fee = await _fee_page(reference_id, invoice)
    beside = await queries.joined_with(reference_id)
    if beside is None or payment_intent not in await disputes.payments_of_order(beside.id):
        return (RefundLink("Refund the fee" if invoice else "Refund the payment", fee),)
    return RefundLink("Refund the fee", fee), RefundLink("Refund the order", _order_page(beside.number))


def _order_page(number: str) -> str:
    return f"/staff/orders/{number}/refunds/new"


async def _fee_page(reference_id: UUID, invoice: str | None) -> str:
    if invoice is None:
        return f"/staff/paid-once/{reference_id}/refund"
    payer = (await subscriptions.by_id(reference_id)).payer
    return f"/staff/members/{payer}/fees/{invoice}/refunds/new"
