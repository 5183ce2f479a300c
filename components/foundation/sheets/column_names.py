"""What each column of a file becomes, whatever it is called there: in capitals or not, in either generation's names, in
the language of the other shop."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from components.foundation.sheets import csv_sheets

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
