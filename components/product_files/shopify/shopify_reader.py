"""Shopify's product file: a product's lines share a handle; the first has its texts, any can have a variant."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from components.catalog.product_details import ProductDetails
from components.foundation import text
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.product_files import cells, parsed_products
from components.product_files.cells import BadCell
from components.product_files.parsed_products import (
    ParsedFile,
    ParsedGroup,
    ParsedProduct,
    ParsedVariant,
)
from components.product_files.shopify import shopify_variants
from components.product_files.shopify.shopify_names import MEANINGS
from components.product_files.shopify.shopify_pictures import pictures_of

NAME = "shopify"
STATUSES = ("active", "draft", "archived")
GIVEN = {
    "title": ("Title",),
    "description": ("Body (HTML)",),
    "vendor": ("Vendor",),
    "kind": ("Type",),
    "tags": ("Tags",),
    "option_names": ("Option1 Name",),
    "status": ("Status", "Published"),
}


def recognises(sheet: CsvSheet) -> bool:
    return "Handle" in sheet.columns and len(sheet.columns.keys() & MEANINGS.keys()) > 1


@dataclass(frozen=True, slots=True)
class _Source:
    """The lines of each handle. `taken` are handles whose address an earlier one has."""

    sheet: CsvSheet
    handles: dict[str, "array[int]"]
    names: Sequence[str]
    taken: frozenset[str]
    repeated: dict[str, int]
    given: frozenset[str]

    def parse(self, position: int) -> ParsedGroup:
        handle, remarks = self.names[position], Remarks()
        lines = [self.sheet.lines[at] for at in self.handles[handle]]
        try:
            product = self._product(handle, lines, remarks)
        except BadCell as trouble:
            remarks.troubles.append(Trouble(lines[0].number, str(trouble)))
            return ParsedGroup(None, remarks)
        is_empty = not product.variants and any(shopify_variants.is_one(self.sheet, line) for line in lines)
        return ParsedGroup(None if is_empty else product, remarks)

    def _product(self, handle: str, lines: list[CsvLine], remarks: Remarks) -> ParsedProduct:
        sheet, first = self.sheet, lines[0]
        title = cells.words(sheet.value(first, "Title"))
        if not title and "title" in self.given:
            raise BadCell(f"The first row of “{handle}” has no Title.")
        names = _option_names(sheet, first)
        variants = shopify_variants.of_lines(sheet, lines, names, handle, remarks)
        notes = (parsed_products.said_again(each.details.sku or "", each.line, self.repeated) for each in variants)
        remarks.notes += [note for note in notes if note]
        collection = cells.words(sheet.value(first, "Collection"))
        is_gift_card = cells.yes(sheet.value(first, "Gift Card"))
        if is_gift_card:
            words = f"“{title or handle}” is a gift card of the other shop: it stays a draft and cannot be bought here."
            remarks.notes.append(Trouble(first.number, words))
        details = ProductDetails(
            title=title,
            description=cells.rich(sheet.value(first, "Body (HTML)")),
            vendor=cells.words(sheet.value(first, "Vendor")),
            kind=cells.words(sheet.value(first, "Type")),
            tags=cells.comma_separated(sheet.value(first, "Tags")),
            option_names=names,
            status="draft" if is_gift_card else _status(sheet, first, variants),
        )
        return ParsedProduct(
            key=handle,
            slug="" if handle in self.taken else text.slug(handle)[:200],
            lines=tuple(lines),
            details=details,
            variants=tuple(variants),
            pictures=pictures_of(sheet, lines),
            collections=((text.slug(collection), collection),) if text.slug(collection) else (),
            given=self.given | {"status"} if is_gift_card else self.given,
        )


def read(sheet: CsvSheet) -> ParsedFile:
    handles: dict[str, array[int]] = {}
    remarks = Remarks()
    for at, line in enumerate(sheet.lines):
        if handle := sheet.value(line, "Handle").strip():
            handles.setdefault(handle, array("l")).append(at)
        elif not line.is_blank:
            remarks.troubles.append(Trouble(line.number, "This row has no Handle, so it belongs to no product."))
    given = frozenset(name for name, columns in GIVEN.items() if sheet.has(*columns))
    repeated = parsed_products.repeats(sheet, "Variant SKU", cells.code)
    source = _Source(sheet, handles, tuple(handles), _taken(handles), repeated, given)
    return ParsedFile(len(handles), source.parse, remarks=remarks)


def _taken(handles: dict[str, "array[int]"]) -> frozenset[str]:
    first: dict[str, str] = {}
    return frozenset(handle for handle in handles if first.setdefault(text.slug(handle)[:200], handle) != handle)


def _option_names(sheet: CsvSheet, first: CsvLine) -> tuple[str, ...]:
    """None for the default option that Shopify gives to products without options: "Title", always "Default Title"."""
    names = tuple(cells.words(sheet.value(first, f"Option{n} Name")) for n in (1, 2, 3))
    if names[0] == "Title" and sheet.value(first, "Option1 Value").strip() == "Default Title":
        return ()
    return tuple(name for name in names if name)


def _status(sheet: CsvSheet, first: CsvLine, variants: Sequence[ParsedVariant]) -> str:
    """Only what is active and on the online store is for sale; what the file does not say is active."""
    if not variants and shopify_variants.has_any(sheet):
        return "draft"
    status = sheet.value(first, "Status").strip().lower() or "active"
    if status == "active" and not cells.yes(sheet.value(first, "Published") or "true"):
        return "draft"
    return status if status in STATUSES else "draft"
