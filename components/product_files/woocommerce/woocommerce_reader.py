"""WooCommerce's product file: a variable product and its variations have separate lines, linked by SKU or id."""

from dataclasses import dataclass

from components.catalog.product_details import ProductDetails
from components.foundation import text
from components.product_files import cells, tax_classes
from components.product_files.cells import BadCell
from components.product_files.csv_sheets import CsvLine, CsvSheet
from components.product_files.parsed_products import (
    ParsedCollection,
    ParsedFile,
    ParsedPicture,
    ParsedProduct,
    ParsedVariant,
    Trouble,
)
from components.product_files.woocommerce import woocommerce_attributes, woocommerce_prices
from components.product_files.woocommerce.woocommerce_attributes import Attribute

NAME = "woocommerce"
NEEDED = frozenset({"Type", "SKU", "Name", "Regular price"})
KINDS = frozenset({"simple", "variable", "variation", "grouped", "external"})


def recognises(sheet: CsvSheet) -> bool:
    return sheet.columns.keys() >= NEEDED


@dataclass(frozen=True, slots=True)
class WooCommerceRow:
    """A line with its identifiers."""

    line: CsvLine
    kind: str
    about: frozenset[str]
    key: str
    sku: str


def read(sheet: CsvSheet) -> ParsedFile:
    reading = ParsedFile()
    rows = [row for line in sheet.lines if (row := _row(sheet, line, reading))]
    parents = {key: row for row in rows if row.kind == "variable" for key in (row.key, row.sku) if key}
    children: dict[str, list[WooCommerceRow]] = {}
    for row in rows:
        if row.kind == "variation":
            parent = parents.get(sheet.value(row.line, "Parent").strip())
            if parent is None:
                reading.troubles.append(Trouble(row.line.number, "This variation’s parent is not in the file."))
            else:
                children.setdefault(parent.key, []).append(row)
    for row in rows:
        if row.kind != "variation":
            _take(sheet, row, children.get(row.key, []), reading)
    return reading


def _row(sheet: CsvSheet, line: CsvLine, reading: ParsedFile) -> WooCommerceRow | None:
    types = frozenset(cells.comma_separated(sheet.value(line, "Type").lower()))
    kind = next(iter(types & KINDS), None)
    if kind is None:
        words = f"“{sheet.value(line, 'Type')[:40]}” is not a known product type."
        reading.troubles.append(Trouble(line.number, words))
        return None
    sku, number = sheet.value(line, "SKU").strip(), sheet.value(line, "ID").strip()
    key = f"id:{number}" if number else f"sku:{sku}" if sku else f"name:{sheet.value(line, 'Name').strip()}"
    return WooCommerceRow(line, kind, types - KINDS, key, sku)


def _take(sheet: CsvSheet, row: WooCommerceRow, children: list[WooCommerceRow], reading: ParsedFile) -> None:
    try:
        if row.kind == "grouped":
            reading.sets.append(_set(sheet, row))
        else:
            reading.products.append(_product(sheet, row, children, reading))
    except BadCell as trouble:
        reading.troubles.append(Trouble(row.line.number, str(trouble)))


def _set(sheet: CsvSheet, row: WooCommerceRow) -> ParsedCollection:
    return ParsedCollection(
        key=row.key,
        line=row.line,
        title=_title(sheet, row.line),
        description=description(sheet, row.line),
        member_skus=cells.comma_separated(sheet.value(row.line, "Grouped products")),
    )


def _title(sheet: CsvSheet, line: CsvLine) -> str:
    title = cells.words(sheet.value(line, "Name"))
    if not title:
        raise BadCell("This row has no Name.")
    return title


def description(sheet: CsvSheet, line: CsvLine) -> str:
    """The short description and the long one, as paragraphs."""
    parts = (cells.rich(sheet.value(line, name)).strip() for name in ("Short description", "Description"))
    return "\n\n".join(part for part in parts if part)


