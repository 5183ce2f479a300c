"""Exchange: import and export of Shopify and WooCommerce product files; API keys.

Owns the imported files, cell by cell, and the API keys. Creates and changes products only through `catalog`.
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
