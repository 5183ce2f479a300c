"""What came in from elsewhere, kept as it was written, so that it can be given back the same."""

from piccolo.columns import JSON, UUID, Array, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.table import Table


class ImportedFile(Table):
    """One file's shape: its columns in order and how its lines end."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=255, unique=True)
    source = Varchar(length=20)
    header = Array(base_column=Text(), default=list)
    preamble = Text()
    line_end = Varchar(length=2)
    ends_with_line_end = Boolean(default=True)
    brought_in_at = Timestamptz(default=None)
    by = UUID(null=True, default=None)


class ImportedRow(Table):
    """One line of a file and what it became here. ``cells`` are as written, quotes included."""

    id = UUID(primary_key=True, default=None)
    file = ForeignKey(references=ImportedFile, null=False, on_delete=OnDelete.cascade)
    position = Integer(default=0)
    key = Text()
    cells = JSON()
    product = UUID(null=True, default=None, index=True)
    variant = UUID(null=True, default=None, index=True)


DDL: tuple[str, ...] = ("CREATE UNIQUE INDEX imported_row_position ON imported_row (file, position)",)
