"""The two supported formats, detected by their columns."""

from collections.abc import Callable
from dataclasses import dataclass

from components.product_files.csv_sheets import CsvSheet, UnreadableFile
from components.product_files.parsed_products import ParsedFile
from components.product_files.shopify import shopify_reader
from components.product_files.woocommerce import woocommerce_reader


@dataclass(frozen=True, slots=True)
class Format:
    """`names_address`: whether a product's key is also its address here."""

    name: str
    read: Callable[[CsvSheet], ParsedFile]
    recognises: Callable[[CsvSheet], bool]
    names_address: bool


SHOPIFY = Format(shopify_reader.NAME, shopify_reader.read, shopify_reader.recognises, names_address=True)
WOOCOMMERCE = Format(
    woocommerce_reader.NAME, woocommerce_reader.read, woocommerce_reader.recognises, names_address=False
)
ALL = (SHOPIFY, WOOCOMMERCE)


class UnknownFormat(UnreadableFile):
    message = (
        "This is neither Shopify's product file (it has the columns Handle, Title, Variant Price) "
        "nor WooCommerce's (it has Type, SKU, Name, Regular price)."
    )


def detect(sheet: CsvSheet) -> Format:
    """Raises `UnknownFormat`."""
    found = next((known for known in ALL if known.recognises(sheet)), None)
    if found is None:
        raise UnknownFormat
    return found


def by_name(name: str) -> Format:
    return next(known for known in ALL if known.name == name)
