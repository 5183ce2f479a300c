"""Writes Shopify's lines: from an imported file, or new for a product that was never in one."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from components.foundation.sheets import formula_escaping
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.product_files import export_columns
from components.product_files.existing_products import ExistingCatalogue, ExistingPicture, ExistingProduct
from components.product_files.export_columns import ExportedLine
from components.product_files.import_archive import StoredFile, StoredRow
from components.product_files.parsed_products import ParsedProduct, ParsedVariant
from components.product_files.picture_links import address_of, is_meant
from components.product_files.shopify import shopify_reader, shopify_variants
from components.product_files.shopify.shopify_columns import (
    HEADER,
    NEW_PRODUCT,
    NEW_VARIANT,
    PICTURE,
    PRODUCT,
    VARIANT,
    VARIANT_NAMES,
)

__all__ = ["HEADER", "rewrite", "write_new"]
Cells = tuple[str, ...]


def rewrite(file: StoredFile, now: ExistingCatalogue) -> list[Cells]:
    """The file's lines in their order; additions to a product come after its last line."""
    said = shopify_reader.read(file.sheet).by_line()
    last = {row.product: place for place, row in enumerate(file.rows) if row.product}
    first: dict[UUID, int] = {}
    made: list[Cells] = []
    for place, row in enumerate(file.rows):
        product = now.products.get(row.product) if row.product else None
        if product is None:
            made.append(row.cells)
            continue
        is_first = first.setdefault(product.id, place) == place
        if (line := _line(file.sheet, row, product, said.get(place), is_first=is_first)) is not None:
            made.append(line)
        if last[product.id] == place:
            made += _additions(file, product)
    return made


def _line(
    sheet: CsvSheet,
    row: StoredRow,
    product: ExistingProduct,
    said: tuple[ParsedProduct, ParsedVariant | None] | None,
    *,
    is_first: bool,
) -> Cells | None:
    """One line with current data; None if everything in it has been removed."""
    variant = product.variants.get(row.variant) if row.variant else None
    written = ExportedLine(said[0].details, said[1].details if said[1] else None) if said else None
    cells = row.cells
    if is_first:
        cells = export_columns.fill(sheet, cells, PRODUCT, said=written, now=ExportedLine(product.details, variant))
    if variant is not None and (written is None or written.variant is not None):
        cells = export_columns.fill(sheet, cells, VARIANT, said=written, now=ExportedLine(product.details, variant))
    elif row.variant is not None:
        cells = export_columns.emptied(sheet, cells, (*VARIANT_NAMES, "Variant Image"))
    cells = _with_picture(sheet, cells, product)
    is_about_something = is_first or variant is not None or sheet.value(CsvLine(0, cells), "Image Src")
    return cells if is_about_something or row.cells == cells else None


def _with_picture(sheet: CsvSheet, cells: Cells, product: ExistingProduct) -> Cells:
    address = sheet.value(CsvLine(0, cells), "Image Src").strip()
    if not address:
        return cells
    picture = next((each for each in product.pictures if is_meant(each, address)), None)
    if picture is None:
        return export_columns.emptied(sheet, cells, PICTURE)
    if formula_escaping.unescape(sheet.value(CsvLine(0, cells), "Image Alt Text")).strip() == picture.alt:
        return cells
    return export_columns.set_cell(sheet, cells, {"Image Alt Text": picture.alt})


def _additions(file: StoredFile, product: ExistingProduct) -> list[Cells]:
    """Variants and pictures that are not in the file."""
    rows = file.by_product[product.id]
    handle = file.sheet.value(CsvLine(0, rows[0].cells), "Handle")
    known = {row.variant for row in rows}
    addresses = (
        file.sheet.value(CsvLine(0, row.cells), name) for row in rows for name in ("Image Src", "Variant Image")
    )
    pictured = [address for address in addresses if address]
    new = [(id, details) for id, details in product.variants.items() if id not in known]
    lines = [_variant_line(file.sheet, handle, ExportedLine(product.details, details)) for _, details in new]
    for number, picture in enumerate(product.pictures, start=1):
        if not any(is_meant(picture, address) for address in pictured):
            lines.append(export_columns.set_cell(file.sheet, (), {"Handle": handle, **_picture_cells(picture, number)}))
    return lines


def with_costs(file: StoredFile, now: ExistingCatalogue) -> StoredFile:
    """The file with an added cost column, if it had none and the shop knows some costs."""
    is_told = shopify_variants.COST in file.sheet.columns
    if is_told or all(each.cost is None for product in now.products.values() for each in product.variants.values()):
        return file
    header = (*file.sheet.header, shopify_variants.COST)
    rows = tuple(replace(row, cells=(*row.cells, *[""] * (len(header) - len(row.cells)))) for row in file.rows)
    lines = tuple(CsvLine(number, row.cells) for number, row in enumerate(rows))
    columns = {**file.sheet.columns, shopify_variants.COST: len(header) - 1}
    return replace(file, rows=rows, sheet=replace(file.sheet, header=header, lines=lines, columns=columns))


def write_new(sheet: CsvSheet, now: ExistingCatalogue, ids: Sequence[UUID]) -> list[Cells]:
    return [line for id in ids for line in _whole(sheet, now.products[id])]


def _whole(sheet: CsvSheet, product: ExistingProduct) -> list[Cells]:
    variants = list(product.variants.values())
    lines = [_variant_line(sheet, product.slug, ExportedLine(product.details, each)) for each in variants]
    lines = lines or [export_columns.set_cell(sheet, (), {"Handle": product.slug})]
    about = ExportedLine(product.details, variants[0] if variants else None)
    lines[0] = export_columns.fill(
        sheet, export_columns.set_cell(sheet, lines[0], NEW_PRODUCT), PRODUCT, said=None, now=about
    )
    for number, picture in enumerate(product.pictures, start=1):
        if number > len(lines):
            lines.append(export_columns.set_cell(sheet, (), {"Handle": product.slug}))
        lines[number - 1] = export_columns.set_cell(sheet, lines[number - 1], _picture_cells(picture, number))
    return lines


def _variant_line(sheet: CsvSheet, handle: str, about: ExportedLine) -> Cells:
    cells = export_columns.set_cell(sheet, (), {"Handle": handle, **NEW_VARIANT})
    return export_columns.fill(sheet, cells, VARIANT, said=None, now=about)


def _picture_cells(picture: ExistingPicture, number: int) -> dict[str, str]:
    return dict(zip(PICTURE, (address_of(picture), str(number), picture.alt), strict=True))
