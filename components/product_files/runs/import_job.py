"""The job that checks or imports an uploaded file: a transaction for each product, so that it may be cancelled, killed
or stopped with the shop at any moment, and goes on where it was."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from components.catalog.pictures import picture_fetches
from components.foundation import database
from components.foundation.refusals import Refusal
from components.product_files.import_file import FileImport
from components.product_files.import_result import ProductOutcome
from components.product_files.runs import import_steps


class _Cancelled(Exception):
    """The import is no longer wanted: the product in hand is rolled back."""


@dataclass(frozen=True)
class _Wanted:
    name: str
    content: bytes | None
    state: str
    done: int
    started_by: UUID | None


async def run(run_id: str) -> None:
    """Check or import what is left of the file, whichever is wanted of it."""
    known = UUID(run_id)
    wanted = await database.fetch_one_as(_Wanted, _WANTED, known)
    if wanted is None or wanted.content is None or wanted.state not in ("checking", "importing"):
        return
    try:
        importing = await asyncio.to_thread(_parsed, wanted)
        await importing.start()
        await _work(known, importing, wanted)
    except Refusal as refusal:
        failed = "UPDATE product_import SET state = 'failed', why = $2, content = NULL WHERE id = $1"
        await database.execute(failed, known, str(refusal))
    except _Cancelled:
        return


_WANTED = "SELECT name, content, state, done, started_by FROM product_import WHERE id = $1"


def _parsed(wanted: _Wanted) -> FileImport:
    assert wanted.content is not None
    by, rehearses = wanted.started_by, wanted.state == "checking"
    return FileImport(wanted.content, name=wanted.name, by=None if rehearses else by, rehearses=rehearses)


async def _work(run_id: UUID, importing: FileImport, wanted: _Wanted) -> None:
    products = importing.reading.products
    sizes = (len(importing.sheet.lines), len(products))
    await _heard(run_id, wanted.state, "lines = $3, total = $4", *sizes)
    await import_steps.write(run_id, import_steps.FROM_FILE, _said_of_lines(importing), way=-1)
    await _take_up(run_id, importing, wanted.done)
    for position in range(wanted.done, len(products)):
        async with database.transaction():
            step = await importing.bring(products[position])
            await import_steps.write(run_id, position, [step])
            if step.product is not None and not importing.rehearses:
                await picture_fetches.brought(step.product, by_import=run_id)
            await _heard(run_id, wanted.state, "done = $3", position + 1)
        importing.take(products[position], step)
    async with database.transaction():
        await import_steps.write(run_id, len(products), await importing.finish())
        if importing.rehearses:
            await _heard(run_id, wanted.state, "state = 'checked'")
        else:
            await _heard(run_id, wanted.state, "state = 'done', content = NULL")


async def _take_up(run_id: UUID, importing: FileImport, done: int) -> None:
    """Before the shop was stopped, these products had been done."""
    position = 0
    while position < done and (steps := await import_steps.from_position(run_id, position)):
        for step, product in zip(steps, importing.reading.products[position:done], strict=False):
            importing.take(product, step)
        position += len(steps)


def _said_of_lines(importing: FileImport) -> list[ProductOutcome]:
    skipped = [ProductOutcome(one.line, "", "skipped", words=one.words) for one in importing.reading.troubles]
    return skipped + [ProductOutcome(one.line, "", "note", words=one.words) for one in importing.reading.notes]


async def _heard(run_id: UUID, state: str, changes: str, *values: object) -> None:
    """Raises `_Cancelled` once nobody wants this any more."""
    sql = f"UPDATE product_import SET {changes}, heard_at = now() WHERE id = $1 AND state = $2"
    if not await database.execute(sql, run_id, state, *values):
        raise _Cancelled
