"""Shopify's product file: a product's lines share a handle; the first has its texts, any can have a variant."""

from components.catalog.product_details import ProductDetails, VariantDetails
from components.foundation import text
from components.product_files import cells
from components.product_files.cells import BadCell
from components.product_files.csv_sheets import CsvLine, CsvSheet
from components.product_files.parsed_products import ParsedFile, ParsedPicture, ParsedProduct, ParsedVariant, Trouble

NAME = "shopify"
NEEDED = frozenset({"Handle", "Title", "Variant Price"})
STATUSES = ("active", "draft", "archived")
COST = "Cost per item"


def recognises(sheet: CsvSheet) -> bool:
    return sheet.columns.keys() >= NEEDED


def read(sheet: CsvSheet) -> ParsedFile:
    reading = ParsedFile()
    handles: dict[str, list[CsvLine]] = {}
    for line in sheet.lines:
        handles.setdefault(sheet.value(line, "Handle").strip(), []).append(line)
    for handle, lines in handles.items():
        if not handle:
            reading.troubles += [
                Trouble(line.number, "This row has no Handle, so it belongs to no product.") for line in lines
            ]
            continue
        try:
            product = _product(sheet, handle, lines, reading)
            if product.variants or not any(has_variant(sheet, line) for line in lines):
                reading.products.append(product)
        except BadCell as trouble:
            reading.troubles.append(Trouble(lines[0].number, str(trouble)))
    return reading


def _product(sheet: CsvSheet, handle: str, lines: list[CsvLine], reading: ParsedFile) -> ParsedProduct:
    first = lines[0]
    title = cells.words(sheet.value(first, "Title"))
    if not title:
        raise BadCell(f"The first row of “{handle}” has no Title.")
    names = _option_names(sheet, first)
    variants = _variants(sheet, lines, names, handle, reading)
    collection = cells.words(sheet.value(first, "Collection"))
    details = ProductDetails(
        title=title,
        description=cells.rich(sheet.value(first, "Body (HTML)")),
        vendor=cells.words(sheet.value(first, "Vendor")),
        kind=cells.words(sheet.value(first, "Type")),
        tags=cells.comma_separated(sheet.value(first, "Tags")),
        option_names=names,
        status=_status(sheet, first, has_variants=bool(variants)),
    )
    return ParsedProduct(
        key=handle,
        slug=text.slug(handle) or handle,
        lines=tuple(lines),
        details=details,
        variants=tuple(variants),
        pictures=_pictures(sheet, lines),
        collections=((text.slug(collection), collection),) if collection else (),
    )


def _option_names(sheet: CsvSheet, first: CsvLine) -> tuple[str, ...]:
    """None for the default option that Shopify gives to products without options: "Title", always "Default Title"."""
    names = tuple(cells.words(sheet.value(first, f"Option{n} Name")) for n in (1, 2, 3))
    if names[0] == "Title" and sheet.value(first, "Option1 Value").strip() == "Default Title":
        return ()
    return tuple(name for name in names if name)


def _status(sheet: CsvSheet, first: CsvLine, *, has_variants: bool) -> str:
    written = sheet.value(first, "Status").strip().lower()
    if written in STATUSES:
        status = written
    else:
        status = "active" if cells.yes(sheet.value(first, "Published") or "true") else "draft"
    return status if has_variants else "draft"


def _variants(
    sheet: CsvSheet, lines: list[CsvLine], names: tuple[str, ...], handle: str, reading: ParsedFile
) -> list[ParsedVariant]:
    found: dict[tuple[str, ...], ParsedVariant] = {}
    for line in lines:
        if not has_variant(sheet, line):
            continue
        try:
            variant = _variant(sheet, line, names, handle)
            if variant.details.options in found:
                options = " / ".join(variant.details.options) or "without options"
                raise BadCell(f"“{handle}” has the variant “{options}” twice.")
            found[variant.details.options] = variant
        except BadCell as trouble:
            reading.troubles.append(Trouble(line.number, str(trouble)))
    return list(found.values())


def has_variant(sheet: CsvSheet, line: CsvLine) -> bool:
    return any(sheet.value(line, name).strip() for name in ("Option1 Value", "Variant Price", "Variant SKU"))


def _variant(sheet: CsvSheet, line: CsvLine, names: tuple[str, ...], handle: str) -> ParsedVariant:
    price = cells.amount("Variant Price", sheet.value(line, "Variant Price"))
    if price is None:
        raise BadCell("Variant Price is empty.")
    options = tuple(cells.words(sheet.value(line, f"Option{n + 1} Value")) for n in range(len(names)))
    if not all(options):
        raise BadCell(f"“{handle}” has {' and '.join(names)}, but this row has no value for it.")
    tracks = bool(sheet.value(line, "Variant Inventory Tracker").strip())
    sells_when_out = sheet.value(line, "Variant Inventory Policy").strip() == "continue"
    on_hand = cells.whole("Variant Inventory Qty", sheet.value(line, "Variant Inventory Qty")) or 0
    details = VariantDetails(
        price=price,
        sku=cells.words(sheet.value(line, "Variant SKU")) or None,
        options=options,
        cost=cells.amount(COST, sheet.value(line, COST)),
        compare_at=cells.amount("Variant Compare At Price", sheet.value(line, "Variant Compare At Price")),
        barcode=cells.words(sheet.value(line, "Variant Barcode")),
        weight_grams=cells.grams("Variant Grams", sheet.value(line, "Variant Grams"), "g"),
        is_taxable=cells.yes(sheet.value(line, "Variant Taxable") or "true"),
        tax_category="",
        needs_delivery=cells.yes(sheet.value(line, "Variant Requires Shipping") or "true"),
        tracks_stock=tracks,
        sells_when_out=sells_when_out,
        on_hand=max(on_hand, 0) if tracks and not sells_when_out else on_hand,
    )
    picture = sheet.value(line, "Variant Image").strip()
    return ParsedVariant(line, " / ".join(options), details, picture or None)


def _pictures(sheet: CsvSheet, lines: list[CsvLine]) -> tuple[ParsedPicture, ...]:
    """In the order of Image Position, then of the file; pictures used only by a variant come last."""
    placed = []
    for number, line in enumerate(lines):
        if address := sheet.value(line, "Image Src").strip():
            position = sheet.value(line, "Image Position").strip()
            place = int(position) if position.isdigit() else len(lines) + number
            placed.append((place, number, ParsedPicture(address, cells.words(sheet.value(line, "Image Alt Text")))))
    found = {picture.address: picture for _, _, picture in sorted(placed, key=lambda one: one[:2])}
    for line in lines:
        if address := sheet.value(line, "Variant Image").strip():
            found.setdefault(address, ParsedPicture(address, ""))
    return tuple(found.values())
