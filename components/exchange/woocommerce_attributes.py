"""A product's attributes, in as many column groups as the file has."""

import re
from dataclasses import dataclass

from components.exchange import cells
from components.exchange.sheets import Line, Sheet

_NAME = re.compile(r"Attribute (\d+) name")


@dataclass(frozen=True, slots=True)
class Attribute:
    name: str
    values: tuple[str, ...]


def of(sheet: Sheet, line: Line) -> list[Attribute]:
    """The attributes of the line, in order, with all their values."""
    numbers = sorted(int(found[1]) for name in sheet.columns if (found := _NAME.fullmatch(name)))
    named = ((cells.words(sheet.value(line, f"Attribute {n} name")), n) for n in numbers)
    return [Attribute(name, cells.listed(sheet.value(line, f"Attribute {n} value(s)"))) for name, n in named if name]


def settled(sheet: Sheet, line: Line) -> dict[str, str]:
    """Attribute → the one value a variation has; an empty one means any and is left out."""
    return {attribute.name: ", ".join(attribute.values) for attribute in of(sheet, line) if attribute.values}
