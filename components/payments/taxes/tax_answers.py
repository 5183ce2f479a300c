"""What Stripe says of a basket's tax: asked once for the same basket and address, and kept for some hours."""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from components.foundation import clock, ids, json
from components.payments import stripe_connection
from components.payments.payment_refusals import PaymentRefused
from components.payments.taxes import tax_alarm, tax_calls
from components.payments.taxes.tables import KeptTaxAnswer, TaxSale
from components.payments.taxes.tax_values import TaxAnswer, TaxQuestion

KEPT_FOR = timedelta(hours=6)
"""Rates change at midnight somewhere: an answer of yesterday is asked for again."""


REFUSED_FOR = timedelta(minutes=10)
NOT_LOCATED = "customer_tax_location_invalid"
WRONG_NUMBER = "tax_id_invalid"
OF_THE_BUYER = (NOT_LOCATED, WRONG_NUMBER)
"""Refusals of what a customer typed. Every other is the shop's to mend."""


class AnswerTaken(Exception):
    """Another order has just taken this answer: it has to be asked for again."""


def digest(question: TaxQuestion) -> bytes:
    """Of everything the answer depends on, and of the account's mode. Nothing can be read from it."""
    said = json.dump((stripe_connection.mode(), question))
    return hashlib.sha256(said.encode()).digest()


async def of_basket(
    question: TaxQuestion, *, order: UUID | None = None, before_asking: Callable[[], Awaitable[None]] | None = None
) -> TaxAnswer:
    """Kept, or asked for now; or what the `order` that waits to be paid is charged by, if that was the same question.
    What the shop has to mend is kept for staff. Not inside a transaction. Raises `PaymentRefused`, `StripeUnavailable`,
    and what `before_asking` raises."""
    known = digest(question)
    if order and (had := await _had(order, known)) is not None:
        return had
    if (kept := await _kept(known)) is not None:
        return kept
    if before_asking is not None:
        await before_asking()
    try:
        answer = await _whole(question)
    except PaymentRefused as refusal:
        if refusal.code in OF_THE_BUYER:
            await _keep(KeptTaxAnswer(digest=known, refused=refusal.code, asked_at=clock.now()))
        else:
            await tax_alarm.raised(refusal, question)
        raise
    await tax_alarm.answered(question)
    await _keep(KeptTaxAnswer(digest=known, answer=json.dump(answer), asked_at=clock.now()))
    return answer


async def _whole(question: TaxQuestion) -> TaxAnswer:
    answer = await tax_calls.calculate(question, key=f"tax:{ids.new()}")
    if not answer.is_whole(question):
        raise PaymentRefused(code=tax_alarm.NOT_WHOLE, detail=tax_alarm.MISCOUNTED)
    return answer


async def _keep(row: KeptTaxAnswer) -> None:
    one = KeptTaxAnswer
    values = [one.answer, one.refused, one.asked_at]
    await one.insert(row).on_conflict(target=one.digest, action="DO UPDATE", values=values)


async def take(question: TaxQuestion, answer: TaxAnswer, *, for_order: UUID) -> None:
    """Within the placing transaction: the order has this answer, and no other order may; or the one that was kept in
    its stead when the same was asked twice at once, and that says the same. Raises `AnswerTaken`."""
    its = (KeptTaxAnswer.digest == digest(question)) & (KeptTaxAnswer.refused == "")
    taken = KeptTaxAnswer.delete().where(its).returning(KeptTaxAnswer.answer)
    found = [json.load_as(TaxAnswer, row["answer"]) for row in await taken]
    if not found or not found[0].says_the_same(answer):
        raise AnswerTaken
    answer = found[0]
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
    """Raises `PaymentRefused` where that was the answer some minutes ago."""
    one = KeptTaxAnswer
    row = await one.select(one.answer, one.refused, one.asked_at).where(one.digest == known).first()
    if row is None or row["asked_at"] <= clock.now() - (REFUSED_FOR if row["refused"] else KEPT_FOR):
        return None
    if row["refused"]:
        raise PaymentRefused(code=row["refused"])
    return json.load_as(TaxAnswer, row["answer"])
