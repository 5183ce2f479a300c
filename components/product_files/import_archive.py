"""Imported files, stored cell by cell with the product of each line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, json
from components.product_files import csv_sheets
from components.product_files.csv_sheets import CsvLine, CsvSheet
from components.product_files.tables import ImportedFile, ImportedRow


@dataclass(frozen=True, slots=True)
class StoredRow:
    """`key` is the product, and after a bar the variant, as identified in the file."""

    key: str
    cells: tuple[str, ...]
    product: UUID | None
    variant: UUID | None


@dataclass(frozen=True, slots=True)
class StoredFile:
    id: UUID
    name: str
    source: str
    sheet: CsvSheet
    rows: tuple[StoredRow, ...]


async def file_names() -> tuple[tuple[str, str], ...]:
    """Name and format of every imported file, oldest first."""
    named = ImportedFile.select(ImportedFile.name, ImportedFile.source)
    rows = await named.order_by(ImportedFile.brought_in_at, ImportedFile.name)
    return tuple((row["name"], row["source"]) for row in rows)


async def file_by_name(name: str) -> StoredFile | None:
    row = await ImportedFile.objects().where(ImportedFile.name == name).first()
    return await _file(row) if row else None


async def all_files(source: str) -> list[StoredFile]:
    files = ImportedFile.objects().where(ImportedFile.source == source)
    return [await _file(row) for row in await files.order_by(ImportedFile.brought_in_at, ImportedFile.name)]


async def _file(row: ImportedFile) -> StoredFile:
    lines = ImportedRow.select(ImportedRow.key, ImportedRow.cells, ImportedRow.product, ImportedRow.variant)
    found = await lines.where(ImportedRow.file == row.id).order_by(ImportedRow.position)
    rows = tuple(StoredRow(**{**each, "cells": tuple(json.load(each["cells"]))}) for each in found)
    sheet = CsvSheet(
        header=tuple(row.header),
        lines=tuple(CsvLine(number, each.cells) for number, each in enumerate(rows)),
        preamble=row.preamble,
        line_end=row.line_end,
        ends_with_line_end=row.ends_with_line_end,
        columns=csv_sheets.columns(tuple(row.header)),
    )
    return StoredFile(row.id, row.name, row.source, sheet, rows)


async def store(
    before: StoredFile | None, *, name: str, source: str, sheet: CsvSheet, rows: Sequence[StoredRow], by: UUID | None
) -> None:
    """Store the file as it is now; nothing is written if it is stored like this already."""
    async with database.transaction():
        file_id = before.id if before else ids.new()
        if before is None or not _is_same_shape(before.sheet, sheet):
            await _keep_shape(before, file_id, name=name, source=source, sheet=sheet, by=by)
        old = before.rows if before else ()
        for position, row in enumerate(rows):
            if position >= len(old) or old[position] != row:
                await _keep_row(file_id, position, row)
        if len(old) > len(rows):
            await ImportedRow.delete().where(ImportedRow.file == file_id, ImportedRow.position >= len(rows))


def _is_same_shape(one: CsvSheet, other: CsvSheet) -> bool:
    def shape(sheet: CsvSheet) -> tuple[object, ...]:
        return (tuple(sheet.header), sheet.preamble, sheet.line_end, sheet.ends_with_line_end)

    return shape(one) == shape(other)


async def _keep_shape(
    before: StoredFile | None, file_id: UUID, *, name: str, source: str, sheet: CsvSheet, by: UUID | None
) -> None:
    shape: dict[Any, Any] = {
        "source": source,
        "header": list(sheet.header),
        "preamble": sheet.preamble,
        "line_end": sheet.line_end,
        "ends_with_line_end": sheet.ends_with_line_end,
        "brought_in_at": clock.now(),
        "by": by,
    }
    if before is None:
        await ImportedFile.insert(ImportedFile(**{"id": file_id, "name": name, **shape}))
    else:
        await ImportedFile.update(shape).where(ImportedFile.id == file_id)


_KEEP_ROW = """
INSERT INTO imported_row (id, file, position, key, cells, product, variant) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (file, position) DO UPDATE SET key = $4, cells = $5, product = $6, variant = $7"""
"""Plain SQL: a file has thousands of lines, and each is a statement."""


async def _keep_row(file_id: UUID, position: int, row: StoredRow) -> None:
    said = (row.key, json.dump(row.cells), row.product, row.variant)
    await database.execute(_KEEP_ROW, ids.new(), file_id, position, *said)
