"""Where a payment is refunded: the page of its order, of its fee, or of what was paid once."""

from dataclasses import dataclass

from components.memberships.billing import subscriptions
from components.orders import queries
from components.payments.dispute_answers import fraud_warnings
from components.payments.dispute_answers.fraud_warnings import FraudWarning


@dataclass(frozen=True, slots=True)
class RefundLink:
    words: str
    href: str


async def refund_links(warning: FraudWarning) -> tuple[RefundLink, ...]:
    """Two of a payment for a membership and an order together."""
    reference_id, invoice = warning.reference_id, warning.invoice
    if order := await queries.by_id(reference_id):
        return (RefundLink("Refund the order", f"/staff/orders/{order.number}/refunds/new"),)
    if invoice is None:
        return (RefundLink("Refund the payment", f"/staff/paid-once/{reference_id}/refund"),)
    payer = (await subscriptions.by_id(reference_id)).payer
    fee = RefundLink("Refund the fee", f"/staff/members/{payer}/fees/{invoice}/refunds/new")
    beside = await queries.joined_with(reference_id)
    if beside is None or warning.id not in {one.id for one in await fraud_warnings.of_order(beside.id)}:
        return (fee,)
    return fee, RefundLink("Refund the order", f"/staff/orders/{beside.number}/refunds/new")
