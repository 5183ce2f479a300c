"""Imported files, stored cell by cell with the product of each line."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from components.foundation import clock, database, ids, json
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvShape, CsvSheet
from components.product_files import file_formats
from components.product_files.file_formats import Format
from components.product_files.tables import ImportedFile, ImportedRow


@dataclass(frozen=True, slots=True)
class StoredRow:
    """`key` is the product, and after a bar the variant, as identified in the file."""

    key: str
    cells: tuple[str, ...]
    product: UUID | None
    variant: UUID | None


@dataclass(frozen=True)
class StoredFile:
    id: UUID
    name: str
    source: str
    sheet: CsvSheet
    rows: tuple[StoredRow, ...]

    @cached_property
    def by_product(self) -> Mapping[UUID, Sequence[StoredRow]]:
        """The rows of each product, in their order."""
        found: dict[UUID, list[StoredRow]] = {}
        for row in self.rows:
            if row.product is not None:
                found.setdefault(row.product, []).append(row)
        return found


async def file_names() -> tuple[tuple[str, str], ...]:
    """Name and format of every imported file, oldest first."""
    named = ImportedFile.select(ImportedFile.name, ImportedFile.source)
    rows = await named.order_by(ImportedFile.brought_in_at, ImportedFile.name)
    return tuple((row["name"], row["source"]) for row in rows)


@dataclass(frozen=True, slots=True)
class StoredHeader:
    id: UUID
    source: str


async def header_by_name(name: str) -> StoredHeader | None:
    one = ImportedFile
    row = await one.select(one.id, one.source).where(one.name == name).first()
    return StoredHeader(**row) if row else None


async def file_by_name(name: str) -> StoredFile | None:
    row = await ImportedFile.objects().where(ImportedFile.name == name).first()
    return await _file(row) if row else None


@dataclass(frozen=True, slots=True)
class FoundBefore:
    """The product that a key stood for: in this file, or else in the newest one of the same kind."""

    product: UUID
    is_of_this_file: bool


_BY_KEY = """
SELECT DISTINCT ON (key) split_part(r.key, '|', 1) AS key, r.product, f.name = $2
FROM imported_row r JOIN imported_file f ON f.id = r.file
WHERE f.source = $1 AND r.product IS NOT NULL ORDER BY key, f.name = $2 DESC, f.brought_in_at DESC, r.position"""


async def products_by_key(source: str, name: str) -> dict[str, FoundBefore]:
    rows = await database.fetch_rows(_BY_KEY, source, name)
    return {key: FoundBefore(product, is_own) for key, product, is_own in rows}


_LAST_ROWS = """
SELECT DISTINCT ON (r.variant) r.variant, r.cells, f.header, f.columns
FROM imported_row r JOIN imported_file f ON f.id = r.file
WHERE r.variant = ANY($1) AND f.source = $2 ORDER BY r.variant, f.brought_in_at DESC"""


async def counted_before(of: Format, variant_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The stock that the last file had for each variant."""
    found = {}
    for variant, cells, header, chosen in await database.fetch_rows(_LAST_ROWS, list(variant_ids), of.name):
        sheet = of.named(CsvSheet(tuple(header), ()), json.load(chosen))
        found[variant] = of.counted(sheet, CsvLine(0, tuple(json.load(cells)))) or 0
    return found


async def all_files(source: str) -> list[StoredFile]:
    files = ImportedFile.objects().where(ImportedFile.source == source)
    return [await _file(row) for row in await files.order_by(ImportedFile.brought_in_at, ImportedFile.name)]


async def _file(row: ImportedFile) -> StoredFile:
    rows: list[StoredRow] = []
    one = ImportedRow
    stored = one.select(one.key, one.cells, one.product, one.variant).order_by(one.position).limit(AT_ONCE)
    while found := await stored.where(one.file == row.id, one.position >= len(rows)):
        rows += [StoredRow(**each | {"cells": tuple(json.load(each["cells"]))}) for each in found]
    sheet = CsvSheet(
        header=tuple(row.header),
        lines=tuple(CsvLine(number, each.cells) for number, each in enumerate(rows)),
        shape=CsvShape(row.preamble, row.line_end, row.ends_with_line_end, row.encoding, row.separator),
    )
    sheet = file_formats.by_name(row.source).named(sheet, json.load(row.columns))
    return StoredFile(row.id, row.name, row.source, sheet, tuple(rows))


AT_ONCE = 1_000
"""Lines: a file has up to a hundred thousand, and others want their turn between."""


async def store(
    name: str,
    *,
    source: str,
    sheet: CsvSheet,
    places: Mapping[int, StoredRow],
    chosen: Mapping[str, str],
    is_news: bool,
    by: UUID | None,
) -> None:
    """Store the file as it is now; what is stored like this already is not written. `places` are by line, `is_news`
    whether it changed anything."""
    shape: dict[Any, Any] = {
        "source": source,
        "header": list(sheet.header),
        **asdict(sheet.shape),
        "columns": json.dump(dict(chosen)),
    }
    async with database.transaction():
        file_id = await _keep_shape(name, shape, is_news=is_news, by=by)
        for start in range(0, len(sheet.lines), AT_ONCE):
            await _keep_rows(file_id, start, sheet.lines[start : start + AT_ONCE], places)
        end = len(sheet.lines)
        await ImportedRow.delete().where(ImportedRow.file == file_id, ImportedRow.position >= end)


async def _keep_shape(name: str, shape: dict[Any, Any], *, is_news: bool, by: UUID | None) -> UUID:
    row = await ImportedFile.objects().where(ImportedFile.name == name).first()
    made = {**shape, "brought_in_at": clock.now(), "by": by}
    if row is None:
        row = ImportedFile(**{"id": ids.new(), "name": name, **made})
        await ImportedFile.insert(row)
    elif is_news or any(getattr(row, column) != value for column, value in shape.items()):
        await ImportedFile.update(made).where(ImportedFile.id == row.id)
    return row.id


_KEEP_ROWS = """
INSERT INTO imported_row AS r (id, file, position, key, cells, product, variant)
SELECT w.id, $1, w.position, w.key, w.cells::json, w.product, w.variant
FROM unnest($2::uuid[], $3::int[], $4::text[], $5::text[], $6::uuid[], $7::uuid[])
  AS w(id, position, key, cells, product, variant)
ON CONFLICT (file, position) DO UPDATE
SET key = excluded.key, cells = excluded.cells, product = excluded.product, variant = excluded.variant
WHERE (r.key, r.cells::text, r.product, r.variant)
  IS DISTINCT FROM (excluded.key, excluded.cells::text, excluded.product, excluded.variant)"""
_NOWHERE = StoredRow("", (), None, None)


async def _keep_rows(file_id: UUID, first: int, lines: Sequence[CsvLine], places: Mapping[int, StoredRow]) -> None:
    rows = [places.get(line.number, _NOWHERE) for line in lines]
    await database.execute(
        _KEEP_ROWS,
        file_id,
        [ids.new() for _ in rows],
        list(range(first, first + len(rows))),
        [row.key for row in rows],
        [json.dump(line.cells) for line in lines],
        [row.product for row in rows],
        [row.variant for row in rows],
    )
