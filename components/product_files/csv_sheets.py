"""Reads CSV files so that they can be written back byte for byte: every cell keeps its quotes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from components.foundation.refusals import Refusal

BOM = "\ufeff"


class UnreadableFile(Refusal):
    message = "This is not a UTF-8 CSV file with a header row."


class FileTooLarge(Refusal):
    message = "The file can be at most 10 MB."
    status = 413


MOST_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CsvLine:
    """A record: its line in the file (counting from 1), and its cells as written."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CsvSheet:
    """`line_end` and `ends_with_line_end` as in the file."""

    header: tuple[str, ...]
    lines: tuple[CsvLine, ...]
    preamble: str = ""
    line_end: str = "\n"
    ends_with_line_end: bool = True
    columns: dict[str, int] = field(default_factory=dict)

    def value(self, line: CsvLine, column: str) -> str:
        """The value of a cell; empty for a column that the file does not have."""
        place = self.columns.get(column)
        return value(line.cells[place]) if place is not None and place < len(line.cells) else ""


def read(source: bytes) -> CsvSheet:
    """Raises `UnreadableFile` and `FileTooLarge`."""
    preamble, text = _text(source)
    records = list(_records(text))
    if not records:
        raise UnreadableFile
    header = records[0].cells
    return CsvSheet(
        header=header,
        lines=tuple(line for line in records[1:] if any(line.cells)),
        preamble=preamble,
        line_end="\r\n" if "\r\n" in text.split("\n", 1)[0] + "\n" else "\n",
        ends_with_line_end=text.endswith("\n"),
        columns=columns(header),
    )


def read_header(source: bytes) -> CsvSheet:
    """The file without its lines, which take no time then. Raises what `read` raises of what it has seen."""
    _, text = _text(source)
    first = next(_records(text), None)
    if first is None:
        raise UnreadableFile
    return CsvSheet(header=first.cells, lines=(), columns=columns(first.cells))


def _text(source: bytes) -> tuple[str, str]:
    """The byte order mark, if there is one, and the text after it."""
    if len(source) > MOST_BYTES:
        raise FileTooLarge
    try:
        text = source.decode()
    except UnicodeDecodeError:
        raise UnreadableFile from None
    if "\x00" in text:
        raise UnreadableFile
    return (BOM, text[len(BOM) :]) if text.startswith(BOM) else ("", text)


def columns(header: Sequence[str]) -> dict[str, int]:
    return {value(name).strip(): place for place, name in enumerate(header)}


def write(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, preamble: str, line_end: str, ends_with_line_end: bool
) -> bytes:
    text = preamble + line_end.join(",".join(row) for row in (header, *rows))
    return (text + line_end if ends_with_line_end else text).encode()


def value(cell: str) -> str:
    """The value of a cell as written."""
    if len(cell) > 1 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell


def cell(text: str) -> str:
    """The text as written in a cell."""
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(sign in text for sign in ',"\r\n') else text


def _records(text: str) -> Iterator[CsvLine]:
    """Cells end at a comma, records at a line end, but not inside quotes."""
    cells: list[str] = []
    start, begins_at, line, quoted = 0, 1, 1, False
    for place, sign in enumerate(text):
        if sign == '"':
            quoted = not quoted
        elif sign == "\n":
            line += 1
        if quoted or sign not in ",\n":
            continue
        cells.append(text[start:place].removesuffix("\r") if sign == "\n" else text[start:place])
        start = place + 1
        if sign == "\n":
            yield CsvLine(begins_at, tuple(cells))
            cells, begins_at = [], line
    if quoted:
        raise UnreadableFile(f"The quotes opened in line {begins_at} are never closed.")
    if cells or start < len(text):
        yield CsvLine(begins_at, (*cells, text[start:]))
