"""Exchange: bringing in the product files of Shopify and WooCommerce, and giving them back.

Owns what came in, cell by cell. Leaves what a product is to `catalog`, by whose verbs it works.
"""

from components.exchange import exporting, importing, inert, kept
from components.exchange.importing import Outcome, Told
from components.exchange.sheets import FileTooLarge, UnreadableFile
from components.exchange.wanted import Trouble

__all__ = [
    "FileTooLarge",
    "Outcome",
    "Told",
    "Trouble",
    "UnreadableFile",
    "exporting",
    "importing",
    "inert",
    "kept",
]
