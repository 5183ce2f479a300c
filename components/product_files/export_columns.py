"""A column for writing: its product value and format. A cell that is still correct is kept as it is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from components.catalog.product_details import ProductDetails, VariantDetails
from components.foundation.sheets import csv_sheets
from components.foundation.sheets.csv_sheets import CsvSheet


@dataclass(frozen=True, slots=True)
class ExportedLine:
    """The data of a line, from a file or from the shop."""

    product: ProductDetails
    variant: VariantDetails | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`tells` reads the value, `write` formats it as cell text."""

    name: str
    tells: Callable[[Any], Any]
    write: Callable[[Any], str] = str


def fill(
    sheet: CsvSheet, raw: tuple[str, ...], columns: Iterable[Column], *, said: ExportedLine | None, now: ExportedLine
) -> tuple[str, ...]:
    """The line, with the cells rewritten whose value differs from `said`."""
    made = list(raw)
    for column in columns:
        place = sheet.columns.get(column.name)
        if place is None or place >= len(made):
            continue
        if said is None or column.tells(said) != column.tells(now):
            made[place] = csv_sheets.cell(column.write(column.tells(now)), sheet.shape.separator)
    return tuple(made)


def emptied(sheet: CsvSheet, raw: tuple[str, ...], names: Iterable[str]) -> tuple[str, ...]:
    made = list(raw)
    for name in names:
        place = sheet.columns.get(name)
        if place is not None and place < len(made):
            made[place] = ""
    return tuple(made)


def set_cell(sheet: CsvSheet, raw: tuple[str, ...], said: dict[str, str]) -> tuple[str, ...]:
    """The line (an empty one when there is none yet) with these texts in their columns, where the file has them."""
    made = list(raw) or [""] * len(sheet.header)
    for name, text in said.items():
        if name in sheet.columns:
            made[sheet.columns[name]] = csv_sheets.cell(text, sheet.shape.separator)
    return tuple(made)
