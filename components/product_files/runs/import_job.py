"""The job that checks or imports an uploaded file: a short transaction for each product, or for a few of very many, so
that it may be cancelled, killed or stopped with the shop at any moment, and goes on where it was."""

import asyncio
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from components.catalog.pictures import picture_fetches
from components.foundation import database, json
from components.foundation.refusals import Refusal
from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.product_files.import_file import TOGETHER, FileImport
from components.product_files.import_result import ProductOutcome
from components.product_files.parsed_products import ParsedGroup
from components.product_files.runs import import_steps, run_kinds
from components.product_files.runs.record_import import RecordImport
from components.product_files.tables import ProductImport

STEPS, LINES = 50, 400
"""A file is brought in by at least so many transactions, if it has so many products. Of a large one `TOGETHER`
products share one, or as many as have so many lines."""


Importing = FileImport | RecordImport


class _Cancelled(Exception):
    """The import is no longer wanted: the product in hand is rolled back."""


@dataclass(frozen=True)
class _Wanted:
    name: str
    source: str
    content: bytes | None
    encoding: str
    columns: str
    state: str
    done: int
    started_by: UUID | None
    as_drafts: bool


async def _wanted(run_id: UUID) -> _Wanted | None:
    columns = [getattr(ProductImport, field.name) for field in fields(_Wanted)]
    row = await ProductImport.select(*columns).where(ProductImport.id == run_id).first()
    return _Wanted(**row) if row else None


async def run(run_id: str) -> None:
    """Check or import what is left of the file, whichever is wanted of it."""
    known = UUID(run_id)
    wanted = await _wanted(known)
    if wanted is None or wanted.content is None or wanted.state not in ("checking", "importing"):
        return
    try:
        importing = await asyncio.to_thread(_parsed, known, wanted)
        await importing.start()
        await _work(known, importing, replace(wanted, content=None))
    except Refusal as refusal:
        failed: dict[Column | str, Any] = {
            ProductImport.state: "failed", ProductImport.why: str(refusal), ProductImport.content: None,
        }  # fmt: skip
        await ProductImport.update(failed).where(ProductImport.id == known)
    except _Cancelled:
        return


def _parsed(run_id: UUID, wanted: _Wanted) -> Importing:
    assert wanted.content is not None
    by, rehearses = wanted.started_by, wanted.state == "checking"
    if wanted.source in run_kinds.RECORDS:
        return RecordImport(
            wanted.content,
            kind=wanted.source,
            run=run_id,
            name=wanted.name,
            by=by,
            rehearses=rehearses,
            encoding=wanted.encoding,
            chosen=json.load_as(dict[str, str], wanted.columns),
        )
    return FileImport(
        wanted.content,
        name=wanted.name,
        by=None if rehearses else by,
        by_import=run_id,
        rehearses=rehearses,
        as_drafts=wanted.as_drafts,
        encoding=wanted.encoding,
        chosen=json.load_as(dict[str, str], wanted.columns),
    )


async def _work(run_id: UUID, importing: Importing, wanted: _Wanted) -> None:
    total = len(importing.reading)
    await _heard(run_id, wanted.state, "lines = $3, total = $4", len(importing.sheet.lines), total)
    await import_steps.write_remarks(run_id, _said_of_file(importing))
    await _take_up(run_id, importing, wanted.done)
    first = wanted.done
    while first < total:
        groups = _next(importing, first, max(1, min(total // STEPS, TOGETHER)))
        async with database.transaction():
            steps = await _brought(importing, groups)
            await import_steps.write(run_id, first, steps)
            await import_steps.write_remarks(run_id, _remarks(groups, steps))
            if not importing.rehearses:
                here = [step.product for step in steps if step.product is not None]
                await picture_fetches.brought(here, by_import=run_id)
            await _heard(run_id, wanted.state, "done = $3", first + len(groups))
        for group, step in zip(groups, steps, strict=True):
            importing.take(group, step)
        first += len(groups)
    async with database.transaction():
        await import_steps.write(run_id, total, await importing.finish())
        if importing.rehearses:
            await _heard(run_id, wanted.state, "state = 'checked'")
        else:
            await _heard(run_id, wanted.state, "state = 'done', content = NULL")


def _next(importing: Importing, first: int, most: int) -> list[ParsedGroup]:
    groups: list[ParsedGroup] = []
    lines = 0
    while len(groups) < most and lines < LINES and first + len(groups) < len(importing.reading):
        groups.append(importing.reading.parse(first + len(groups)))
        product = groups[-1].product
        lines += len(product.lines) if product else 1
    return groups


async def _brought(importing: Importing, groups: list[ParsedGroup]) -> list[ProductOutcome]:
    return [await importing.bring(groups[0])] if len(groups) == 1 else await importing.bring_all(groups)


async def _take_up(run_id: UUID, importing: Importing, done: int) -> None:
    """Before the shop was stopped, these products had been done."""
    position = 0
    while position < done and (steps := await import_steps.from_position(run_id, position)):
        for step in steps[: done - position]:
            importing.take(importing.reading.parse(position), step)
            position += 1


def _said_of_file(importing: Importing) -> Remarks:
    return Remarks(list(importing.outcome.troubles), list(importing.outcome.notes))


def _remarks(groups: list[ParsedGroup], steps: list[ProductOutcome]) -> Remarks:
    """What is said about lines of these products."""
    made = Remarks()
    for group, step in zip(groups, steps, strict=True):
        made.troubles += group.remarks.troubles
        made.notes += [*group.remarks.notes, *(Trouble(step.line, words) for words in step.notes)]
    return made


async def _heard(run_id: UUID, state: str, changes: str, *values: object) -> None:
    """Raises `_Cancelled` once nobody wants this any more."""
    sql = f"UPDATE product_import SET {changes}, heard_at = now() WHERE id = $1 AND state = $2"
    if not await database.execute(sql, run_id, state, *values):
        raise _Cancelled
