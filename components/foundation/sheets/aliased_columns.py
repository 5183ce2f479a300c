"""Kinds of files of other programs, written as text: a line for each column, with its meaning and other names.

`Period = cycle period | membership cycle period; term`: the name that the reader knows, its meaning, and
further names.
"""

from components.foundation.sheets import column_names
from components.foundation.sheets.column_names import SheetKind


def plain(name: str) -> str:
    """`_stripe_customer_id`, `billing_period` and "Billing Period" are written alike: plugins have underscores where
    people write spaces."""
    return column_names.plain(name.replace("_", " "))


def kind_by_column(name: str, known: str, *needs: set[str]) -> SheetKind:
    """Its columns are found by the names that the reader knows, and their further names. `needs` are groups of columns
    of which such a file has at least one each."""
    lines = _lines(known)
    return _kind(name, lines, [(column, column, *others) for column, _meaning, others in lines], needs)


def kind_by_meaning(name: str, known: str, *needs: set[str]) -> SheetKind:
    """Its columns are found by their meanings, and their further names. `needs` as before."""
    lines = _lines(known)
    return _kind(name, lines, [(column, meaning, *others) for column, meaning, others in lines], needs)


def _lines(known: str) -> list[tuple[str, str, list[str]]]:
    found = []
    for line in filter(None, known.splitlines()):
        column, _, rest = line.partition(" = ")
        meaning, _, others = rest.partition(" | ")
        found.append((column, meaning, others.split(";")))
    return found


def _kind(
    name: str, lines: list[tuple[str, str, list[str]]], named: list[tuple[str, ...]], needs: tuple[set[str], ...]
) -> SheetKind:
    meanings = {column: meaning for column, meaning, _others in lines}
    aliases: dict[str, str] = {}
    for column, *names in named:
        for alias in filter(str.strip, names):
            aliases.setdefault(plain(alias), column)
    return SheetKind(
        name,
        recognises=lambda sheet: all(sheet.has(*group) for group in needs),
        find=lambda written: aliases.get(plain(written)),
        meaning=lambda column: meanings.get(column, ""),
        meanings=meanings,
    )