def _product(
    sheet: CsvSheet, row: WooCommerceRow, children: list[WooCommerceRow], reading: ParsedFile
) -> ParsedProduct:
    title = _title(sheet, row.line)
    attributes = woocommerce_attributes.attributes_of(sheet, row.line)
    variants: list[ParsedVariant] = []
    if row.kind == "variable":
        names = _chosen_names(sheet, attributes, children)
        _note_open(title, row, [each for each in attributes if each.name not in names], reading)
        for child in children:
            _collect(sheet, child, names, variants, reading)
        variants = [tax_classes.with_class_of(row.line, each, sheet) for each in variants]
    else:
        fixed = [attribute for attribute in attributes if len(attribute.values) == 1][:3]
        names = tuple(attribute.name for attribute in fixed)
        variants.append(_variant(sheet, row, tuple(attribute.values[0] for attribute in fixed)))
    details = ProductDetails(
        title=title,
        description=description(sheet, row.line),
        vendor=cells.words(sheet.value(row.line, "Brands")),
        tags=cells.comma_separated(sheet.value(row.line, "Tags")),
        option_names=names,
        status=_status(sheet, row, variants, reading),
    )
    lines = (row.line, *(child.line for child in children))
    return ParsedProduct(
        key=row.key,
        slug=text.slug(title),
        lines=lines,
        details=details,
        variants=tuple(variants),
        pictures=_pictures(sheet, lines),
        collections=collections(sheet.value(row.line, "Categories")),
    )


def _chosen_names(sheet: CsvSheet, attributes: list[Attribute], children: list[WooCommerceRow]) -> tuple[str, ...]:
    """The attributes that distinguish the variations; one without a value in any variation is not an option here."""
    settled = {name for child in children for name in woocommerce_attributes.resolve(sheet, child.line)}
    return tuple(attribute.name for attribute in attributes if attribute.name in settled)[:3]


def _note_open(title: str, row: WooCommerceRow, attributes: list[Attribute], reading: ParsedFile) -> None:
    for attribute in attributes:
        if len(attribute.values) > 1:
            words = f"“{title}” can have any {attribute.name} ({', '.join(attribute.values)}): this is not imported."
            reading.notes.append(Trouble(row.line.number, words))


def _collect(
    sheet: CsvSheet, child: WooCommerceRow, names: tuple[str, ...], into: list[ParsedVariant], reading: ParsedFile
) -> None:
    try:
        settled = woocommerce_attributes.resolve(sheet, child.line)
        options = tuple(settled.get(name, "Any") for name in names)
        if any(options == known.details.options for known in into):
            raise BadCell(f"The file already has a variation “{' / '.join(options)}”.")
        into.append(_variant(sheet, child, options))
    except BadCell as trouble:
        reading.troubles.append(Trouble(child.line.number, str(trouble)))


def _variant(sheet: CsvSheet, row: WooCommerceRow, options: tuple[str, ...]) -> ParsedVariant:
    details = woocommerce_prices.details(
        sheet, row.line, sku=row.sku or None, options=options, is_bodiless=bool(row.about & {"virtual", "downloadable"})
    )
    images = cells.comma_separated(sheet.value(row.line, "Images")) if row.kind == "variation" else ()
    return ParsedVariant(row.line, row.key, details, images[0] if images else None)


def _status(sheet: CsvSheet, row: WooCommerceRow, variants: list[ParsedVariant], reading: ParsedFile) -> str:
    """Products that cannot be sold here, or are hidden there, become drafts; the preview says why."""
    reason = _reason_for_draft(sheet, row, variants)
    if reason:
        reading.notes.append(Trouble(row.line.number, f"“{sheet.value(row.line, 'Name')}” {reason}"))
        return "draft"
    return "active" if sheet.value(row.line, "Published").strip() in ("", "1") else "draft"


def _reason_for_draft(sheet: CsvSheet, row: WooCommerceRow, variants: list[ParsedVariant]) -> str:
    if row.kind == "external":
        return "is sold on another site: it is imported as a draft."
    if sheet.value(row.line, "Visibility in catalog").strip() == "hidden":
        return "is hidden in the catalogue: it is imported as a draft."
    if not variants:
        return "has nothing to sell: it is imported as a draft."
    return ""


def _pictures(sheet: CsvSheet, lines: tuple[CsvLine, ...]) -> tuple[ParsedPicture, ...]:
    addresses = dict.fromkeys(
        address for line in lines for address in cells.comma_separated(sheet.value(line, "Images"))
    )
    return tuple(ParsedPicture(address, "") for address in addresses)


def collections(written: str) -> tuple[tuple[str, str], ...]:
    """ "Clothing > Hoodies, Music" is in Clothing, in its Hoodies, and in Music; slug and title of each."""
    found: dict[str, str] = {}
    for path in cells.comma_separated(written):
        slug = ""
        for title in (part.strip() for part in path.split(">")):
            slug = f"{slug}-{text.slug(title)}".strip("-")
            if slug:
                found.setdefault(slug, title)
    return tuple(found.items())
