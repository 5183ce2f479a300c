"""Sales and refunds that Stripe Tax is told of, each once, under a key of ours.

A refusal is kept, not tried again, and raised whenever it is asked for; without an answer whoever asked raises, and
asks again under the same key.
"""

from datetime import datetime
from enum import Enum
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import clock
from components.payments import ownership
from components.payments.payment_refusals import PaymentRefused
from components.payments.taxes import tax_calls
from components.payments.taxes.tables import TaxReversal, TaxSale

OF_NO_SALE = "The sale that it gives back is not recorded either."


class Heard(Enum):
    NOTHING = "nothing"
    UNANSWERED = "unanswered"
    REFUSED = "refused"
    RECORDED = "recorded"


class NotRecorded(Exception):
    """Stripe refused to record it, in its words."""


async def of_reference(reference_id: UUID) -> TaxSale | None:
    return await TaxSale.objects().get(TaxSale.reference_id == reference_id)


async def record(reference_id: UUID, *, number: str, sold_at: datetime) -> None:
    """What was sold by an answer of Stripe's, in the period in which the shop has it too.

    May be called again. Raises `NotRecorded`, `OutcomeUnknown`, `StripeUnavailable`.
    """
    sale = await of_reference(reference_id)
    if sale is None or sale.transaction:
        return
    if sale.refused:
        raise NotRecorded(sale.refused)
    try:
        made = await _recorded(sale, number, sold_at)
    except PaymentRefused as refusal:
        words = refusal.detail or str(refusal)
        await TaxSale.update({TaxSale.refused: words}).where(TaxSale.reference_id == reference_id)
        raise NotRecorded(words) from refusal
    kept: dict[Column | str, Any] = {TaxSale.transaction: made, TaxSale.recorded_at: clock.now()}
    await TaxSale.update(kept).where(TaxSale.reference_id == reference_id)


async def _recorded(sale: TaxSale, number: str, sold_at: datetime) -> str:
    """Where the clocks of the shop and of Stripe differ, so that it would be before the calculation or to come, it is
    recorded as of now rather than not."""
    how: dict[str, Any] = {
        "reference": _named(number, sale.reference_id),
        "metadata": {**ownership.ownership_metadata(), "reference_id": str(sale.reference_id)},
    }
    try:
        return await tax_calls.record_sale(
            sale.calculation, sold_at=sold_at, key=f"tax-sale:{sale.reference_id}", **how
        )
    except PaymentRefused as refusal:
        if refusal.param != "posted_at":
            raise
    return await tax_calls.record_sale(sale.calculation, sold_at=None, key=f"tax-sale-now:{sale.reference_id}", **how)


async def reverse(
    reference_id: UUID, *, refund: UUID, amount: int, is_whole: bool, number: str, sold_at: datetime
) -> None:
    """What was given back of a sale, with its tax; `is_whole` when nothing was given back before and nothing is left.

    May be called again. Raises `NotRecorded`, also where the sale is not, `OutcomeUnknown`, `StripeUnavailable`.
    """
    if await of_reference(reference_id) is None:
        return
    try:
        await record(reference_id, number=number, sold_at=sold_at)
    except NotRecorded:
        await _refuse(await _asked(reference_id, refund, amount), OF_NO_SALE)
        raise
    sale = await of_reference(reference_id)
    assert sale is not None and sale.transaction
    reversal = await _asked(reference_id, refund, amount)
    if reversal.transaction:
        return
    if reversal.refused:
        raise NotRecorded(reversal.refused)
    try:
        made = await tax_calls.record_reversal(
            sale.transaction,
            amount=None if is_whole else amount,
            reference=f"{_named(number, reference_id)}-{refund}",
            metadata={**ownership.ownership_metadata(), "refund_key": str(refund)},
            key=f"tax-reversal:{refund}",
        )
    except PaymentRefused as refusal:
        words = refusal.detail or str(refusal)
        await _refuse(reversal, words)
        raise NotRecorded(words) from refusal
    kept: dict[Column | str, Any] = {TaxReversal.transaction: made, TaxReversal.recorded_at: clock.now()}
    await TaxReversal.update(kept).where(TaxReversal.refund == refund)


async def _refuse(reversal: TaxReversal, words: str) -> None:
    its = (TaxReversal.refund == reversal.refund) & (TaxReversal.refused == "")
    await TaxReversal.update({TaxReversal.refused: words}).where(its)


async def mark_sale_entered(reference_id: UUID) -> bool:
    """Staff entered it at Stripe by hand. False where there is nothing to enter, or somebody has said so."""
    one = TaxSale
    its = (one.reference_id == reference_id) & (one.refused != "") & one.entered_at.is_null()
    return bool(await one.update({one.entered_at: clock.now()}).where(its).returning(one.reference_id))


async def mark_refund_entered(refund: UUID) -> bool:
    """The same of a refund."""
    one = TaxReversal
    its = (one.refund == refund) & (one.refused != "") & one.entered_at.is_null()
    return bool(await one.update({one.entered_at: clock.now()}).where(its).returning(one.refund))


async def mark_restored(refund: UUID) -> bool:
    """The same of the sale of a refund that failed after Stripe had it, or may have had it: nobody heard."""
    one = TaxReversal
    had = (one.refused == "") | one.entered_at.is_not_null()
    its = (one.refund == refund) & had & one.restored_at.is_null()
    return bool(await one.update({one.restored_at: clock.now()}).where(its).returning(one.refund))


async def told_of(reference_id: UUID, refund: UUID) -> Heard:
    """What became of telling Stripe of a refund of this sale."""
    sale, reversal = await of_reference(reference_id), await TaxReversal.objects().get(TaxReversal.refund == refund)
    if sale is None:
        return Heard.NOTHING
    if sale.refused or (reversal and reversal.refused):
        return Heard.REFUSED
    if reversal is None:
        return Heard.NOTHING
    return Heard.RECORDED if reversal.transaction else Heard.UNANSWERED


def _named(number: str, reference_id: UUID) -> str:
    """No two transactions of an account have the same reference, and shops on one account number their orders alike."""
    return f"{number}-{reference_id}"


async def _asked(reference_id: UUID, refund: UUID, amount: int) -> TaxReversal:
    row = TaxReversal(refund=refund, sale=reference_id, amount=amount, asked_at=clock.now())
    await TaxReversal.insert(row).on_conflict(target=TaxReversal.refund, action="DO NOTHING")
    found = await TaxReversal.objects().get(TaxReversal.refund == refund)
    assert found is not None
    return found
