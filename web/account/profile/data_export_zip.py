"""A person's copy of their data as one ZIP: a page to read, a table for each kind of record, and all of it as JSON."""

import csv
import io
import json as plain_json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from components.foundation import clock
from components.foundation.personal_data.person_records import Records
from components.foundation.sheets import formula_escaping
from components.people.privacy.data_export import DataExport
from web import templating
from web.views import View

SHOWN = 100
"""Rows of a table on the page; the file has all of them."""
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """One kind of record on the page. `more`: rows that only the file has."""

    title: str
    file: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    count: int
    more: int


@dataclass(frozen=True, kw_only=True)
class DataCopy(View):
    template: ClassVar[str] = "account/profile/privacy/copy.html"
    email: str
    made_at: datetime
    tables: tuple[CopiedTable, ...]


def zipped(export: DataExport) -> bytes:
    """No cell runs anything in a spreadsheet. Takes long where there is much: in a thread."""
    found, made = export.records, io.BytesIO()
    view = DataCopy(email=export.email, made_at=clock.now(), tables=tuple(_shown(one) for one in found))
    page = templating.render(view.template, {"email": view.email, "made_at": view.made_at, "tables": view.tables})
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", page)
        archive.writestr("my-data.json", export.document())
        for one in found:
            archive.writestr(_file(one), _csv(one))
    return made.getvalue()


def _file(records: Records) -> str:
    return f"tables/{records.name}.csv"


def _heads(records: Records) -> tuple[str, ...]:
    return tuple(name.replace("_", " ").capitalize() for name in records.columns)


def _shown(records: Records) -> CopiedTable:
    """Without columns that say nothing in any row, or have ids alone."""
    rows = [tuple("" if isinstance(value, UUID) else _words(value) for value in row) for row in records.rows]
    told = [place for place in range(len(records.columns)) if any(row[place] for row in rows)]
    heads, count = _heads(records), len(rows)
    return CopiedTable(
        records.title,
        _file(records),
        tuple(heads[place] for place in told),
        tuple(tuple(row[place] for place in told) for row in rows[:SHOWN]),
        count,
        max(0, count - SHOWN),
    )


def _csv(records: Records) -> bytes:
    written = io.StringIO()
    rows = ([formula_escaping.escape_within(_words(value)) for value in row] for row in records.rows)
    csv.writer(written, lineterminator="\r\n").writerows([_heads(records), *rows])
    return BOM + written.getvalue().encode()


def _words(value: Any) -> str:
    if value is None or value in ("{}", "[]"):
        return ""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, (list, dict)):
        return plain_json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else ", ".join(map(_words, value))
    if isinstance(value, bytes):
        return value.hex()
    return str(value)
