"""What follows when a page's money has arrived, or has failed to. Within the transaction that holds the page's row."""

from components.foundation import clock, ids, outbox
from components.payments.facts import AmountMismatch, CheckoutSessionPaid, CheckoutSessionPaymentFailed
from components.payments.tables import CheckoutSession, Mismatch


async def receive(page: CheckoutSession, amount: int | None, currency: str) -> None:
    """The money is there: announced once, or flagged when it is not what was agreed."""
    if page.is_paid:
        return
    if (amount, currency) != (page.amount, page.currency):
        await _flag(page, amount or 0, currency)
        return
    page.paid_at, page.failed_at = clock.now(), None
    await outbox.announce(CheckoutSessionPaid(page.id, page.purpose, page.reference_id, page.amount, page.currency))


async def fail(page: CheckoutSession) -> None:
    """A delayed payment failed."""
    if not page.has_failed:
        page.failed_at = clock.now()
        await outbox.announce(CheckoutSessionPaymentFailed(page.id, page.purpose, page.reference_id))


async def _flag(page: CheckoutSession, amount: int, currency: str) -> None:
    """Once for a page: paid, but not what was agreed."""
    if await Mismatch.exists().where(Mismatch.page_id == page.id):
        return
    await Mismatch.insert(
        Mismatch(
            id=ids.new(),
            page_id=page.id,
            reference_id=page.reference_id,
            agreed_amount=page.amount,
            agreed_currency=page.currency,
            paid_amount=amount,
            paid_currency=currency,
            found_at=clock.now(),
        )
    )
    await outbox.announce(AmountMismatch(page.id, page.purpose, page.reference_id))
