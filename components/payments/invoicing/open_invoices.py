"""What is owed for a subscription: its invoices that are neither paid nor void."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from components.foundation import clock
from components.foundation.money import Money
from components.payments import running_subscriptions
from components.payments.invoicing import invoices
from components.payments.payment_refusals import PaymentRefused
from components.payments.stripe_calls import invoice_pages
from components.payments.tables import MirroredInvoice


@dataclass(frozen=True, kw_only=True)
class OpenInvoice:
    """`next_attempt_at` is None when Stripe does not try again by itself. `needs_bank`: see `MirroredPayment`."""

    id: str
    amount: Money
    attempts: int
    next_attempt_at: datetime | None
    is_draft: bool
    needs_bank: bool
    failure: str
    payment_method: str | None
    created_at: datetime


async def latest(local_id: UUID, *, drafts: bool = False) -> OpenInvoice | None:
    """The newest as mirrored: paying that one makes the subscription active again. Asks nobody.

    A subscription that Stripe calls unpaid goes on being billed by `drafts` that nobody collects.
    """
    found = next(iter(await _of(local_id, ["open", "draft"] if drafts else ["open"])), None)
    return await _read(found) if found is not None else None


async def _of(local_id: UUID, statuses: list[str]) -> Sequence[MirroredInvoice]:
    is_its = (MirroredInvoice.local_id == local_id) & MirroredInvoice.status.is_in(statuses)
    return await MirroredInvoice.objects().where(is_its).order_by(MirroredInvoice.created_at, ascending=False)


async def _read(found: MirroredInvoice) -> OpenInvoice:
    payment = await invoices.payment_of(found)
    return OpenInvoice(
        id=found.stripe_id,
        amount=Money(found.amount_due, found.currency),
        attempts=found.attempts,
        next_attempt_at=found.next_attempt_at,
        is_draft=found.status == "draft",
        needs_bank=payment is not None and payment.needs_bank,
        failure=payment.failure if payment else "",
        payment_method=payment.payment_method if payment else None,
        created_at=found.created_at,
    )


async def page_of(invoice: OpenInvoice) -> str | None:
    """The address at which it is paid, asked of Stripe; None when there is nothing to pay any more."""
    if invoice.is_draft:
        with contextlib.suppress(PaymentRefused):  # finalised meanwhile
            await invoice_pages.finalise(invoice.id)
    return await invoice_pages.address(invoice.id)


async def pay(invoice: OpenInvoice) -> None:
    """Try the card on file. Two tries within a minute are one. Raises `CardDeclined`, `PaymentRefused`."""
    await invoices.pay(invoice.id, key=f"retry:{invoice.id}:{clock.now():%Y%m%d%H%M}")


async def sync(local_id: UUID) -> None:
    """Read the subscription and what is open for it from Stripe, as the webhooks would have us do."""
    await running_subscriptions.sync(local_id)
    for invoice in await _of(local_id, ["open", "draft"]):
        await invoices.sync(invoice.stripe_id)


async def void_all(local_id: UUID) -> None:
    """Nothing is owed any more; what has been paid meanwhile stays paid."""
    for invoice in await _of(local_id, ["open"]):
        await invoices.void(invoice.stripe_id)


async def void_older(local_id: UUID) -> None:
    """What is open besides the latest invoice. For a subscription that is active again: the latest has been paid."""
    known = await running_subscriptions.mirrored(local_id)
    if known is None or known.status != "active":
        return
    for invoice in await _of(local_id, ["open"]):
        if invoice.stripe_id != known.latest_invoice:
            await invoices.void(invoice.stripe_id)
