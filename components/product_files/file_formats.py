"""The two supported formats, detected by their columns."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from components.foundation.sheets import column_names
from components.foundation.sheets.column_names import ColumnUse
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.product_files.parsed_products import ParsedFile
from components.product_files.shopify import shopify_names, shopify_reader, shopify_variants
from components.product_files.woocommerce import woocommerce_names, woocommerce_prices, woocommerce_reader

NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Format:
    """`names_address`: whether a product's key is also its address here. `counted` reads the stock in a line."""

    name: str
    read: Callable[[CsvSheet], ParsedFile]
    recognises: Callable[[CsvSheet], bool]
    names_address: bool
    find: Callable[[str], str | None]
    meaning: Callable[[str], str]
    meanings: Mapping[str, str]
    counted: Callable[[CsvSheet, CsvLine], int | None]

    def named(self, sheet: CsvSheet, chosen: Mapping[str, str] = NONE) -> CsvSheet:
        """The sheet with its columns by the names that the format's reader knows."""
        return replace(sheet, columns=column_names.places(sheet.header, self.find, chosen))

    def uses(self, sheet: CsvSheet) -> list[ColumnUse]:
        """What each column of a named sheet becomes."""
        return column_names.uses(sheet.header, sheet.columns, self.meaning)


SHOPIFY = Format(
    shopify_reader.NAME,
    shopify_reader.read,
    shopify_reader.recognises,
    True,
    shopify_names.find,
    shopify_names.meaning,
    shopify_names.MEANINGS,
    shopify_variants.counted,
)
WOOCOMMERCE = Format(
    woocommerce_reader.NAME,
    woocommerce_reader.read,
    woocommerce_reader.recognises,
    False,
    woocommerce_names.find,
    woocommerce_names.meaning,
    woocommerce_names.MEANINGS,
    woocommerce_prices.counted,
)
ALL = (SHOPIFY, WOOCOMMERCE)
_OF_PEOPLE = frozenset({"lineitem name", "order number", "total spent", "accepts email marketing", "billing name"})


class UnknownFormat(UnreadableFile):
    message = (
        "This is neither Shopify's product file (it has the columns Handle, Title, Variant Price) "
        "nor WooCommerce's (it has Type, SKU, Name, Regular price)."
    )


class NoProducts(UnreadableFile):
    message = "This is a file of customers or orders. Only product files can be imported here."


def detect(sheet: CsvSheet, chosen: Mapping[str, str] = NONE) -> tuple[Format, CsvSheet]:
    """The format, and the sheet with its names. Raises `UnknownFormat` and `NoProducts`."""
    named = ((known, known.named(sheet, chosen)) for known in ALL)
    found = next(((known, one) for known, one in named if known.recognises(one)), None)
    if _OF_PEOPLE & {column_names.plain(name) for name in sheet.columns}:
        raise NoProducts
    if found is None:
        seen = ", ".join(list(sheet.columns)[:5])
        raise UnknownFormat(f"{UnknownFormat.message} Its first columns are: {seen[:120]}.")
    return found


def by_name(name: str) -> Format:
    return next(known for known in ALL if known.name == name)
