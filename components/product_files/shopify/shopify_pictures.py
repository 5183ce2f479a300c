"""The pictures of a product in Shopify's file."""

from collections.abc import Sequence

from components.foundation.sheets.csv_records import CsvLine
from components.foundation.sheets.csv_sheets import CsvSheet
from components.product_files import cells
from components.product_files.parsed_products import ParsedPicture


def pictures_of(sheet: CsvSheet, lines: Sequence[CsvLine]) -> tuple[ParsedPicture, ...]:
    """In the order of Image Position, then of the file; pictures used only by a variant come last."""
    placed = []
    for number, line in enumerate(lines):
        if address := sheet.value(line, "Image Src").strip():
            position = sheet.value(line, "Image Position").strip()
            place = int(position) if position.isdigit() else len(lines) + number
            placed.append((place, number, ParsedPicture(address, cells.words(sheet.value(line, "Image Alt Text")))))
    found = {picture.address: picture for _, _, picture in sorted(placed, key=lambda one: one[:2])}
    for line in lines:
        if address := sheet.value(line, "Variant Image").strip():
            found.setdefault(address, ParsedPicture(address, ""))
    return tuple(found.values())
