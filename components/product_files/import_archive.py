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
    rows: list[StoredRow] = []
    while found := await database.fetch_rows(_ROWS, row.id, len(rows), AT_ONCE):
        rows += [StoredRow(key, tuple(json.load(cells)), product, variant) for key, cells, product, variant in found]
    sheet = CsvSheet(
        header=tuple(row.header),
        lines=tuple(CsvLine(number, each.cells) for number, each in enumerate(rows)),
        preamble=row.preamble,
        line_end=row.line_end,
        ends_with_line_end=row.ends_with_line_end,
        columns=csv_sheets.columns(tuple(row.header)),
    )
    return StoredFile(row.id, row.name, row.source, sheet, tuple(rows))


AT_ONCE = 1_000
"""Lines: a file has up to a hundred thousand, and others want their turn between."""
_ROWS = """
SELECT key, cells, product, variant FROM imported_row WHERE file = $1 AND position >= $2 ORDER BY position LIMIT $3"""


async def store(
    before: StoredFile | None, *, name: str, source: str, sheet: CsvSheet, rows: Sequence[StoredRow], by: UUID | None
) -> None:
    """Store the file as it is now; nothing is written if it is stored like this already."""
    async with database.transaction():
        file_id = before.id if before else ids.new()
        if before is None or not _is_same_shape(before.sheet, sheet):
            await _keep_shape(before, file_id, name=name, source=source, sheet=sheet, by=by)
        old = before.rows if before else ()
        for start in range(0, len(rows), AT_ONCE):
            these = enumerate(rows[start : start + AT_ONCE], start)
            changed = [(at, row) for at, row in these if at >= len(old) or old[at] != row]
            if changed:
                await _keep_rows(file_id, changed)
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


_KEEP_ROWS = """
INSERT INTO imported_row (id, file, position, key, cells, product, variant)
SELECT w.id, $1, w.position, w.key, w.cells::json, w.product, w.variant
FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::uuid[], $7::uuid[])
  AS w(id, position, key, cells, product, variant)
ON CONFLICT (file, position) DO UPDATE
SET key = excluded.key, cells = excluded.cells, product = excluded.product, variant = excluded.variant"""


async def _keep_rows(file_id: UUID, rows: Sequence[tuple[int, StoredRow]]) -> None:
    await database.execute(
        _KEEP_ROWS,
        file_id,
        [ids.new() for _ in rows],
        [position for position, _ in rows],
        [row.key for _, row in rows],
        [json.dump(row.cells) for _, row in rows],
        [row.product for _, row in rows],
        [row.variant for _, row in rows],
    )
