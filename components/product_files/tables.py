"""Imported files as they were written, and the answers to stock reports."""

from piccolo.columns import JSON, UUID, Array, Boolean, Bytea, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.columns.base import OnDelete
from piccolo.constraints import Unique
from piccolo.table import Table


class ImportedFile(Table):
    """One file's format: its columns in order and its line ends."""

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
    """One line of a file and its product here. ``cells`` are as written, including quotes."""

    id = UUID(primary_key=True, default=None)
    file = ForeignKey(references=ImportedFile, null=False, on_delete=OnDelete.cascade)
    position = Integer(default=0)
    key = Text()
    cells = JSON()
    product = UUID(null=True, default=None, index=True)
    variant = UUID(null=True, default=None, index=True)


class StoredReport(Table):
    """The answer to a change made through the API, so that repeating the request changes nothing.

    ``asked`` is the digest of the request; ``name`` is its idempotency key.
    """

    id = UUID(primary_key=True, default=None)
    key = UUID(default=None)
    name = Varchar(length=200)
    asked = Bytea(default=None)
    answer = JSON(null=True, default=None)
    at = Timestamptz(default=None, index=True)

    once_per_name = Unique([key, name])


DDL: tuple[str, ...] = ("CREATE UNIQUE INDEX imported_row_position ON imported_row (file, position)",)
