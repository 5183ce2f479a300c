"""What each column of a file that waits to be imported becomes, and what staff say of it instead."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from components.foundation import json
from components.foundation.sheets import csv_encodings, csv_sheets
from components.foundation.sheets.column_names import ColumnUse
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.product_files.runs import column_choices, import_runs, run_kinds
from components.product_files.runs.import_runs import NotWaiting
from components.product_files.tables import ProductImport

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True, slots=True)
class FileColumns:
    """`known` are the columns there could be, with what they become; `chosen_encoding` is "" when it was found out."""

    uses: list[ColumnUse]
    known: Mapping[str, str]
    encoding: str
    chosen_encoding: str
    separator: str
    is_said: bool
    """Whether staff said something of them, for this file or for one before with the same columns."""

    @property
    def ignored(self) -> list[str]:
        return [use.name for use in self.uses if not use.known]


@dataclass(frozen=True)
class _Kept:
    source: str
    content: bytes
    encoding: str
    columns: str


async def _kept(run_id: UUID) -> _Kept | None:
    one = ProductImport
    kept = one.select(one.source, one.content, one.encoding, one.columns)
    row = await kept.where(one.id == run_id, one.state == "checked").first()
    return _Kept(**row) if row else None


async def of_run(run_id: UUID) -> FileColumns | None:
    """None when the file does not wait any more."""
    kept = await _kept(run_id)
    return await asyncio.to_thread(_columns, kept) if kept else None


def _columns(kept: _Kept) -> FileColumns:
    of = run_kinds.by_name(kept.source)
    header = csv_sheets.read_header(kept.content, encoding=kept.encoding)
    sheet = of.named(header, json.load_as(dict[str, str], kept.columns))
    uses = of.uses(sheet)
    known = {**of.meanings, **{use.known: use.meaning for use in uses if use.known}}
    shape = sheet.shape
    name = csv_encodings.name_of(shape.encoding)
    separator = SEPARATORS.get(shape.separator, shape.separator)
    return FileColumns(uses, known, name, kept.encoding, separator, is_said=json.load(kept.columns) != {})


async def choose(run_id: UUID, *, encoding: str, by_place: Mapping[int, str]) -> None:
    """Have the file checked again, with these columns and letters.

    Raises `NotFound`, `NotWaiting`, and `UnreadableFile` when it makes no product file any more.
    """
    await import_runs.by_id(run_id)
    kept = await _kept(run_id)
    if kept is None:
        raise NotWaiting
    columns, names = await asyncio.to_thread(_chosen, kept, encoding, by_place)
    await import_runs.check_again(run_id, encoding=encoding, columns=json.dump(columns))
    await column_choices.remember(kept.source, names, columns)


def _chosen(kept: _Kept, encoding: str, by_place: Mapping[int, str]) -> tuple[dict[str, str], list[str]]:
    """The columns that staff see otherwise than this program does, and the names of all. Two cannot have the same
    meaning."""
    of = run_kinds.by_name(kept.source)
    header = csv_sheets.read_header(kept.content, encoding=encoding)
    plain = {use.name: use.known for use in of.uses(of.named(header))}
    names = [use.name for use in of.uses(header)]
    chosen = {name: by_place[place] for place, name in enumerate(names) if place in by_place}
    wanted = [known for known in chosen.values() if known]
    twice = next((known for known in wanted if wanted.count(known) > 1), None)
    if twice is not None:
        raise UnreadableFile(f"Two columns cannot both become {of.meaning(twice)} ({twice}).")
    found = run_kinds.detect(header, run_kinds.kinds_with(kept.source), chosen)
    if found is not of:
        raise UnreadableFile("With these columns it would be a file of another kind.")
    return {name: known for name, known in chosen.items() if known != plain.get(name, "")}, names
