"""Uploaded files on their way into the catalogue: checked by a job, shown, imported by a job, or cancelled."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.catalog.products import admin_products, products
from components.foundation import clock, database, ids, jobs, json
from components.foundation.refusals import Conflict, NotFound
from components.foundation.sheets import csv_sheets
from components.foundation.sheets.csv_sheets import MOST_BYTES, FileTooLarge
from components.product_files.runs import column_choices, run_kinds
from components.product_files.runs.run_kinds import PRODUCTS
from components.product_files.tables import ImportStep, ProductImport

TASK = "import_products"
KEPT = timedelta(days=7)
SILENCE = timedelta(minutes=1)
"""Nobody works on a file that has not been heard of for so long: the worker is down, and goes on when it is back."""


class NotKept(NotFound):
    message = "This import is no longer kept. Please choose the file again."


class NotWaiting(Conflict):
    message = "This file isn’t waiting to be imported any more."


@dataclass(frozen=True, kw_only=True)
class ImportRun:
    """`lines` of the file, of which `total` products; `done` of them have been checked or imported."""

    id: UUID
    name: str
    source: str
    lines: int
    state: str
    done: int
    total: int
    why: str
    created_at: datetime
    is_silent: bool

    @property
    def is_under_way(self) -> bool:
        return self.state in ("checking", "importing")


async def create(source: bytes, *, name: str, by: UUID, kinds: frozenset[str] = PRODUCTS) -> UUID:
    """Store the file and have it checked; nothing is changed yet. Raises `UnreadableFile` and `FileTooLarge`."""
    if len(source) > MOST_BYTES:
        raise FileTooLarge
    header = csv_sheets.read_header(source)
    found = run_kinds.detect(header, kinds)
    columns = await column_choices.remembered(found, header)
    run_id, now = ids.new(), clock.now()
    async with database.transaction():
        run = ProductImport(id=run_id, name=name, source=found.name, content=source, created_at=now, heard_at=now)
        run.started_by, run.columns = by, json.dump(columns)
        await ProductImport.insert(run)
        await _have_it_done(run_id)
    return run_id


async def _have_it_done(run_id: UUID) -> None:
    await jobs.defer(TASK, lock=f"import {run_id}", run_id=str(run_id))


async def by_id(run_id: UUID, kinds: frozenset[str] | None = None) -> ImportRun:
    """Raises `NotKept`, for one of other kinds too."""
    found = await database.fetch_one_as(ImportRun, f"{_RUNS} WHERE id = $2", SILENCE, run_id)
    if found is None or (kinds is not None and found.source not in kinds):
        raise NotKept
    return found


async def recent(kinds: frozenset[str] = PRODUCTS) -> list[ImportRun]:
    """Newest first."""
    sql = f"{_RUNS} WHERE source = ANY($2) ORDER BY created_at DESC, id DESC LIMIT 10"
    return await database.fetch_as(ImportRun, sql, SILENCE, list(kinds))


_RUNS = """
SELECT id, name, source, lines, state, done, total, why, created_at,
  state IN ('checking', 'importing') AND heard_at < now() - $1::interval AS is_silent
FROM product_import"""


async def begin(run_id: UUID, *, as_drafts: bool = False) -> None:
    """Import what has been checked; new products only as drafts if so wanted. Raises `NotKept`, `NotWaiting`."""
    await by_id(run_id)
    async with database.transaction():
        if not await database.execute(_BEGIN, run_id, as_drafts):
            raise NotWaiting
        await ImportStep.delete().where(ImportStep.run == run_id)
        await _have_it_done(run_id)


_BEGIN = """
UPDATE product_import SET state = 'importing', done = 0, heard_at = now(), as_drafts = $2
WHERE id = $1 AND state = 'checked'"""


async def check_again(run_id: UUID, *, encoding: str, columns: str) -> None:
    """With what staff have said of the file. Raises `NotWaiting`."""
    async with database.transaction():
        if not await database.execute(_AGAIN, run_id, encoding, columns):
            raise NotWaiting
        await ImportStep.delete().where(ImportStep.run == run_id)
        await _have_it_done(run_id)


_AGAIN = """
UPDATE product_import SET state = 'checking', done = 0, heard_at = now(), encoding = $2, columns = $3::json
WHERE id = $1 AND state = 'checked'"""


async def cancel(run_id: UUID) -> ImportRun:
    """Stop after the product in hand; what has been imported stays. Returns the import as it is then."""
    await by_id(run_id)
    one = ProductImport
    cancelled: dict[Column | str, Any] = {one.state: "cancelled", one.content: None}
    await one.update(cancelled).where(one.id == run_id, one.state.is_in(["checking", "checked", "importing"]))
    return await by_id(run_id)


async def created(run_id: UUID) -> list[UUID]:
    """The products that this import made."""
    one = ImportStep
    new = one.select(one.product).where(one.run == run_id, one.outcome == "new", one.product.is_not_null())
    return await new.output(as_list=True)


async def still_to_undo(run_id: UUID) -> int:
    """How many of the products that it made are not archived."""
    return await admin_products.not_archived(await created(run_id))


async def undo(run_id: UUID, *, by: UUID) -> int:
    """Archive the products that it made, as far as it came; how many. Raises `NotKept`, and `NotWaiting` while it is
    under way."""
    await refuse_unfinished(run_id)
    return await products.archive_all(await created(run_id), by=by)


async def refuse_unfinished(run_id: UUID) -> None:
    if (await by_id(run_id)).state not in ("done", "cancelled"):
        raise NotWaiting("Only an import that is over can be undone.")


async def delete_old() -> None:
    is_old = ProductImport.created_at < clock.now() - KEPT
    await ProductImport.delete().where(is_old & (ProductImport.state != "importing"))
