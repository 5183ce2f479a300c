"""Runs that adopt members: read by a job, shown with what would become of each row, begun, cancelled, undone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.adoption import member_files
from components.adoption.tables import Adoption, AdoptionRow
from components.foundation import audit, clock, database, ids, jobs
from components.foundation.refusals import Conflict, NotFound
from components.foundation.sheets.csv_sheets import MOST_BYTES, FileTooLarge

TASK = "adopt_members"
KEPT = timedelta(days=90)
SILENCE = timedelta(minutes=2)
STRIPE = "stripe"


class NoSuchRun(NotFound):
    message = "This adoption is no longer kept."


class NotItsTurn(Conflict):
    message = "This has moved on meanwhile. Please look at it again."


class PlansMissing(Conflict):
    message = "Choose a plan for at least one of the prices first."


class StillBilledThere(Conflict):
    message = (
        "Confirm that the earlier software no longer bills anybody. Otherwise those with a card at Stripe would be "
        "billed twice."
    )


@dataclass(frozen=True, kw_only=True)
class AdoptionRun:
    """`done` of `total` rows have been read, adopted or undone."""

    id: UUID
    source: str
    name: str
    state: str
    done: int
    total: int
    why: str
    created_at: datetime
    begun_at: datetime | None
    old_stopped: bool
    tells: bool
    asks: bool
    is_silent: bool

    @property
    def is_under_way(self) -> bool:
        return self.state in ("reading", "adopting", "undoing")

    @property
    def is_of_stripe(self) -> bool:
        return self.source == STRIPE


async def read_stripe(*, by: UUID) -> UUID:
    """Read the subscriptions of the Stripe account; nothing is changed yet."""
    return await _create(STRIPE, "Stripe", None, by=by)


async def read_file(source: bytes, *, name: str, by: UUID) -> UUID:
    """Read an export. Raises `UnreadableFile`, `FileTooLarge`."""
    if len(source) > MOST_BYTES:
        raise FileTooLarge
    return await _create(member_files.kind_of(source), name, source, by=by)


async def _create(source: str, name: str, content: bytes | None, *, by: UUID) -> UUID:
    run = Adoption(
        id=ids.new(), source=source, name=name, content=content, created_at=clock.now(), started_by=by,
        heard_at=clock.now(),
    )  # fmt: skip
    async with database.transaction():
        await Adoption.insert(run)
        await have_it_done(run.id)
    run_id: UUID = run.id
    return run_id


async def have_it_done(run_id: UUID) -> None:
    await jobs.defer(TASK, lock=f"adoption {run_id}", run_id=str(run_id))


_RUNS = """
SELECT id, source, name, state, done, total, why, created_at, begun_at, old_stopped, tells, asks,
  state IN ('reading', 'adopting', 'undoing') AND heard_at < now() - $1::interval AS is_silent FROM adoption"""


async def by_id(run_id: UUID) -> AdoptionRun:
    """Raises `NoSuchRun`."""
    found = await database.fetch_one_as(AdoptionRun, f"{_RUNS} WHERE id = $2", SILENCE, run_id)
    if found is None:
        raise NoSuchRun
    return found


async def recent() -> list[AdoptionRun]:
    """Newest first."""
    return await database.fetch_as(AdoptionRun, f"{_RUNS} ORDER BY created_at DESC, id DESC LIMIT 20", SILENCE)


async def begin(run_id: UUID, *, by: UUID, old_stopped: bool, tells: bool, asks: bool) -> None:
    """Adopt what is ready. What staff said is on record. Raises `NotItsTurn`, `PlansMissing`, `StillBilledThere`."""
    run = await by_id(run_id)
    async with database.transaction():
        said = (run_id, clock.now(), by, old_stopped, tells, asks)
        if not await database.execute(_BEGIN, *said):
            raise NotItsTurn
        ready, of_cards = (await database.fetch_rows(_READY, run_id))[0]
        if not ready:
            raise PlansMissing
        if of_cards and not old_stopped:
            raise StillBilledThere
        after = {
            "from": run.source, "rows": ready, "earlier software bills no more": old_stopped, "members told": tells,
            "asked to join again": asks,
        }  # fmt: skip
        await audit.record(by, "adoption started", "adoption", run.name[:100], after=after)
        await Adoption.update({Adoption.total: ready}).where(Adoption.id == run_id)
        await have_it_done(run_id)


_BEGIN = """
UPDATE adoption SET state = 'adopting', done = 0, begun_at = $2, begun_by = $3, old_stopped = $4, tells = $5, asks = $6,
  heard_at = now(), why = ''
WHERE id = $1 AND state = 'read'"""
READY_ROWS = """
FROM adoption_row r JOIN adoption_plan p ON p.run = r.run AND p.key = r.plan_key
WHERE r.run = $1 AND r.verdict IN ('adopt', 'move', 'until', 'give') AND p.plan IS NOT NULL"""
_READY = f"SELECT count(*), count(*) FILTER (WHERE r.verdict = 'move') {READY_ROWS}"


async def cancel(run_id: UUID) -> AdoptionRun:
    """Stop after the row in hand; what has been adopted stays, until it is undone. Returns the run as it is then."""
    await by_id(run_id)
    async with database.transaction():
        cancelled: dict[Column | str, Any] = {Adoption.state: "cancelled", Adoption.content: None}
        going_on = (Adoption.id == run_id) & Adoption.state.is_in(["reading", "read", "adopting"])
        if await Adoption.update(cancelled).where(going_on).returning(Adoption.id):
            await have_it_done(run_id)
    return await by_id(run_id)


async def undo(run_id: UUID, *, by: UUID) -> None:
    """Give back what it adopted, by a job. Raises `NotItsTurn`."""
    run = await by_id(run_id)
    async with database.transaction():
        if not await database.execute(_UNDO, run_id, by):
            raise NotItsTurn
        await audit.record(by, "adoption undone", "adoption", run.name[:100], after={"adopted": await made(run_id)})
        await have_it_done(run_id)


_UNDO = """
UPDATE adoption SET state = 'undoing', done = 0, undone_by = $2, heard_at = now(), why = '',
  total = (SELECT count(*) FROM adoption_row r WHERE r.run = $1
           AND r.outcome IN ('adopting', 'adopted', 'moved', 'until', 'given', 'kept'))
WHERE id = $1 AND state IN ('done', 'cancelled', 'undone')"""


MADE = ["adopting", "adopted", "moved", "until", "given", "kept"]


async def made(run_id: UUID) -> int:
    """How many rows are adopted now."""
    return int(await AdoptionRow.count().where((AdoptionRow.run == run_id) & AdoptionRow.outcome.is_in(MADE)))


async def delete_old() -> None:
    """Scheduled: what is over for so long cannot be undone any more, and need not be kept."""
    is_over = Adoption.state.not_in(["adopting", "undoing"])
    await Adoption.delete().where((Adoption.created_at < clock.now() - KEPT) & is_over)
