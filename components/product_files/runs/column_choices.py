"""What staff said of the columns of a file is where the next one with the same columns begins."""

import hashlib
from collections.abc import Iterable, Mapping

from components.foundation import clock, database, ids, json
from components.foundation.sheets.column_names import SheetKind
from components.foundation.sheets.csv_encodings import UnreadableFile
from components.foundation.sheets.csv_sheets import CsvSheet
from components.product_files.runs import run_kinds
from components.product_files.tables import ColumnChoice


async def remember(source: str, names: Iterable[str], columns: Mapping[str, str]) -> None:
    """By the kind of the file and the set of its columns, in whatever order; nothing is said of others."""
    await database.execute(_REMEMBER, ids.new(), source, _key(names), json.dump(dict(columns)), clock.now())


async def remembered(of: SheetKind, header: CsvSheet) -> dict[str, str]:
    """Empty where nothing was said, or where a file of this kind would be one no more."""
    names = [use.name for use in of.uses(header)]
    one = ColumnChoice
    found = await one.select(one.columns).where(one.source == of.name, one.key == _key(names)).first()
    columns = json.load_as(dict[str, str], found["columns"]) if found else {}
    try:
        is_same = run_kinds.detect(header, run_kinds.kinds_with(of.name), columns) is of
    except UnreadableFile:
        is_same = False
    return columns if is_same else {}


_REMEMBER = """
INSERT INTO column_choice (id, source, key, columns, said_at) VALUES ($1, $2, $3, $4::json, $5)
ON CONFLICT (source, key) DO UPDATE SET columns = excluded.columns, said_at = excluded.said_at"""


def _key(names: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()
