"""What Stripe says of a basket's tax: asked once for the same basket and address, and kept for some hours."""

import hashlib
from datetime import timedelta
from uuid import UUID

from components.foundation import clock, ids, json
from components.payments import stripe_connection
from components.payments.taxes import tax_calls
from components.payments.taxes.tables import KeptTaxAnswer, TaxSale
from components.payments.taxes.tax_values import TaxAnswer, TaxQuestion

KEPT_FOR = timedelta(hours=6)
"""Rates change at midnight somewhere: an answer of yesterday is asked for again."""


class AnswerTaken(Exception):
    """Another order has just taken this answer: it has to be asked for again."""


def digest(question: TaxQuestion) -> bytes:
    """Of everything the answer depends on, and of the account's mode. Nothing can be read from it."""
    said = json.dump((stripe_connection.mode(), question))
    return hashlib.sha256(said.encode()).digest()


async def of_basket(question: TaxQuestion, *, order: UUID | None = None) -> TaxAnswer:
    """Kept, or asked for now; or what the `order` that waits to be paid is charged by, if that was the same question.
    Not inside a transaction. Raises `PaymentRefused`, `StripeUnavailable`."""
    known = digest(question)
    if order and (had := await _had(order, known)) is not None:
        return had
    if (kept := await _kept(known)) is not None:
        return kept
    answer = await tax_calls.calculate(question, key=f"tax:{ids.new()}")
    row = KeptTaxAnswer(digest=known, answer=json.dump(answer), asked_at=clock.now())
    await KeptTaxAnswer.insert(row).on_conflict(
        target=KeptTaxAnswer.digest, action="DO UPDATE", values=[KeptTaxAnswer.answer, KeptTaxAnswer.asked_at]
    )
    return answer


async def take(question: TaxQuestion, answer: TaxAnswer, *, for_order: UUID) -> None:
    """Within the placing transaction: the order has this answer, and no other order may. Raises `AnswerTaken`."""
    taken = KeptTaxAnswer.delete().where(KeptTaxAnswer.digest == digest(question)).returning(KeptTaxAnswer.answer)
    found = [json.load_as(TaxAnswer, row["answer"]) for row in await taken]
    if answer.calculation not in {one.calculation for one in found}:
        raise AnswerTaken
    sale = TaxSale(
        reference_id=for_order,
        digest=digest(question),
        calculation=answer.calculation,
        answer=json.dump(answer),
        agreed_at=clock.now(),
    )
    await TaxSale.insert(sale)


async def _had(order: UUID, known: bytes) -> TaxAnswer | None:
    its = (TaxSale.reference_id == order) & (TaxSale.digest == known)
    row = await TaxSale.select(TaxSale.answer).where(its).first()
    return json.load_as(TaxAnswer, row["answer"]) if row else None


async def _kept(known: bytes) -> TaxAnswer | None:
    is_fresh = KeptTaxAnswer.asked_at > clock.now() - KEPT_FOR
    row = await KeptTaxAnswer.select(KeptTaxAnswer.answer).where(KeptTaxAnswer.digest == known, is_fresh).first()
    return json.load_as(TaxAnswer, row["answer"]) if row else None
