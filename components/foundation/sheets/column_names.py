"""What each column of a file becomes, whatever it is called there: in capitals or not, in either generation's names, in
the language of the other shop."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from components.foundation.sheets import csv_sheets
from components.foundation.sheets.csv_sheets import CsvSheet

_SPACES = re.compile(r"\s+")


def plain(name: str) -> str:
    """The name as it is compared."""
    return _SPACES.sub(" ", name.strip("\ufeff \t")).casefold().replace("ё", "е")


@dataclass(frozen=True, slots=True)
class Known:
    """A column that is read: `meaning` says what it becomes here."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """A column of a file: `name` as written there, `known` as this program knows it ("" if it is ignored)."""

    name: str
    known: str
    meaning: str


Find = Callable[[str], str | None]


def places(header: Sequence[str], find: Find, chosen: Mapping[str, str]) -> dict[str, int]:
    """Known name → place. Of two columns with one meaning the first counts; what nobody knows keeps its name."""
    made: dict[str, int] = {}
    for place, cell in enumerate(header):
        name = csv_sheets.value(cell).strip("\ufeff \t\r\n")
        known = chosen[name] if name in chosen else find(name)
        made.setdefault(known or f"{name} (ignored)" * (name in chosen) or name, place)
    return made


def uses(header: Sequence[str], columns: Mapping[str, int], meanings: Callable[[str], str]) -> list[ColumnUse]:
    """In the order of the file."""
    by_place = {place: known for known, place in columns.items()}
    made = []
    for place, cell in enumerate(header):
        name = csv_sheets.value(cell).strip("\ufeff \t\r\n")
        known = by_place.get(place, "")
        meaning = meanings(known)
        made.append(ColumnUse(name, known if meaning else "", meaning))
    return made


NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class SheetKind:
    """A kind of file: how it is told from others, and its columns by the names that its reader knows."""

    name: str
    recognises: Callable[[CsvSheet], bool]
    find: Find
    meaning: Callable[[str], str]
    meanings: Mapping[str, str]

    def named(self, sheet: CsvSheet, chosen: Mapping[str, str] = NONE) -> CsvSheet:
        """The sheet with its columns by the names that the reader knows."""
        return replace(sheet, columns=places(sheet.header, self.find, chosen))

    def uses(self, sheet: CsvSheet) -> list[ColumnUse]:
        """What each column of a named sheet becomes."""
        return uses(sheet.header, sheet.columns, self.meaning)
