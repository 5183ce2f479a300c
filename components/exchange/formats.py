"""The two supported formats, detected by their columns."""

from collections.abc import Callable
from dataclasses import dataclass

from components.exchange import shopify, woocommerce
from components.exchange.sheets import Sheet, UnreadableFile
from components.exchange.wanted import Reading


@dataclass(frozen=True, slots=True)
class Format:
    """`names_address`: whether a product's key is also its address here."""

    name: str
    read: Callable[[Sheet], Reading]
    recognises: Callable[[Sheet], bool]
    names_address: bool


SHOPIFY = Format(shopify.NAME, shopify.read, shopify.recognises, names_address=True)
WOOCOMMERCE = Format(woocommerce.NAME, woocommerce.read, woocommerce.recognises, names_address=False)
ALL = (SHOPIFY, WOOCOMMERCE)


class UnknownFormat(UnreadableFile):
    message = (
        "This is neither Shopify's product file (it has the columns Handle, Title, Variant Price) "
        "nor WooCommerce's (it has Type, SKU, Name, Regular price)."
    )


def of(sheet: Sheet) -> Format:
    """Raises `UnknownFormat`."""
    found = next((known for known in ALL if known.recognises(sheet)), None)
    if found is None:
        raise UnknownFormat
    return found


def named(name: str) -> Format:
    return next(known for known in ALL if known.name == name)
