"""WooCommerce's product file: a variable product and its variations have separate lines, linked by SKU or id."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.catalog.product_details import ProductDetails
from components.foundation import text
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.product_files import cells, parsed_products
from components.product_files.cells import BadCell
from components.product_files.parsed_products import (
    ParsedCollection,
    ParsedFile,
    ParsedGroup,
    ParsedPicture,
    ParsedProduct,
    ParsedVariant,
)
from components.product_files.woocommerce import woocommerce_rows, woocommerce_texts, woocommerce_variants
from components.product_files.woocommerce.woocommerce_names import MEANINGS
from components.product_files.woocommerce.woocommerce_rows import WooCommerceRow

NAME = "woocommerce"
_OWN = frozenset({"Regular price", "Sale price", "Visibility in catalog", "Stock", "In stock?", "Short description"})
GIVEN = {
    "title": ("Name",),
    "vendor": ("Brands",),
    "tags": ("Tags",),
    "status": ("Published", "Visibility in catalog"),
}


def recognises(sheet: CsvSheet) -> bool:
    known = sheet.columns.keys() & MEANINGS.keys()
    is_named = bool(known & {"ID", "SKU"})
    return is_named and ({"Type", "Name"} <= known or bool(known & _OWN))


@dataclass(frozen=True, slots=True)
class _Source:
    """The rows of products, and those of each one's variations."""

    sheet: CsvSheet
    rows: Sequence[WooCommerceRow]
    children: Mapping[int, "array[int]"]
    repeated: dict[str, int]
    given: frozenset[str]

    def parse(self, position: int) -> ParsedGroup:
        row, remarks = self.rows[position], Remarks()
        line = self.sheet.lines[row.at]
        children = [woocommerce_rows.of_line(self.sheet, at) for at in self.children.get(row.at, ())]
        try:
            return ParsedGroup(self._product(row, line, [one for one in children if one], remarks), remarks)
        except BadCell as trouble:
            remarks.troubles.append(Trouble(line.number, str(trouble)))
            return ParsedGroup(None, remarks)

    def _product(
        self, row: WooCommerceRow, line: CsvLine, children: list[WooCommerceRow], remarks: Remarks
    ) -> ParsedProduct:
        sheet = self.sheet
        title = woocommerce_texts.title(sheet, line)
        found = woocommerce_variants.of_product(sheet, row, line, children, title, remarks)
        notes = (parsed_products.said_again(v.details.sku or "", v.line, self.repeated) for v in found.variants)
        remarks.notes += [note for note in notes if note]
        remarks.notes += woocommerce_texts.lost_categories(sheet, line)
        details = ProductDetails(
            title=title,
            description=woocommerce_texts.description(sheet, line),
            vendor=cells.name(sheet.value(line, "Brands")),
            tags=cells.terms(sheet.value(line, "Tags")),
            option_names=found.names,
            status=_status(sheet, row, line, found.variants, remarks),
        )
        lines = (line, *(sheet.lines[child.at] for child in children))
        return ParsedProduct(
            key=row.key,
            slug=text.slug(title)[:200],
            lines=lines,
            details=details,
            variants=found.variants,
            withheld=found.withheld,
            pictures=_pictures(sheet, lines),
            collections=woocommerce_texts.collections(sheet.value(line, "Categories")),
            given=self.given,
        )


def read(sheet: CsvSheet) -> ParsedFile:
    remarks = Remarks()
    rows, children, sets = woocommerce_rows.sorted_rows(sheet, remarks)
    named = {name for name, columns in GIVEN.items() if sheet.has(*columns)}
    if sheet.has("Short description") and sheet.has("Description"):
        named.add("description")
    if any(name.startswith("Attribute ") for name in sheet.columns):
        named.add("option_names")
    source = _Source(sheet, rows, children, parsed_products.repeats(sheet, "SKU", cells.code), frozenset(named))
    return ParsedFile(len(rows), source.parse, sets=_sets(sheet, sets, remarks), remarks=remarks)


def _sets(sheet: CsvSheet, rows: Sequence[WooCommerceRow], remarks: Remarks) -> list[ParsedCollection]:
    made = []
    for row in rows:
        line = sheet.lines[row.at]
        try:
            made.append(
                ParsedCollection(
                    key=row.key,
                    line=line,
                    title=woocommerce_texts.title(sheet, line),
                    description=woocommerce_texts.description(sheet, line),
                    member_skus=cells.comma_separated(sheet.value(line, "Grouped products")),
                )
            )
        except BadCell as trouble:
            remarks.troubles.append(Trouble(line.number, str(trouble)))
    return made


def _status(
    sheet: CsvSheet, row: WooCommerceRow, line: CsvLine, variants: Sequence[ParsedVariant], remarks: Remarks
) -> str:
    """Products that cannot be sold here, or are hidden there, become drafts; the preview says why."""
    reason = _reason_for_draft(sheet, row, line, variants)
    if reason:
        remarks.notes.append(Trouble(line.number, f"“{cells.name(sheet.value(line, 'Name'))}” {reason}"))
        return "draft"
    return "active" if sheet.value(line, "Published").strip() in ("", "1") else "draft"


def _reason_for_draft(sheet: CsvSheet, row: WooCommerceRow, line: CsvLine, variants: Sequence[ParsedVariant]) -> str:
    if row.kind == "external":
        return "is sold on another site: it is imported as a draft."
    if sheet.value(line, "Visibility in catalog").strip() == "hidden":
        return "is hidden in the catalogue: it is imported as a draft."
    if not variants:
        return "has nothing to sell: it is imported as a draft."
    return ""


def _pictures(sheet: CsvSheet, lines: tuple[CsvLine, ...]) -> tuple[ParsedPicture, ...]:
    addresses = dict.fromkeys(
        address for line in lines for address in cells.comma_separated(sheet.value(line, "Images"))
    )
    return tuple(ParsedPicture(address, "") for address in addresses)
