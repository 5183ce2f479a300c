"""The names of Shopify's columns: those of its older exports, by which they are known here, and today's."""

import re

from components.foundation.sheets import column_names

_KNOWN = """
Handle = the product's address | url handle
Title = title
Body (HTML) = description | body html, body, description
Vendor = brand
Type = product type
Tags = tags
Published = draft or active | published on online store
Status = draft, active or archived
Collection = collection
Gift Card = gift cards stay drafts
Option1 Name = first option | option1 name
Option1 Value = first option of the variant
Option2 Name = second option
Option2 Value = second option of the variant
Option3 Name = third option
Option3 Value = third option of the variant
Variant SKU = SKU | sku
Variant Barcode = barcode | barcode
Variant Grams = weight | weight value (grams)
Variant Inventory Tracker = whether stock is counted | inventory tracker
Variant Inventory Qty = stock | inventory quantity
Variant Inventory Policy = whether it sells when out of stock | continue selling when out of stock
Variant Price = price | price
Variant Compare At Price = compare-at price | compare-at price, compare at price
Variant Requires Shipping = whether it needs delivery | requires shipping
Variant Taxable = whether it is taxed | charge tax
Cost per item = cost | cost
Image Src = picture | product image url
Image Position = order of the pictures
Image Alt Text = description of the picture
Variant Image = picture of the variant | variant image url
"""
_LOCATION = re.compile(r"(?:inventory available|variant inventory qty|inventory quantity)\s*[:/]\s*(.+)", re.IGNORECASE)
LOCATION = "Inventory available: "
"""Begins the names of the columns in which a shop with several locations has its stock."""


def _read() -> tuple[dict[str, str], dict[str, str]]:
    meanings, aliases = {}, {}
    for line in _KNOWN.strip().splitlines():
        name, _, rest = line.partition(" = ")
        meaning, _, others = rest.partition(" | ")
        meanings[name] = meaning
        for alias in (name, *filter(None, others.split(", "))):
            aliases[column_names.plain(alias)] = name
    return meanings, aliases


MEANINGS, _ALIASES = _read()


def find(name: str) -> str | None:
    if found := _LOCATION.fullmatch(name.strip()):
        return LOCATION + found[1].strip()
    return _ALIASES.get(column_names.plain(name))


def meaning(known: str) -> str:
    return f"stock at {known.removeprefix(LOCATION)}" if known.startswith(LOCATION) else MEANINGS.get(known, "")
