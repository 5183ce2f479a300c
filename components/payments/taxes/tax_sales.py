"""Sales and refunds that Stripe Tax is told of, each once, under a key of ours.

A refusal is kept and not tried again; without an answer whoever asked raises, and asks again under the same key.
"""

from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock
from components.payments import ownership
from components.payments.payment_refusals import PaymentRefused
from components.payments.taxes import tax_calls
from components.payments.taxes.tables import TaxReversal, TaxSale


class NotRecorded(Exception):
    """Stripe refused to record it, in its words."""


async def of_reference(reference_id: UUID) -> TaxSale | None:
    return await TaxSale.objects().get(TaxSale.reference_id == reference_id)


async def record(reference_id: UUID, *, number: str) -> None:
    """What was sold by an answer of Stripe's. May be called again. Raises `NotRecorded` once, `OutcomeUnknown`,
    `StripeUnavailable`."""
    sale = await of_reference(reference_id)
    if sale is None or sale.transaction or sale.refused:
        return
    try:
        made = await tax_calls.record_sale(
            sale.calculation,
            reference=number,
            metadata={**ownership.ownership_metadata(), "reference_id": str(reference_id)},
            key=f"tax-sale:{reference_id}",
        )
    except PaymentRefused as refusal:
        words = refusal.detail or str(refusal)
        await TaxSale.update({TaxSale.refused: words}).where(TaxSale.reference_id == reference_id)
        raise NotRecorded(words) from refusal
    kept: dict[Column | str, Any] = {TaxSale.transaction: made, TaxSale.recorded_at: clock.now()}
    await TaxSale.update(kept).where(TaxSale.reference_id == reference_id)


async def reverse(reference_id: UUID, *, refund: UUID, amount: int, is_whole: bool, number: str) -> None:
    """What was given back of a sale, with its tax; `is_whole` when nothing was given back before and nothing is left.

    May be called again. Raises `NotRecorded` once, `OutcomeUnknown`, `StripeUnavailable`.
    """
    sale = await of_reference(reference_id)
    if sale is None or sale.refused:
        return
    await record(reference_id, number=number)
    sale = await of_reference(reference_id)
    assert sale is not None and sale.transaction
    reversal = await _asked(reference_id, refund, amount)
    if reversal.transaction or reversal.refused:
        return
    try:
        made = await tax_calls.record_reversal(
            sale.transaction,
            amount=None if is_whole else amount,
            reference=f"{number}-{refund}",
            metadata={**ownership.ownership_metadata(), "refund_key": str(refund)},
            key=f"tax-reversal:{refund}",
        )
    except PaymentRefused as refusal:
        words = refusal.detail or str(refusal)
        await TaxReversal.update({TaxReversal.refused: words}).where(TaxReversal.refund == refund)
        raise NotRecorded(words) from refusal
    kept: dict[Column | str, Any] = {TaxReversal.transaction: made, TaxReversal.recorded_at: clock.now()}
    await TaxReversal.update(kept).where(TaxReversal.refund == refund)


async def is_reversed(refund: UUID) -> bool:
    return await TaxReversal.exists().where(TaxReversal.refund == refund, TaxReversal.transaction.is_not_null())


async def _asked(reference_id: UUID, refund: UUID, amount: int) -> TaxReversal:
    row = TaxReversal(refund=refund, sale=reference_id, amount=amount, asked_at=clock.now())
    await TaxReversal.insert(row).on_conflict(target=TaxReversal.refund, action="DO NOTHING")
    found = await TaxReversal.objects().get(TaxReversal.refund == refund)
    assert found is not None
    return found
