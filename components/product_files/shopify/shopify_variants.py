"""The variants of a product in Shopify's file."""

from collections.abc import Sequence

from components.catalog.product_details import VariantDetails
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.product_files import cells
from components.product_files.cells import BadCell
from components.product_files.parsed_products import ParsedVariant
from components.product_files.shopify.shopify_names import LOCATION

COST = "Cost per item"
QUANTITY = "Variant Inventory Qty"
GIVEN = {
    "price": "Variant Price",
    "sku": "Variant SKU",
    "options": "Option1 Value",
    "cost": COST,
    "compare_at": "Variant Compare At Price",
    "barcode": "Variant Barcode",
    "weight_grams": "Variant Grams",
    "is_taxable": "Variant Taxable",
    "needs_delivery": "Variant Requires Shipping",
    "tracks_stock": "Variant Inventory Tracker",
    "sells_when_out": "Variant Inventory Policy",
    "on_hand": QUANTITY,
}
_SURE = ("Option1 Value", "Variant Price", "Variant SKU")


def has_any(sheet: CsvSheet) -> bool:
    """Whether the file says anything about variants."""
    return bool(_telling(sheet))


def is_one(sheet: CsvSheet, line: CsvLine) -> bool:
    """Other lines have a further picture only."""
    return any(sheet.value(line, name).strip() for name in _telling(sheet))


def _telling(sheet: CsvSheet) -> Sequence[str]:
    sure = [name for name in _SURE if name in sheet.columns]
    return sure or [name for name in (*GIVEN.values(), *locations(sheet)) if name in sheet.columns]


def locations(sheet: CsvSheet) -> list[str]:
    """The columns of stock of a shop with several locations."""
    return [name for name in sheet.columns if name.startswith(LOCATION)]


def given_by(sheet: CsvSheet) -> frozenset[str]:
    named = {name for name, column in GIVEN.items() if column in sheet.columns}
    return frozenset(named | {"on_hand"} if locations(sheet) else named)


def of_lines(
    sheet: CsvSheet, lines: Sequence[CsvLine], names: tuple[str, ...], handle: str, remarks: Remarks
) -> list[ParsedVariant]:
    found: dict[tuple[str, ...], ParsedVariant] = {}
    given = given_by(sheet)
    for line in lines:
        if not is_one(sheet, line):
            continue
        try:
            variant = _variant(sheet, line, names, handle, given)
            same = variant.details.options if "options" in given else (variant.details.sku or "",)
            if same in found:
                options = " / ".join(variant.details.options) or "without options"
                raise BadCell(f"“{handle}” has the variant “{options}” twice.")
            found[same] = variant
        except BadCell as trouble:
            remarks.troubles.append(Trouble(line.number, str(trouble)))
    return list(found.values())


def _variant(
    sheet: CsvSheet, line: CsvLine, names: tuple[str, ...], handle: str, given: frozenset[str]
) -> ParsedVariant:
    price = cells.amount("Variant Price", sheet.value(line, "Variant Price"))
    if price is None and "price" in given:
        raise BadCell("Variant Price is empty.")
    options = tuple(cells.words(sheet.value(line, f"Option{n + 1} Value")) for n in range(len(names)))
    if not all(options):
        raise BadCell(f"“{handle}” has {' and '.join(names)}, but this row has no value for it.")
    tracks = bool(sheet.value(line, "Variant Inventory Tracker").strip())
    sells_when_out = sheet.value(line, "Variant Inventory Policy").strip().lower() == "continue"
    on_hand = counted(sheet, line) or 0
    details = VariantDetails(
        price=price or 0,
        sku=cells.code(sheet.value(line, "Variant SKU")) or None,
        options=options,
        cost=cells.amount(COST, sheet.value(line, COST)),
        compare_at=cells.amount("Variant Compare At Price", sheet.value(line, "Variant Compare At Price")),
        barcode=cells.code(sheet.value(line, "Variant Barcode")),
        weight_grams=cells.grams("Variant Grams", sheet.value(line, "Variant Grams"), "g"),
        is_taxable=cells.yes(sheet.value(line, "Variant Taxable") or "true"),
        tax_category="",
        needs_delivery=cells.yes(sheet.value(line, "Variant Requires Shipping") or "true"),
        tracks_stock=tracks,
        sells_when_out=sells_when_out,
        on_hand=max(on_hand, 0) if tracks and not sells_when_out else on_hand,
    )
    picture = sheet.value(line, "Variant Image").strip()
    return ParsedVariant(line, " / ".join(options), details, picture or None, given)


def counted(sheet: CsvSheet, line: CsvLine) -> int | None:
    """What the line says is on hand, at all locations."""
    if QUANTITY in sheet.columns:
        return cells.whole(QUANTITY, sheet.value(line, QUANTITY))
    found = [cells.whole(name, _number(sheet.value(line, name))) for name in locations(sheet)]
    return sum(one or 0 for one in found) if any(one is not None for one in found) else None


def _number(text: str) -> str:
    """ "not stocked" stands where a location has none."""
    return "" if text.strip().lower() in ("not stocked", "not stocked at location") else text
