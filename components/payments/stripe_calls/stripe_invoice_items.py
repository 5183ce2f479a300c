"""A line that takes something off the draft of an invoice. Stripe refuses it on anything but a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stripe import InvoiceLineItem

from components.payments.stripe_connection import change, client

if TYPE_CHECKING:
    from stripe.params import InvoiceItemCreateParams

CREDIT = "store_credit"
"""The key of the metadata of such a line; its value is the shop's own id of the credit."""


async def take_credit_off(
    invoice_id: str, *, customer: str, amount: int, currency: str, words: str, metadata: dict[str, str], key: str
) -> None:
    """`amount` minor units less are charged. No discount is counted on it. Raises `PaymentRefused` when the invoice is
    no draft any more."""
    params: InvoiceItemCreateParams = {
        "customer": customer,
        "invoice": invoice_id,
        "amount": -amount,
        "currency": currency.lower(),
        "description": words,
        "discountable": False,
        "metadata": metadata,
    }
    await change(lambda options: client().v1.invoice_items.create_async(params, options), key=key)


async def remove(item_id: str, *, key: str) -> None:
    """Raises `PaymentRefused` when its invoice is no draft any more."""
    await change(lambda options: client().v1.invoice_items.delete_async(item_id, None, options), key=key)


def is_credit(line: InvoiceLineItem) -> bool:
    return bool(line.metadata and line.metadata.to_dict().get(CREDIT))


def item_of(line: InvoiceLineItem) -> str | None:
    details = line.parent.invoice_item_details if line.parent else None
    return details.invoice_item if details else None
