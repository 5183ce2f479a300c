"""Reads CSV files so that they can be written back byte for byte: every cell keeps its quotes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from components.foundation.refusals import Refusal
from components.foundation.sheets import csv_encodings
from components.foundation.sheets.csv_encodings import UTF8
from components.foundation.sheets.csv_records import CsvLine, CsvLines


class FileTooLarge(Refusal):
    message = "The file can be at most 10 MB."
    status = 413


MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CsvShape:
    """How the file is written; `preamble` is what stands before the header."""

    preamble: str = ""
    line_end: str = "\n"
    ends_with_line_end: bool = True
    encoding: str = UTF8
    separator: str = ","


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """`columns` are the places of the columns by the names this program knows them by."""

    header: tuple[str, ...]
    lines: Sequence[CsvLine]
    shape: CsvShape = CsvShape()
    columns: dict[str, int] = field(default_factory=dict)

    def value(self, line: CsvLine, column: str) -> str:
        """The value of a cell; empty for a column that the file does not have."""
        place = self.columns.get(column)
        return value(line.cells[place]) if place is not None and place < len(line.cells) else ""

    def has(self, *names: str) -> bool:
        """Whether the file has one of these columns."""
        return any(name in self.columns for name in names)


def read(source: bytes, *, encoding: str = "") -> CsvSheet:
    """Raises `UnreadableFile` and `FileTooLarge`."""
    return _sheet(source, encoding, only_header=False)


def read_header(source: bytes, *, encoding: str = "") -> CsvSheet:
    """The file without its lines, which take no time then. Raises what `read` raises of what it has seen."""
    return _sheet(source, encoding, only_header=True)


def _sheet(source: bytes, encoding: str, *, only_header: bool) -> CsvSheet:
    if len(source) > MOST_BYTES:
        raise FileTooLarge
    encoding, text = csv_encodings.decoded(source, encoding)
    preamble = csv_encodings.preamble_of(text)
    line_end = csv_encodings.line_end_of(text, len(preamble))
    shape = CsvShape(
        preamble=preamble,
        line_end=line_end,
        ends_with_line_end=text.endswith(line_end[-1]),
        encoding=encoding,
        separator=csv_encodings.separator_of(text, preamble),
    )
    lines = CsvLines(text[len(preamble) :], shape.separator, line_end).find(only_header=only_header)
    return CsvSheet(header=lines.header, lines=lines, shape=shape, columns=columns(lines.header))


def columns(header: Sequence[str]) -> dict[str, int]:
    return {value(name).strip(): place for place, name in reversed(list(enumerate(header)))}


def write(header: Sequence[str], rows: Sequence[Sequence[str]], shape: CsvShape) -> bytes:
    text = shape.preamble + shape.line_end.join(shape.separator.join(row) for row in (header, *rows))
    return csv_encodings.encoded(text + shape.line_end if shape.ends_with_line_end else text, shape.encoding)


def value(cell: str) -> str:
    """The value of a cell as written. What follows the closing quote belongs to it, as in Python's csv."""
    if '"' not in cell:
        return cell
    plain = cell.lstrip(" ")
    if not plain.startswith('"'):
        return cell
    if plain.endswith('"') and '"' not in plain[1:-1]:
        return plain[1:-1]
    inner, _, rest = plain[1:].replace('""', "\x00").partition('"')
    return inner.replace("\x00", '"') + rest.replace("\x00", '""')


def cell(text: str, separator: str = ",") -> str:
    """The text as written in a cell."""
    quoted = any(sign in text for sign in (separator, '"', "\r", "\n")) or text.startswith(" ")
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if quoted else text
