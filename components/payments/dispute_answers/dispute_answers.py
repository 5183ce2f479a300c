"""Answering a dispute at Stripe, once: evidence is submitted, or the loss is accepted.

The row is committed first and its id is the key, so that one answer is one answer. Stripe takes it, refuses it, or
nobody knows yet: then the row stays open, Stripe is looked at again, and it is sent again only if it is not there.
"""

import contextlib
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from components.foundation import audit, clock, database, json
from components.foundation.refusals import Refusal
from components.payments import disputes
from components.payments.dispute_answers import evidence_drafts, evidence_files
from components.payments.dispute_answers.tables import DisputeAnswer
from components.payments.disputes import DisputeView
from components.payments.mirror import mirrored_disputes
from components.payments.payment_refusals import OutcomeUnknown, PaymentRefused, StripeKeyRefused, StripeUnavailable
from components.payments.stripe_calls import stripe_disputes as calls
from components.payments.tables import MirroredDispute

EVIDENCE, ACCEPTANCE = "evidence", "acceptance"
DONE, REFUSED = "done", "refused"
KEY_REFUSED = (
    "The shop’s Stripe key is not valid, or may not answer disputes: that needs “Disputes: Write”, and “Files: Write”"
    " for files."
)
SETTLING = timedelta(minutes=2)
"""A row younger than this may still be in use by the request that created it."""


class NothingToAnswer(Refusal):
    message = (
        "This dispute doesn’t wait for an answer: it has been answered, or the bank has decided. Nothing was sent."
    )
    status = 409


class EvidenceTooLate(Refusal):
    message = "The bank’s deadline has passed, and it takes no more evidence. Nothing was sent."
    status = 409


class NoAnswerTaken(Refusal):
    message = "The customer’s bank takes no answer to this dispute. Nothing was sent."
    status = 409


class NoEvidence(Refusal):
    message = "Save some evidence first: nothing is written yet."


class ChangedMeanwhile(Refusal):
    message = "The evidence was changed in the meantime. Nothing was sent: please read it again before you send it."
    status = 409


class BeingAnswered(Refusal):
    message = "An answer to this dispute is on its way to Stripe already. Nothing more was sent."
    status = 409


class OnlyAsked(Refusal):
    message = (
        "The bank only asks about this payment and has taken nothing yet, so there is no loss to accept. To settle it,"
        " refund the payment in full."
    )
    status = 409


async def submit(dispute_id: str, draft_id: UUID, files: Sequence[UUID] = (), *, key: UUID, by: UUID) -> DisputeAnswer:
    """The evidence goes to the bank as this draft has it, with exactly these files.

    Raises the refusals above, `PaymentRefused`, `OutcomeUnknown`, `StripeUnavailable`. Not inside a transaction.
    """
    return await _send_new(await _asked(dispute_id, EVIDENCE, draft_id, files, key=key, by=by))


async def accept(dispute_id: str, *, key: UUID, by: UUID) -> DisputeAnswer:
    """The bank's customer keeps the money, for good. Raises as `submit` does, and `OnlyAsked`."""
    return await _send_new(await _asked(dispute_id, ACCEPTANCE, None, (), key=key, by=by))


async def of_dispute(dispute_id: str) -> list[DisputeAnswer]:
    """Newest first; more than one when the bank asked again, or Stripe refused one."""
    one = DisputeAnswer
    return await one.objects().where(one.dispute == dispute_id).order_by(one.asked_at, ascending=False)


async def settle() -> int:
    """Those that nobody knows the outcome of: looked at, and sent again only if Stripe does not have them."""
    is_open = (DisputeAnswer.outcome == "") & (DisputeAnswer.asked_at < clock.now() - SETTLING)
    settled = 0
    for answer in await DisputeAnswer.objects().where(is_open).order_by(DisputeAnswer.asked_at):
        with contextlib.suppress(PaymentRefused, OutcomeUnknown):
            settled += await _settle_one(answer)
    return settled


