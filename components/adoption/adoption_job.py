"""The job of a run: reads, adopts or gives back row after row, so that it may be cancelled, killed or stopped with the
shop at any moment, and goes on where it was."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.adoption import adoption_making, adoption_reading, adoption_undoing
from components.adoption.adoption_heartbeat import NoLongerWanted, heard
from components.adoption.tables import Adoption, AdoptionPlan, AdoptionRow
from components.foundation import audit, database
from components.foundation.refusals import Refusal
from components.payments.payment_refusals import OutcomeUnknown, StripeUnavailable

UNREACHABLE = "Stripe does not answer at the moment. This goes on by itself once it does."


async def run(run_id: str) -> None:
    """Whatever is wanted of it now. Stripe out of reach is tried again by the worker, with growing pauses."""
    known = await Adoption.objects().where(Adoption.id == UUID(run_id)).first()
    if known is None:
        return
    work = _WORK.get(known.state)
    if work is None:
        return
    try:
        await work(known)
    except NoLongerWanted:
        await _finish_in_hand(known.id)
    except (StripeUnavailable, OutcomeUnknown):
        await Adoption.update({Adoption.why: UNREACHABLE}).where(Adoption.id == known.id)
        raise
    except Refusal as refusal:
        failed: dict[Column | str, Any] = {Adoption.state: "failed", Adoption.why: str(refusal), Adoption.content: None}
        await Adoption.update(failed).where((Adoption.id == known.id) & (Adoption.state == known.state))


async def _adopt(known: Adoption) -> None:
    while row := await _next(known.id):
        await heard(known.id, "adopting", "why = ''")
        await adoption_making.make(known, row, await _plan_of(row))
        await heard(known.id, "adopting", f"done = ({_COUNT})")
    await heard(known.id, "adopting", f"state = 'done', content = NULL, done = ({_COUNT}), why = ''")
    await _record(known, "members adopted")


_COUNT = """SELECT count(*) FROM adoption_row r WHERE r.run = $1
  AND r.outcome IN ('adopted', 'moved', 'until', 'given', 'failed', 'skipped')"""
_NEXT = """
SELECT r.id FROM adoption_row r JOIN adoption_plan p ON p.run = r.run AND p.key = r.plan_key
WHERE r.run = $1 AND p.plan IS NOT NULL AND r.verdict IN ('adopt', 'move', 'until', 'give')
  AND r.outcome = ANY($2) ORDER BY r.outcome DESC, r.position LIMIT 1"""


async def _next(run_id: UUID, *outcomes: str) -> AdoptionRow | None:
    """The one in hand when the shop was stopped comes first."""
    found = await database.fetch_value(_NEXT, run_id, list(outcomes or ("adopting", "")))
    return await AdoptionRow.objects().where(AdoptionRow.id == found).first() if found else None


async def _plan_of(row: AdoptionRow) -> UUID:
    is_it = (AdoptionPlan.run == row.run) & (AdoptionPlan.key == row.plan_key)
    found = await AdoptionPlan.objects().where(is_it).first()
    assert found is not None and found.plan is not None
    plan: UUID = found.plan
    return plan


async def _finish_in_hand(run_id: UUID) -> None:
    """Cancelled in the middle of one: that one is either here and at Stripe, or at neither."""
    known = await Adoption.objects().where(Adoption.id == run_id).first()
    if known is None or known.state != "cancelled" or known.begun_by is None:
        return
    while row := await _next(run_id, "adopting"):
        await adoption_making.make(known, row, await _plan_of(row))
    await database.execute(f"UPDATE adoption SET done = ({_COUNT}) WHERE id = $1", run_id)


async def _cancelled(known: Adoption) -> None:
    await _finish_in_hand(known.id)


_MADE = """
SELECT id FROM adoption_row WHERE run = $1 AND outcome IN ('adopted', 'moved', 'until', 'given', 'kept')
  AND NOT id = ANY($2) ORDER BY position DESC LIMIT 1"""


async def _undo(known: Adoption) -> None:
    """The last first: of two that share a customer, the first had them first."""
    while row := await _next(known.id, "adopting"):
        await adoption_making.make(known, row, await _plan_of(row))
    staying: list[UUID] = []
    while found := await database.fetch_value(_MADE, known.id, staying):
        row = await AdoptionRow.objects().where(AdoptionRow.id == found).first()
        assert row is not None
        await adoption_undoing.undo(known, row)
        staying += [found] if await _is_kept(found) else []
        await heard(known.id, "undoing", "done = done + 1, why = ''")
    await adoption_undoing.finish(known.id)
    await heard(known.id, "undoing", "state = 'undone', done = total")


async def _is_kept(row_id: UUID) -> bool:
    return await AdoptionRow.exists().where((AdoptionRow.id == row_id) & (AdoptionRow.outcome == "kept"))


async def _record(known: Adoption, what: str) -> None:
    rows = await database.fetch_rows(_OUTCOMES, known.id)
    await audit.record(known.begun_by, what, "adoption", known.name[:100], after=dict(rows))


_OUTCOMES = "SELECT outcome, count(*) FROM adoption_row WHERE run = $1 AND outcome <> '' GROUP BY outcome"

_WORK: dict[str, Callable[[Adoption], Awaitable[None]]] = {
    "reading": adoption_reading.read, "adopting": _adopt, "undoing": _undo, "cancelled": _cancelled,
}  # fmt: skip
