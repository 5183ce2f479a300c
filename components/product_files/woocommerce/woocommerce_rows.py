"""The rows of WooCommerce's file, sorted: products, their variations, groups."""

from array import array
from dataclasses import dataclass

from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Remarks, Trouble
from components.product_files import cells

KINDS = frozenset({"simple", "variable", "variation", "grouped", "external"})


@dataclass(frozen=True, slots=True)
class WooCommerceRow:
    """The row at place `at`, with its identifiers; `about` has what else its type says, such as virtual."""

    at: int
    kind: str
    about: frozenset[str]
    key: str
    sku: str


Sorted = tuple[list[WooCommerceRow], dict[int, "array[int]"], list[WooCommerceRow]]


def sorted_rows(sheet: CsvSheet, remarks: Remarks) -> Sorted:
    """Products, the places of each one's variations, and groups."""
    rows: list[WooCommerceRow] = []
    variations: list[tuple[int, int, str]] = []
    keys: set[str] = set()
    for at, line in enumerate(sheet.lines):
        row = None if line.is_blank else _row(sheet, line, at, remarks)
        if row is None:
            continue
        if row.kind == "variation":
            variations.append((at, line.number, sheet.value(line, "Parent").strip()))
        elif row.key in keys:
            remarks.troubles.append(Trouble(line.number, "This product is in the file twice: see the row before."))
        else:
            keys.add(row.key)
            rows.append(row)
    children = _under_parents(rows, variations, remarks)
    groups = [row for row in rows if row.kind == "grouped"]
    return [row for row in rows if row.kind != "grouped"], children, groups


def _under_parents(
    rows: list[WooCommerceRow], variations: list[tuple[int, int, str]], remarks: Remarks
) -> dict[int, "array[int]"]:
    parents = {key: row.at for row in rows if row.kind == "variable" for key in (row.key, row.sku) if key}
    children: dict[int, array[int]] = {}
    for at, number, parent in variations:
        if parent in parents:
            children.setdefault(parents[parent], array("l")).append(at)
        else:
            remarks.troubles.append(Trouble(number, "This variation’s parent is not in the file."))
    return children


def of_line(sheet: CsvSheet, at: int) -> WooCommerceRow | None:
    return _row(sheet, sheet.lines[at], at, Remarks())


def _row(sheet: CsvSheet, line: CsvLine, at: int, remarks: Remarks) -> WooCommerceRow | None:
    """A file without types has simple products only, or changes of what is here."""
    written = sheet.value(line, "Type")
    types = frozenset(cells.comma_separated(written.lower())) if sheet.has("Type") else frozenset({"simple"})
    kind = next(iter(types & KINDS), None)
    if kind is None:
        words = f"“{written[:40]}” is not a known product type."
        remarks.troubles.append(Trouble(line.number, words))
        return None
    sku, number = cells.code(sheet.value(line, "SKU")), sheet.value(line, "ID").strip()
    key = f"id:{number}" if number else f"sku:{sku}" if sku else f"name:{sheet.value(line, 'Name').strip()}"
    return WooCommerceRow(at, kind, types - KINDS, key, sku)
