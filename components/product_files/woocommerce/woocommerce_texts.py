"""Titles, descriptions and categories of WooCommerce's file."""

from components.foundation import text
from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.foundation.sheets.line_remarks import Trouble
from components.product_files import cells
from components.product_files.cells import BadCell


def title(sheet: CsvSheet, line: CsvLine) -> str:
    found = cells.name(sheet.value(line, "Name"))
    if not found and sheet.has("Name"):
        raise BadCell("This row has no Name.")
    return found


def description(sheet: CsvSheet, line: CsvLine) -> str:
    """The short description and the long one, as paragraphs."""
    written = (cells.lines_of(sheet.value(line, name)) for name in ("Short description", "Description"))
    parts = (cells.rich(cells.broken(each.strip())).strip() for each in written)
    return "\n\n".join(part for part in parts if part)


def collections(written: str) -> tuple[tuple[str, str], ...]:
    """ "Clothing > Hoodies, Music" is in Clothing, in its Hoodies, and in Music; slug and title of each."""
    found: dict[str, str] = {}
    for path in cells.terms(written):
        slug = ""
        for part in (part.strip() for part in path.split(">")):
            slug = f"{slug}-{text.slug(part)}".strip("-")[:200]
            if slug:
                found.setdefault(slug, part)
    return tuple(found.items())


def lost_categories(sheet: CsvSheet, line: CsvLine) -> list[Trouble]:
    """Those of which no address can be made."""
    names = {part.strip() for path in cells.terms(sheet.value(line, "Categories")) for part in path.split(">")}
    lost = sorted(name for name in names if name and not text.slug(name))
    return [Trouble(line.number, f"The category “{name}” has no letter or digit: it is left out.") for name in lost]
