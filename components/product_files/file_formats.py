"""The two supported formats, detected by their columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from components.foundation.sheets import column_names
from components.foundation.sheets.column_names import NONE, SheetKind
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.old_shop import record_columns
from components.product_files.parsed_products import ParsedFile
from components.product_files.shopify import shopify_names, shopify_reader, shopify_variants
from components.product_files.woocommerce import woocommerce_names, woocommerce_prices, woocommerce_reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Format(SheetKind):
    """`names_address`: whether a product's key is also its address here. `counted` reads the stock in a line."""

    read: Callable[[CsvSheet], ParsedFile]
    names_address: bool
    counted: Callable[[CsvSheet, CsvLine], int | None]


SHOPIFY = Format(
    shopify_reader.NAME,
    shopify_reader.recognises,
    shopify_names.find,
    shopify_names.meaning,
    shopify_names.MEANINGS,
    read=shopify_reader.read,
    names_address=True,
    counted=shopify_variants.counted,
)
WOOCOMMERCE = Format(
    woocommerce_reader.NAME,
    woocommerce_reader.recognises,
    woocommerce_names.find,
    woocommerce_names.meaning,
    woocommerce_names.MEANINGS,
    read=woocommerce_reader.read,
    names_address=False,
    counted=woocommerce_prices.counted,
)
ALL = (SHOPIFY, WOOCOMMERCE)
_OF_PEOPLE = frozenset({"lineitem name", "order number", "total spent", "accepts email marketing", "billing name"})


class UnknownFormat(UnreadableFile):
    message = (
        "This is neither Shopify's product file (it has the columns Handle, Title, Variant Price) "
        "nor WooCommerce's (it has Type, SKU, Name, Regular price)."
    )


class NoProducts(UnreadableFile):
    message = (
        "This is a file of customers or orders, not of products. Import it under Members, Import customers and orders."
    )


def detect(sheet: CsvSheet, chosen: Mapping[str, str] = NONE) -> tuple[Format, CsvSheet]:
    """The format, and the sheet with its names. Raises `UnknownFormat` and `NoProducts`."""
    named = ((known, known.named(sheet, chosen)) for known in ALL)
    found = next(((known, one) for known, one in named if known.recognises(one)), None)
    if _OF_PEOPLE & {column_names.plain(name) for name in sheet.columns} or (not found and _is_of_people(sheet)):
        record_columns.refuse_subscriptions(sheet)
        raise NoProducts
    if found is None:
        seen = ", ".join(list(sheet.columns)[:5])
        raise UnknownFormat(f"{UnknownFormat.message} Its first columns are: {seen[:120]}.")
    return found


def by_name(name: str) -> Format:
    return next(known for known in ALL if known.name == name)


def _is_of_people(sheet: CsvSheet) -> bool:
    return any(kind.recognises(kind.named(sheet)) for kind in record_columns.ALL)