async def _settle_one(answer: DisputeAnswer) -> int:
    await mirrored_disputes.sync(answer.dispute)
    found = await disputes.by_id(answer.dispute)
    if _is_there(answer, found):
        await _note(answer, DONE)
    elif not found.needs_answer or found.is_late:
        await _note(answer, REFUSED, why="It had not arrived when the time for answering was over.")
    else:
        await _send(answer)
    return 1


def _is_there(answer: DisputeAnswer, found: DisputeView) -> bool:
    return found.status == "lost" if answer.kind == ACCEPTANCE else found.submissions > answer.turn


async def _asked(
    dispute_id: str, kind: str, draft_id: UUID | None, files: Sequence[UUID], *, key: UUID, by: UUID
) -> tuple[DisputeAnswer, bool]:
    """The stored answer, and whether it is new."""
    if database.DB.transaction_exists():
        raise RuntimeError("an answer is sent outside the caller's transaction: its row must already be committed")
    async with database.transaction():
        await database.locked(MirroredDispute, MirroredDispute.stripe_id == dispute_id)
        known = await DisputeAnswer.objects().where(DisputeAnswer.id == key).first()
        if known is not None:
            return known, False
        found = await disputes.by_id(dispute_id)
        await _check(found, kind, draft_id, files)
        made = DisputeAnswer(
            id=key, dispute=dispute_id, turn=found.submissions, kind=kind, draft=draft_id, asked_at=clock.now(),
            asked_by=by, files=json.dump([str(one) for one in files]),
        )  # fmt: skip
        await made.save()
        what = "dispute answered" if kind == EVIDENCE else "dispute accepted"
        await audit.record(by, what, "dispute", dispute_id, after={"amount": found.amount})
    return made, True


async def _check(found: DisputeView, kind: str, draft_id: UUID | None, files: Sequence[UUID]) -> None:
    if not found.needs_answer:
        raise NothingToAnswer
    is_same_turn = (DisputeAnswer.dispute == found.id) & (DisputeAnswer.turn == found.submissions)
    if await DisputeAnswer.exists().where(is_same_turn & (DisputeAnswer.outcome != REFUSED)):
        raise BeingAnswered
    if kind == ACCEPTANCE:
        if found.is_inquiry:
            raise OnlyAsked
        return
    if found.answer_by is None:
        raise NoAnswerTaken
    if found.is_late:
        raise EvidenceTooLate
    newest = await evidence_drafts.latest(found.id)
    there = [one.id for one in await evidence_files.of_dispute(found.id)]
    if newest is None or not (newest.fields or there):
        raise NoEvidence
    if newest.id != draft_id or set(there) != set(files):
        raise ChangedMeanwhile


async def _send_new(asked: tuple[DisputeAnswer, bool]) -> DisputeAnswer:
    answer, is_new = asked
    if is_new:
        await _send(answer)
    elif answer.outcome == REFUSED:
        raise PaymentRefused(answer.why)
    elif not answer.outcome:
        raise OutcomeUnknown
    return answer


async def _send(answer: DisputeAnswer) -> None:
    key = f"dispute-answer:{answer.id}"
    try:
        if answer.kind == ACCEPTANCE:
            await calls.close(answer.dispute, key=key)
        else:
            assert answer.draft is not None
            texts = (await evidence_drafts.by_id(answer.draft)).fields
            files = await evidence_files.sent(evidence_files.ids_of(answer))
            await calls.submit(answer.dispute, {**texts, **files}, key=key)
    except StripeKeyRefused as refusal:  # surely not done, and no waiting helps
        await _note(answer, REFUSED, why=KEY_REFUSED)
        raise PaymentRefused(detail=KEY_REFUSED) from refusal
    except PaymentRefused as refusal:
        await _note(answer, REFUSED, why=refusal.detail or refusal.words)
        raise
    await _note(answer, DONE)
    with contextlib.suppress(StripeUnavailable):  # a webhook tells of it, too
        await mirrored_disputes.sync(answer.dispute)


async def _note(answer: DisputeAnswer, outcome: str, *, why: str = "") -> None:
    one = DisputeAnswer
    settled = one.update({one.outcome: outcome, one.why: why, one.settled_at: clock.now()})
    await settled.where((one.id == answer.id) & (one.outcome == ""))
    answer.outcome, answer.why = outcome, why
