"""WooCommerce's columns, for writing: a simple product has both kinds on its one line."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from components.foundation.shop_settings import shop_settings
from components.product_files import cells, tax_classes
from components.product_files.export_columns import Column, ExportedLine

_NAMES = (
    "ID,Type,SKU,Name,Published,Is featured?,Visibility in catalog,Short description,Description,"
    "Date sale price starts,Date sale price ends,Tax status,Tax class,In stock?,Stock,Backorders allowed?,"
    "Weight (kg),Sale price,Regular price,Categories,Tags,Images,Parent,Position,Attribute 1 name,"
    "Attribute 1 value(s),Attribute 1 visible,Attribute 1 global,Attribute 2 name,Attribute 2 value(s),"
    "Attribute 2 visible,Attribute 2 global,Attribute 3 name,Attribute 3 value(s),Attribute 3 visible,"
    "Attribute 3 global"
)
HEADER = tuple(_NAMES.split(","))


def _regular(about: ExportedLine) -> int | None:
    """The compare-at price of a reduction without dates."""
    variant = about.variant
    assert variant is not None
    return max(variant.price, variant.compare_at or 0)


def _sale(about: ExportedLine) -> int | None:
    variant = about.variant
    assert variant is not None
    if variant.sale_price is not None:
        return variant.sale_price
    return variant.price if variant.compare_at is not None and variant.compare_at > variant.price else None


def _from_at(at: datetime | None) -> str:
    return _local(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _until(at: datetime | None) -> str:
    return _local(at - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _local(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(shop_settings.current().time_zone))


def _stock(about: ExportedLine) -> Any:
    variant = about.variant
    assert variant is not None
    return variant.on_hand if variant.tracks_stock else None


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def comma_list(values: Any) -> str:
    return ", ".join(value.replace(",", "\\,") for value in values)


PRODUCT = (
    Column("Name", lambda about: about.product.title),
    Column("Published", lambda about: about.product.status, lambda status: "1" if status == "active" else "-1"),
    Column("Description", lambda about: about.product.description, cells.with_lines),
    Column("Tags", lambda about: about.product.tags, comma_list),
    Column("Brands", lambda about: about.product.vendor),
)
VARIANT = (
    Column("GTIN, UPC, EAN, or ISBN", lambda about: about.variant.barcode),
    Column("SKU", lambda about: about.variant.sku or ""),
    Column("Regular price", _regular, cells.plain),
    Column("Sale price", _sale, cells.plain),
    Column("Date sale price starts", lambda about: about.variant.sale_from, _from_at),
    Column("Date sale price ends", lambda about: about.variant.sale_until, _until),
    Column("Tax class", lambda about: about.variant.tax_category, tax_classes.class_of),
    Column("Tax status", lambda about: about.variant.is_taxable, lambda so: "taxable" if so else "none"),
    Column("Stock", _stock, _number),
    Column("Backorders allowed?", lambda about: about.variant.sells_when_out, lambda so: "1" if so else "0"),
    Column("Weight (kg)", lambda about: about.variant.weight_grams, lambda grams: cells.weight(grams, "kg")),
    Column("Weight (g)", lambda about: about.variant.weight_grams, lambda grams: cells.weight(grams, "g")),
    Column("Weight (lbs)", lambda about: about.variant.weight_grams, lambda grams: cells.weight(grams, "lbs")),
    Column("Weight (oz)", lambda about: about.variant.weight_grams, lambda grams: cells.weight(grams, "oz")),
)
