"""The records of a CSV text: found once, taken apart when they are asked for, so that a large file takes little memory.

A quote opens only at the beginning of a cell: `12" Platter` is a cell with an inch sign.
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import overload

from components.foundation.sheets.csv_encodings import UnreadableFile


@dataclass(frozen=True, slots=True)
class CsvLine:
    """A record: its line in the file (counting from 1), and its cells as written."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class _Signs:
    cell: "re.Pattern[bytes]"
    record: "re.Pattern[bytes]"


@lru_cache(maxsize=16)
def _signs(separator: str, line_end: str) -> _Signs:
    between, last = re.escape(separator).encode(), line_end[-1].encode()
    rest = b"[^" + between + last + b"]*+"
    cell = b'(?: *+"(?:[^"]++|"")*+"' + rest + b'| *+(?!")' + rest + b")"
    return _Signs(re.compile(cell), re.compile(cell + b"(?:" + between + cell + b")*+(?:" + last + rb"|\Z)"))


class CsvLines(Sequence[CsvLine]):
    """The records after the header, in UTF-8."""

    def __init__(self, text: str, separator: str, line_end: str) -> None:
        self._data = text.encode()
        self._signs = _signs(separator, line_end)
        self._separator, self._line_end = separator.encode(), line_end.encode()
        self._places, self._numbers = array("L"), array("L")
        self.header: tuple[str, ...] = ()

    def find(self, *, only_header: bool = False) -> "CsvLines":
        """Raises `UnreadableFile` where quotes never close."""
        data, place, number, size = self._data, 0, 1, len(self._data)
        while place < size:
            found = self._signs.record.match(data, place)
            if found is None:
                raise UnreadableFile(f"The quotes opened in line {number} are never closed.")
            self._places.append(place)
            self._numbers.append(number)
            number += data.count(self._line_end[-1:], place, found.end())
            place = found.end()
            if only_header:
                break
        if not self._places:
            raise UnreadableFile
        self._places.append(place)
        self.header = self._cells(0)
        return self

    def __len__(self) -> int:
        return len(self._numbers) - 1

    @overload
    def __getitem__(self, at: int) -> CsvLine: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[CsvLine]: ...
    def __getitem__(self, at: int | slice) -> CsvLine | Sequence[CsvLine]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError
        record = at % len(self) + 1
        return CsvLine(self._numbers[record], self._cells(record))

    def __iter__(self) -> Iterator[CsvLine]:
        return (self[at] for at in range(len(self)))

    def _cells(self, record: int) -> tuple[str, ...]:
        place, end = self._places[record], self._places[record + 1]
        if self._data.endswith(self._line_end[-1:], place, end):
            end -= 1
        if self._line_end == b"\r\n" and self._data.endswith(b"\r", place, end):
            end -= 1
        made = []
        while True:
            found = self._signs.cell.match(self._data, place, end)
            assert found is not None
            made.append(found[0].decode())
            if found.end() >= end:
                return tuple(made)
            place = found.end() + 1
