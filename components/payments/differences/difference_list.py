"""The differences as staff see them: repairing one, or explaining why it is so."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.foundation import audit, clock, database
from components.foundation.refusals import NotFound, Refusal
from components.payments.differences.difference_rules import DifferenceRule
from components.payments.payment_refusals import OutcomeUnknown
from components.payments.tables import ReconcileRun, StripeDifference


class ExplanationMissing(Refusal):
    message = "Write why it is so, for whoever looks at this next."


class RepairUnanswered(Refusal):
    message = "Stripe hasn’t answered yet, so nobody knows whether that worked. It goes on by itself: look again later."
    status = 503


async def open_ones() -> list[StripeDifference]:
    """The oldest first."""
    table = StripeDifference
    return (
        await table.objects()
        .where(table.gone_at.is_null() & table.explained_at.is_null())
        .order_by(table.first_seen_at)
    )


async def explained() -> list[StripeDifference]:
    table = StripeDifference
    return await table.objects().where(table.gone_at.is_null() & table.explained_at.is_not_null())


async def repaired(*, limit: int = 20) -> list[StripeDifference]:
    table = StripeDifference
    is_done = table.repaired_at.is_not_null() & table.gone_at.is_not_null()
    return await table.objects().where(is_done).order_by(table.repaired_at, ascending=False).limit(limit)


async def last_runs() -> tuple[ReconcileRun | None, ReconcileRun | None]:
    """The last comparison, and the last nightly check."""
    return await _last("compare"), await _last("full")


async def _last(kind: str) -> ReconcileRun | None:
    run = ReconcileRun
    finished = run.objects().where((run.kind == kind) & run.finished_at.is_not_null())
    return await finished.order_by(run.started_at, ascending=False).first()


async def repair(difference_id: UUID, rules: Sequence[DifferenceRule], *, by: UUID) -> str:
    """Do what the rule says, and see whether it helped. Returns the result in words.

    Pressed twice, the second finds nothing to do. Raises `NotFound`, `RepairUnanswered`, and what Stripe's calls raise.
    """
    found = await _open(difference_id)
    rule = next((one for one in rules if one.name == found.rule), None)
    if rule is None:
        raise NotFound("This kind of difference is no longer looked for.")
    try:
        words = await rule.repair(found.subject)
    except OutcomeUnknown:
        raise RepairUnanswered from None
    table, now = StripeDifference, clock.now()
    async with database.transaction():
        done = table.update({table.repaired_at: now, table.repaired_by: by, table.result: words, table.gone_at: now})
        if await done.where((table.id == difference_id) & table.gone_at.is_null()).returning(table.id):
            after = {"rule": rule.words, "object": found.subject, "result": words}
            await audit.record(by, "difference from Stripe repaired", "difference", difference_id, after=after)
    return words


async def explain(difference_id: UUID, words: str, *, by: UUID) -> None:
    """It is known why, and stays as it is: no longer shown among the open ones. Raises `ExplanationMissing`."""
    if not words.strip():
        raise ExplanationMissing
    found = await _open(difference_id)
    table = StripeDifference
    async with database.transaction():
        noted: dict[Column | str, Any] = {
            table.explained_at: clock.now(),
            table.explained_by: by,
            table.words: words.strip(),
        }
        await table.update(noted).where(table.id == difference_id)
        after = {"object": found.subject, "explanation": words.strip()}
        await audit.record(by, "difference from Stripe explained", "difference", difference_id, after=after)


async def _open(difference_id: UUID) -> StripeDifference:
    table = StripeDifference
    is_open = (table.id == difference_id) & table.gone_at.is_null() & table.explained_at.is_null()
    found = await table.objects().where(is_open).first()
    if found is None:
        raise NotFound("This difference is no longer open.")
    return found
