"""Tax categories as other shops name them."""

from dataclasses import replace

from components.catalog.product_details import VariantDetails
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.pricing.tax import STANDARD
from components.product_files.parsed_products import ParsedVariant

_BY_CLASS = {"": STANDARD, "standard": STANDARD, "parent": "", "reduced-rate": "reduced", "zero-rate": "zero"}
_BY_CATEGORY = {STANDARD: "", "reduced": "reduced-rate", "zero": "zero-rate"}


_COLUMN = "Tax class"


def category_in(sheet: CsvSheet, line: CsvLine) -> str:
    """The category a line of WooCommerce's file gives; "" where it gives none, so that what is set here stays."""
    return category_of(sheet.value(line, _COLUMN)) if _COLUMN in sheet.columns else ""


def with_class_of(parent: CsvLine, variant: ParsedVariant, sheet: CsvSheet) -> ParsedVariant:
    """A variation of the class "parent" has that of its product."""
    category = variant.details.tax_category or category_in(sheet, parent)
    return replace(variant, details=replace(variant.details, tax_category=category))


def complete(details: VariantDetails) -> VariantDetails:
    """For a variant that is new here: the standard category where the file gives none."""
    return replace(details, tax_category=details.tax_category or STANDARD)


def category_of(name: str) -> str:
    """WooCommerce's tax class as a tax category; one of its owner's making keeps its name."""
    plain = name.strip().lower().replace(" ", "-")[:30]
    return _BY_CLASS.get(plain, plain)


def class_of(category: str) -> str:
    return _BY_CATEGORY.get(category, category)
