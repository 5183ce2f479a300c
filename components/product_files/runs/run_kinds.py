"""Which kinds of files a run may be of: products, or customers and orders of an earlier shop."""

from collections.abc import Mapping

from components.foundation.sheets.column_names import NONE, SheetKind
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.foundation.sheets.csv_sheets import CsvSheet
from components.old_shop import record_columns
from components.product_files import file_formats

PRODUCTS = frozenset(known.name for known in file_formats.ALL)
ORDERS = record_columns.ORDERS.name
RECORDS = frozenset(known.name for known in record_columns.ALL)
"""They tell of people: only staff who may see members see these runs."""
_ALL: tuple[SheetKind, ...] = (*file_formats.ALL, *record_columns.ALL)


class UnknownRecords(UnreadableFile):
    message = (
        "This is neither a file of customers (it has the e-mail, names or addresses) nor one of orders "
        "(it has the order’s number, its goods or status, and what it came to)."
    )


class NoRecords(UnreadableFile):
    message = "This is a file of products. Import it under Imports."


def detect(sheet: CsvSheet, kinds: frozenset[str], chosen: Mapping[str, str] = NONE) -> SheetKind:
    """Raises `UnreadableFile` for a file of another kind than these."""
    if kinds == PRODUCTS:
        return file_formats.detect(sheet, chosen)[0]
    record_columns.refuse_subscriptions(sheet)
    for kind in record_columns.ALL:
        if kind.recognises(kind.named(sheet, chosen)):
            return kind
    if any(kind.recognises(kind.named(sheet)) for kind in file_formats.ALL):
        raise NoRecords
    seen = ", ".join(list(sheet.columns)[:5])
    raise UnknownRecords(f"{UnknownRecords.message} Its first columns are: {seen[:120]}.")


def by_name(name: str) -> SheetKind:
    return next(known for known in _ALL if known.name == name)


def kinds_with(name: str) -> frozenset[str]:
    """Those among which a file of this kind was looked for."""
    return PRODUCTS if name in PRODUCTS else RECORDS
