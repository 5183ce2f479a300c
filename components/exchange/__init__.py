"""Exchange: bringing in the product files of Shopify and WooCommerce, and giving them back; the keys of programs.

Owns what came in, cell by cell, and the keys by which programs come in. Leaves what a product is to `catalog`, by
whose verbs it works.
"""

from components.exchange import counting, exporting, importing, inert, kept, keys
from components.exchange.importing import Outcome, Told
from components.exchange.sheets import FileTooLarge, UnreadableFile
from components.exchange.wanted import Trouble

__all__ = [
    "FileTooLarge",
    "Outcome",
    "Told",
    "Trouble",
    "UnreadableFile",
    "counting",
    "exporting",
    "importing",
    "inert",
    "kept",
    "keys",
]
