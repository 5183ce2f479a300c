"""What of a product of WooCommerce's file is sold."""

from collections.abc import Sequence
from dataclasses import dataclass

from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.product_files import cells, tax_classes
from components.product_files.cells import BadCell
from components.product_files.parsed_products import ParsedVariant
from components.product_files.woocommerce import woocommerce_attributes, woocommerce_prices
from components.product_files.woocommerce.woocommerce_attributes import Attribute
from components.product_files.woocommerce.woocommerce_rows import WooCommerceRow


@dataclass(frozen=True, slots=True)
class FoundVariants:
    """`names` of the options; the `withheld` are not sold."""

    names: tuple[str, ...]
    variants: tuple[ParsedVariant, ...]
    withheld: tuple[ParsedVariant, ...] = ()


def of_product(
    sheet: CsvSheet,
    row: WooCommerceRow,
    line: CsvLine,
    children: Sequence[WooCommerceRow],
    title: str,
    remarks: Remarks,
) -> FoundVariants:
    attributes = woocommerce_attributes.attributes_of(sheet, line)
    if row.kind != "variable":
        fixed = [attribute for attribute in attributes if len(attribute.values) == 1][:3]
        only = _variant(sheet, row, line, tuple(attribute.values[0] for attribute in fixed))
        return FoundVariants(tuple(each.name for each in fixed), (only,))
    names = _chosen_names(sheet, attributes, children)
    _note_open(title, line, [each for each in attributes if each.name not in names], remarks)
    found: list[ParsedVariant] = []
    withheld: list[ParsedVariant] = []
    for child in children:
        own = sheet.lines[child.at]
        try:
            variant = _variation(sheet, child, own, names, found)
        except BadCell as trouble:
            remarks.troubles.append(Trouble(own.number, str(trouble)))
            continue
        variant = tax_classes.with_class_of(line, variant, sheet)
        if words := _why_withheld(sheet, own):
            withheld.append(variant)
            options = " / ".join(variant.details.options)
            remarks.notes.append(Trouble(own.number, f"“{title}: {options}” {words} and is not sold here."))
        else:
            found.append(variant)
    return FoundVariants(names, tuple(found), tuple(withheld))


def _variation(
    sheet: CsvSheet, row: WooCommerceRow, line: CsvLine, names: tuple[str, ...], found: Sequence[ParsedVariant]
) -> ParsedVariant:
    settled = woocommerce_attributes.resolve(sheet, line)
    options = tuple(settled.get(name, "Any") for name in names)
    if any(options == known.details.options for known in found):
        raise BadCell(f"The file already has a variation “{' / '.join(options)}”.")
    return _variant(sheet, row, line, options)


def _why_withheld(sheet: CsvSheet, line: CsvLine) -> str:
    if sheet.value(line, "Published").strip() not in ("", "1"):
        return "is switched off"
    if sheet.has("Regular price") and not sheet.value(line, "Regular price").strip():
        return "has no price"
    return ""


def _chosen_names(
    sheet: CsvSheet, attributes: Sequence[Attribute], children: Sequence[WooCommerceRow]
) -> tuple[str, ...]:
    """The attributes that distinguish the variations; one without a value in any variation is not an option here."""
    settled = {name for child in children for name in woocommerce_attributes.resolve(sheet, sheet.lines[child.at])}
    return tuple(attribute.name for attribute in attributes if attribute.name in settled)[:3]


def _note_open(title: str, line: CsvLine, attributes: Sequence[Attribute], remarks: Remarks) -> None:
    for attribute in attributes:
        if len(attribute.values) > 1:
            words = f"“{title}” can have any {attribute.name} ({', '.join(attribute.values)}): this is not imported."
            remarks.notes.append(Trouble(line.number, words))


def _variant(sheet: CsvSheet, row: WooCommerceRow, line: CsvLine, options: tuple[str, ...]) -> ParsedVariant:
    details = woocommerce_prices.details(
        sheet, line, sku=row.sku or None, options=options, is_bodiless=bool(row.about & {"virtual", "downloadable"})
    )
    images = cells.comma_separated(sheet.value(line, "Images")) if row.kind == "variation" else ()
    given = woocommerce_prices.given_by(sheet, line)
    return ParsedVariant(line, row.key, details, images[0] if images else None, given)
