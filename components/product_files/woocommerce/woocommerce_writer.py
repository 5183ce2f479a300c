"""Writes WooCommerce's lines: from an imported file, or new for a product that was never in one."""

from collections.abc import Sequence
from uuid import UUID

from components.catalog.product_details import VariantDetails
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.product_files import cells as meaning
from components.product_files import export_columns
from components.product_files.existing_products import ExistingCatalogue, ExistingProduct
from components.product_files.export_columns import ExportedLine
from components.product_files.import_archive import StoredFile, StoredRow
from components.product_files.parsed_products import ParsedProduct, ParsedVariant
from components.product_files.picture_links import address_of, is_meant
from components.product_files.woocommerce import woocommerce_reader, woocommerce_texts
from components.product_files.woocommerce.woocommerce_columns import HEADER, PRODUCT, VARIANT, comma_list

__all__ = ["HEADER", "rewrite", "write_new"]
Cells = tuple[str, ...]


def rewrite(file: StoredFile, now: ExistingCatalogue) -> list[Cells]:
    """The file's lines in their order; later variations come at the end."""
    said, made = woocommerce_reader.read(file.sheet).by_line(), []
    for place, row in enumerate(file.rows):
        product = now.products.get(row.product) if row.product else None
        if product is None or place not in said:
            made.append(row.cells)
        elif (line := _line(file.sheet, row, product, *said[place], now)) is not None:
            made.append(line)
    for product_id in file.by_product:
        if product := now.products.get(product_id):
            made += _additions(file, product)
    return made


def _line(
    sheet: CsvSheet,
    row: StoredRow,
    product: ExistingProduct,
    wanted: ParsedProduct,
    variant: ParsedVariant | None,
    now: ExistingCatalogue,
) -> Cells | None:
    """One line with current data; None for an archived variation."""
    here = product.variants.get(row.variant) if row.variant else None
    said = ExportedLine(wanted.details, variant.details if variant else None)
    is_variation = row.cells is not wanted.lines[0].cells
    if is_variation and row.variant is not None and here is None:
        return None
    cells = row.cells
    if not is_variation:
        cells = _with_product(sheet, cells, product, wanted, now)
    if here is not None and variant is not None:
        cells = export_columns.fill(sheet, cells, VARIANT, said=said, now=ExportedLine(product.details, here))
    return cells


def _with_product(
    sheet: CsvSheet, cells: Cells, product: ExistingProduct, wanted: ParsedProduct, now: ExistingCatalogue
) -> Cells:
    said, about = ExportedLine(wanted.details), ExportedLine(product.details)
    if said.product.description != about.product.description:
        cells = export_columns.emptied(sheet, cells, ("Short description",))
    cells = export_columns.fill(sheet, cells, PRODUCT, said=said, now=about)
    raw = CsvLine(0, cells)
    asked = {slug for slug, _ in woocommerce_texts.collections(sheet.value(raw, "Categories"))}
    if not asked <= set(about.product.collections):
        cells = export_columns.set_cell(sheet, cells, {"Categories": _categories(product, now)})
    written = meaning.comma_separated(sheet.value(raw, "Images"))
    are_here = all(any(is_meant(picture, address) for picture in product.pictures) for address in written)
    unsaid = [one for one in product.pictures if not any(is_meant(one, address) for address in written)]
    if not are_here or any("://" not in picture.path for picture in unsaid):
        cells = export_columns.set_cell(
            sheet, cells, {"Images": ", ".join(address_of(picture) for picture in product.pictures)}
        )
    return cells


def _categories(product: ExistingProduct, now: ExistingCatalogue) -> str:
    """Paths of titles: a collection whose address starts with another's is its child."""
    slugs = product.details.collections
    leaves = [slug for slug in slugs if not any(other.startswith(f"{slug}-") for other in slugs)]
    return comma_list(
        " > ".join(now.titles[part] for part in _above(leaf, now) if part in now.titles) for leaf in leaves
    )


def _above(slug: str, now: ExistingCatalogue) -> list[str]:
    parts = slug.split("-")
    return [known for n in range(1, len(parts) + 1) if (known := "-".join(parts[:n])) in now.titles]


def _additions(file: StoredFile, product: ExistingProduct) -> list[Cells]:
    rows = file.by_product[product.id]
    if file.sheet.value(CsvLine(0, rows[0].cells), "Type").strip() != "variable":
        return []
    known = {row.variant for row in rows}
    parent = file.sheet.value(CsvLine(0, rows[0].cells), "SKU")
    new = [details for id, details in product.variants.items() if id not in known]
    return [_variation(file.sheet, product, details, parent) for details in new]


def write_new(sheet: CsvSheet, now: ExistingCatalogue, ids: Sequence[UUID]) -> list[Cells]:
    return [line for id in ids for line in _whole(sheet, now.products[id], now)]


def _whole(sheet: CsvSheet, product: ExistingProduct, now: ExistingCatalogue) -> list[Cells]:
    variants = list(product.variants.values())
    is_simple = len(variants) == 1
    said = {
        "Type": "simple" if is_simple else "variable",
        "SKU": variants[0].sku or "" if is_simple else product.slug,
        "Visibility in catalog": "visible",
        "Tax status": "taxable",
        "In stock?": "1",
        "Categories": _categories(product, now),
        "Images": ", ".join(address_of(picture) for picture in product.pictures),
        **_attributes(
            product, [tuple(dict.fromkeys(each)) for each in zip(*(v.options for v in variants), strict=True)]
        ),
    }
    line = export_columns.fill(
        sheet, export_columns.set_cell(sheet, (), said), PRODUCT, said=None, now=ExportedLine(product.details)
    )
    if is_simple:
        return [export_columns.fill(sheet, line, VARIANT, said=None, now=ExportedLine(product.details, variants[0]))]
    return [line, *(_variation(sheet, product, each, product.slug) for each in variants)]


def _values(variants: Sequence[VariantDetails]) -> list[tuple[str, ...]]:
    """All values of each option."""
    return [tuple(dict.fromkeys(values)) for values in zip(*(each.options for each in variants), strict=True)]


def _variation(sheet: CsvSheet, product: ExistingProduct, details: VariantDetails, parent: str) -> Cells:
    said = {
        "Type": "variation",
        "Name": f"{product.details.title} - {', '.join(details.options)}",
        "Published": "1",
        "In stock?": "1",
        "Parent": parent,
        **_attributes(product, [(value,) for value in details.options]),
    }
    return export_columns.fill(
        sheet, export_columns.set_cell(sheet, (), said), VARIANT, said=None, now=ExportedLine(product.details, details)
    )


def _attributes(product: ExistingProduct, values: Sequence[Sequence[str]]) -> dict[str, str]:
    said = {}
    for number, (name, chosen) in enumerate(zip(product.details.option_names, values, strict=False), start=1):
        said[f"Attribute {number} name"] = name
        said[f"Attribute {number} value(s)"] = comma_list(chosen)
        said[f"Attribute {number} visible"] = said[f"Attribute {number} global"] = "1"
    return said
