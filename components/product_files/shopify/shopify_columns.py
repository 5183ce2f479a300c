"""Shopify's columns, for writing: the product on its first line, each variant on its own line."""

from typing import Any

from components.product_files import cells
from components.product_files.export_columns import Column, ExportedLine

_NAMES = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,"
    "Option2 Value,Option3 Name,Option3 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,"
    "Variant Inventory Qty,Variant Inventory Policy,Variant Fulfillment Service,Variant Price,"
    "Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,"
    "Image Position,Image Alt Text,Gift Card,Variant Image,Variant Weight Unit,Cost per item,Status"
)
HEADER = tuple(_NAMES.split(","))
PICTURE = ("Image Src", "Image Position", "Image Alt Text")


def _flag(is_so: bool) -> str:
    return "true" if is_so else "false"


def _option(number: int, part: int) -> Any:
    """Names and values as in Shopify: a product without options has one, called Title."""

    def tells(about: ExportedLine) -> str:
        names = about.product.option_names or ("Title",)
        values = (about.variant.options if about.variant else ()) or ("Default Title",)
        chosen = (names, values)[part]
        return chosen[number] if number < len(chosen) else ""

    return tells


PRODUCT = (
    Column("Title", lambda about: about.product.title),
    Column("Body (HTML)", lambda about: about.product.description),
    Column("Vendor", lambda about: about.product.vendor),
    Column("Type", lambda about: about.product.kind),
    Column("Tags", lambda about: about.product.tags, lambda tags: ", ".join(tags)),
    Column("Published", lambda about: about.product.status == "active", _flag),
    Column("Status", lambda about: about.product.status),
    *(Column(f"Option{n + 1} Name", _option(n, 0)) for n in range(3)),
)
VARIANT = (
    *(Column(f"Option{n + 1} Value", _option(n, 1)) for n in range(3)),
    Column("Variant SKU", lambda about: about.variant.sku or ""),
    Column("Variant Grams", lambda about: about.variant.weight_grams),
    Column("Variant Inventory Tracker", lambda about: about.variant.tracks_stock, lambda so: "shopify" if so else ""),
    Column("Variant Inventory Qty", lambda about: about.variant.on_hand),
    Column(
        "Variant Inventory Policy", lambda about: about.variant.sells_when_out, lambda so: "continue" if so else "deny"
    ),
    Column("Variant Price", lambda about: about.variant.price, cells.plain),
    Column("Cost per item", lambda about: about.variant.cost, cells.plain),
    Column("Variant Compare At Price", lambda about: about.variant.compare_at, cells.plain),
    Column("Variant Requires Shipping", lambda about: about.variant.needs_delivery, _flag),
    Column("Variant Taxable", lambda about: about.variant.is_taxable, _flag),
    Column("Variant Barcode", lambda about: about.variant.barcode),
)
VARIANT_NAMES = tuple(column.name for column in VARIANT)
NEW_PRODUCT = {"Gift Card": "false"}
NEW_VARIANT = {"Variant Fulfillment Service": "manual", "Variant Weight Unit": "g"}
