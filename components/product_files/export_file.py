"""Export: an imported file, unchanged except for later changes; or the whole catalogue."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from components.foundation.refusals import NotFound
from components.foundation.sheets import csv_sheets
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvShape, CsvSheet
from components.product_files import existing_products, file_formats, import_archive
from components.product_files.existing_products import ExistingCatalogue
from components.product_files.file_formats import Format
from components.product_files.import_archive import StoredFile
from components.product_files.shopify import shopify_writer
from components.product_files.shopify.shopify_columns import HEADER
from components.product_files.woocommerce import woocommerce_writer
from components.product_files.woocommerce.woocommerce_columns import HEADER as ProductFilesHEADER

Cells = tuple[str, ...]


class UnknownFile(NotFound):
    message = "No file with this name has been imported."


@dataclass(frozen=True, slots=True)
class _Writer:
    format: Format
    header: Cells
    again: Callable[[StoredFile, ExistingCatalogue], list[Cells]]
    anew: Callable[[CsvSheet, ExistingCatalogue, Sequence[UUID]], list[Cells]]
    widened: Callable[[StoredFile, ExistingCatalogue], StoredFile]


_SHOPIFY = _Writer(
    file_formats.SHOPIFY,
    HEADER,
    shopify_writer.rewrite,
    shopify_writer.write_new,
    shopify_writer.with_costs,
)
_WOOCOMMERCE = _Writer(
    file_formats.WOOCOMMERCE,
    ProductFilesHEADER,
    woocommerce_writer.rewrite,
    woocommerce_writer.write_new,
    lambda file, now: file,
)


async def original_file(name: str) -> bytes:
    """The imported file with this name. Cells whose value has not changed are identical to the byte."""
    found = await import_archive.file_by_name(name)
    if found is None:
        raise UnknownFile
    writer = _SHOPIFY if found.source == file_formats.SHOPIFY.name else _WOOCOMMERCE
    now = await existing_products.load()
    return await asyncio.to_thread(lambda: _written(found.sheet, writer.again(found, now)))


async def shopify_file() -> bytes:
    """Every product in Shopify's columns, and in those of imported Shopify files."""
    return await _everything(_SHOPIFY)


async def woocommerce_file() -> bytes:
    return await _everything(_WOOCOMMERCE)


async def _everything(writer: _Writer) -> bytes:
    """Written in a thread: a large catalogue takes seconds, and others are answered in the meantime."""
    now, files = await existing_products.load(), await import_archive.all_files(writer.format.name)
    return await asyncio.to_thread(_whole, writer, now, files)


def _whole(writer: _Writer, now: ExistingCatalogue, stored: Sequence[StoredFile]) -> bytes:
    """Imported lines first, in their files' order, then products that were never in such a file."""
    files = [writer.widened(each, now) for each in stored]
    sheet = _joined(files, writer)
    rows: list[Cells] = []
    written: set[UUID] = set()
    for each in files:
        rows += [_moved(each.sheet, row, sheet) for row in writer.again(_without(each, written), now)]
        written |= {row.product for row in each.rows if row.product}
    rest = [id for id in now.products if id not in written]
    return _written(sheet, [*rows, *writer.anew(sheet, now, rest)])


def _without(file: StoredFile, written: set[UUID]) -> StoredFile:
    """The file without the products that an earlier one has written."""
    rows = tuple(row for row in file.rows if row.product not in written)
    if len(rows) == len(file.rows):
        return file
    lines = tuple(CsvLine(number, row.cells) for number, row in enumerate(rows))
    return replace(file, rows=rows, sheet=replace(file.sheet, lines=lines))


def _joined(files: Sequence[StoredFile], writer: _Writer) -> CsvSheet:
    """One file's own format if there is only one; otherwise the columns of all. Without any, our own columns."""
    if not files:
        return writer.format.named(CsvSheet(writer.header, ()))
    cells: dict[str, str] = {}
    for each in files:
        for meaning, cell in zip(_meanings(each.sheet), each.sheet.header, strict=True):
            cells.setdefault(meaning, cell)
    header = tuple(csv_sheets.cell(csv_sheets.value(cell)) for cell in cells.values()) if files[1:] else ()
    shape = files[0].sheet.shape
    if header:
        shape = CsvShape(line_end=shape.line_end, ends_with_line_end=shape.ends_with_line_end)
    columns = {meaning: place for place, meaning in enumerate(cells)}
    return CsvSheet(header or files[0].sheet.header, (), shape, columns)


def _meanings(sheet: CsvSheet) -> list[str]:
    """What each column is known as: files of other years and languages have other names for the same."""
    known = {place: name for name, place in sheet.columns.items()}
    return [known.get(place, f"{csv_sheets.value(cell)} {place}") for place, cell in enumerate(sheet.header)]


def _moved(own: CsvSheet, row: Cells, into: CsvSheet) -> Cells:
    if own.header == into.header and own.shape.separator == into.shape.separator:
        return row
    said = dict(zip(_meanings(own), row, strict=False))
    moved = (said.get(name, "") for name in into.columns)
    if own.shape.separator == into.shape.separator:
        return tuple(moved)
    return tuple(csv_sheets.cell(csv_sheets.value(cell), into.shape.separator) for cell in moved)


def _written(sheet: CsvSheet, rows: Sequence[Cells]) -> bytes:
    return csv_sheets.write(sheet.header, rows, sheet.shape)
