"""The prices, sale, stock and weight in a line of WooCommerce's file."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from components.catalog.product_details import VariantDetails
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.shop_settings import shop_settings
from components.product_files import cells, tax_classes
from components.product_files.cells import BadCell

_WEIGHT = re.compile(r"Weight \((kg|g|lbs|oz)\)")


def details(
    sheet: CsvSheet, line: CsvLine, *, sku: str | None, options: tuple[str, ...], is_bodiless: bool
) -> VariantDetails:
    regular = cells.amount("Regular price", sheet.value(line, "Regular price")) or 0
    sale = cells.amount("Sale price", sheet.value(line, "Sale price"))
    if sale is not None and sale >= regular:  # WooCommerce sells at the regular price then
        sale = None
    from_at, until = _instant(sheet, line, "starts"), _instant(sheet, line, "ends")
    price, compare_at = (regular, None) if sale is None or from_at or until else (sale, regular)
    is_dated = sale is not None and (from_at is not None or until is not None)
    stock = _stock(sheet, line)
    return VariantDetails(
        price=price,
        compare_at=compare_at,
        sale_price=sale if is_dated else None,
        sale_from=from_at if is_dated else None,
        sale_until=until if is_dated else None,
        sku=sku,
        options=options,
        barcode=cells.code(sheet.value(line, "GTIN, UPC, EAN, or ISBN")),
        weight_grams=_grams(sheet, line),
        is_taxable=sheet.value(line, "Tax status").strip() in ("", "taxable"),
        tax_category=tax_classes.category_in(sheet, line),
        needs_delivery=not is_bodiless,
        tracks_stock=stock is not None,
        sells_when_out=cells.yes(sheet.value(line, "Backorders allowed?")),
        on_hand=stock or 0,
    )


def given_by(sheet: CsvSheet, line: CsvLine) -> frozenset[str]:
    """What the file says of this line's variant; a price that is empty says nothing."""
    named = {name for name, columns in _GIVEN.items() if sheet.has(*columns)}
    if weight_column(sheet) is not None:
        named.add("weight_grams")
    if any(name.startswith("Attribute ") for name in sheet.columns):
        named.add("options")
    if sheet.has("Sale price"):
        named |= _SALE
    if not sheet.value(line, "Regular price").strip():
        named -= {"price", *_SALE}
    return frozenset(named)


_SALE = frozenset({"compare_at", "sale_price", "sale_from", "sale_until"})
_GIVEN = {
    "price": ("Regular price",),
    "sku": ("SKU",),
    "barcode": ("GTIN, UPC, EAN, or ISBN",),
    "is_taxable": ("Tax status",),
    "needs_delivery": ("Type",),
    "tracks_stock": ("Stock",),
    "on_hand": ("Stock",),
    "sells_when_out": ("Backorders allowed?",),
}


def counted(sheet: CsvSheet, line: CsvLine) -> int | None:
    """What the line says is on hand."""
    return _stock(sheet, line)


def _stock(sheet: CsvSheet, line: CsvLine) -> int | None:
    """None if stock is not tracked; zero if the file says it is out of stock."""
    written = sheet.value(line, "Stock").strip()
    if written and written != "parent":
        counted = cells.whole("Stock", written) or 0
        return counted if cells.yes(sheet.value(line, "Backorders allowed?")) else max(counted, 0)
    return None if sheet.value(line, "In stock?").strip() in ("", "1") else 0


def weight_column(sheet: CsvSheet) -> tuple[str, str] | None:
    """Name and unit of the file's column of weights."""
    return next(((name, found[1]) for name in sheet.columns if (found := _WEIGHT.fullmatch(name))), None)


def _grams(sheet: CsvSheet, line: CsvLine) -> int:
    column = weight_column(sheet)
    return cells.grams(column[0], sheet.value(line, column[0]), column[1]) if column else 0


def _instant(sheet: CsvSheet, line: CsvLine, which: str) -> datetime | None:
    """A date without time starts at midnight and, as the end of a sale, is still part of it."""
    column = f"Date sale price {which}"
    written = sheet.value(line, column).strip()
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise BadCell(f"{column} is “{written[:40]}”, which is not a date.") from None
    if at.tzinfo is None:
        at = at.replace(tzinfo=ZoneInfo(shop_settings.current().time_zone))
    is_day = len(written) == 10
    if which == "ends" and (is_day or at.second == 59):
        at += timedelta(days=1) if is_day else timedelta(seconds=1)
    return at.astimezone(UTC)
