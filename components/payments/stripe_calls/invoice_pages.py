"""Stripe's own page of an invoice, on which whoever has its address can pay it and meet their bank's challenge."""

from components.payments.stripe_connection import call, client, prepare


async def address(invoice_id: str) -> str | None:
    """Read afresh, because addresses expire; None while it is a draft, and once it is paid or void."""
    answer = await call(lambda: client().v1.invoices.retrieve_async(invoice_id))
    return getattr(answer, "hosted_invoice_url", None) if answer.status == "open" else None


async def finalise(invoice_id: str) -> None:
    """A draft of an unpaid subscription becomes payable; Stripe does not collect it. Charges nobody."""
    draft = client().v1.invoices
    key = f"finalise:{invoice_id}"
    await prepare(lambda options: draft.finalize_invoice_async(invoice_id, {"auto_advance": False}, options), key=key)
