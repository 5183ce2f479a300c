"""Imported files as they were written; and API keys."""

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


class ApiKey(Table):
    """An API key. Only the digest of its secret is stored; ``prefix`` is its beginning, to identify it."""

    id = UUID(primary_key=True, default=None)
    name = Varchar(length=80)
    prefix = Varchar(length=12)
    digest = Bytea(unique=True, default=None)
    scopes = Array(base_column=Varchar(length=30), default=list)
    made_at = Timestamptz(default=None)
    made_by = UUID(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)
    revoked_at = Timestamptz(null=True, default=None)


class StoredReport(Table):
    """The answer to a change made through the API, so that repeating the request changes nothing.

    ``asked`` is the digest of the request; ``name`` is its idempotency key.
    """

    id = UUID(primary_key=True, default=None)
    key = ForeignKey(references=ApiKey, null=False, on_delete=OnDelete.cascade)
    name = Varchar(length=200)
    asked = Bytea(default=None)
    answer = JSON(null=True, default=None)
    at = Timestamptz(default=None, index=True)

    once_per_name = Unique([key, name])


DDL: tuple[str, ...] = (
    "CREATE UNIQUE INDEX imported_row_position ON imported_row (file, position)",
    "CREATE VIEW insights_api_keys AS SELECT id, name FROM api_key",
)
