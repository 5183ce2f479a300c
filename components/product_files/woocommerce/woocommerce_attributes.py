"""A product's attributes, in as many column groups as the file has."""

import re
from dataclasses import dataclass

from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.product_files import cells

_NAME = re.compile(r"Attribute (\d+) name")


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    values: tuple[str, ...]


def attributes_of(sheet: CsvSheet, line: CsvLine) -> list[Attribute]:
    """The attributes of the line, in order, with all their values."""
    numbers = sorted(int(found[1]) for name in sheet.columns if (found := _NAME.fullmatch(name)))
    named = ((cells.name(sheet.value(line, f"Attribute {n} name")), n) for n in numbers)
    return [Attribute(name, cells.terms(sheet.value(line, f"Attribute {n} value(s)"))) for name, n in named if name]


def resolve(sheet: CsvSheet, line: CsvLine) -> dict[str, str]:
    """Attribute → the one value a variation has; an empty one means any and is left out."""
    return {attribute.name: ", ".join(attribute.values) for attribute in attributes_of(sheet, line) if attribute.values}
