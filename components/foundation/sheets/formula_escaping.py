"""Cells that a spreadsheet would run as a formula.

A file for a shop is exact: Shopify and WooCommerce would take an added apostrophe as part of the text. In a file for a
spreadsheet every such cell begins with an apostrophe, whoever wrote it; spreadsheets do not show it. The import removes
it again, so that a file that went through a spreadsheet changes nothing.
"""

import csv
import io
import re

LONGEST = 100_000_000
_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_CELL = re.compile(r"""((?:^|[;,\t\r\n])["'\s]*)(?=[=+\-@＝＋－＠])""")
"""Where a cell begins, also for a spreadsheet that separates by another sign: German ones take semicolons."""


def escape(text: str) -> str:
    """The text, with an apostrophe before it if a spreadsheet would run it. Plain numbers stay numbers."""
    return f"'{text}" if text.startswith(_SIGNS) and not _is_number(text) else text


def escape_within(text: str) -> str:
    """The same for a file that no shop reads: whatever could begin a cell of its own has an apostrophe before it."""
    return text if _is_number(text) else escape(_CELL.sub(r"\1'", text))


def unescape(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_SIGNS) else text


def for_a_spreadsheet(written: bytes) -> bytes:
    """The same file with no cell that runs. Raises `csv.Error` for what is none of our files."""
    csv.field_size_limit(LONGEST)
    text = written.decode("utf-8-sig")
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\r\n" if "\r\n" in text else "\n")
    for row in csv.reader(io.StringIO(text, newline="")):
        rows.writerow([escape(cell) for cell in row])
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
